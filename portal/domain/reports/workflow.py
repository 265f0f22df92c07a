"""The workflow: one table that is the specification, one function that applies it.

Source: domain.md section 3. The desk's buttons, the documentation's diagram and the exhaustive
test all read WORKFLOW; nothing else in the portal assigns a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select

from portal.core.db import db
from portal.core.errors import ConflictError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.reports import clockwork
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.table import WORKFLOW, Step
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import event_count
from portal.domain.timeline.services import Happening, record_event

SUBJECT = "report"


class StaleFormError(ConflictError):
    """The form was opened before somebody else changed the report."""

    code = "stale"


class WrongStateError(ConflictError):
    """The step does not start from the state the report is in."""

    code = "wrong_state"


class MissingProofError(RuntimeError):
    """A service forgot to prove a guard: a fault of the portal, not of the caller."""


@dataclass(frozen=True)
class Move:
    """One attempt at a step: who, when, on which version, what was proved and what to remember.

    `expected` is the version the form was opened with; None only where no form exists (system
    steps, a reporter's own). `data` goes into the event: never personal data. `dues` overrides
    the due time of clocks the step starts. `target` settles where a step with an open target goes.
    """

    by: Actor
    at: datetime
    expected: int | None = None
    proved: frozenset[Guard] = frozenset()
    data: Mapping[str, Any] = field(default_factory=dict)
    dues: Mapping[str, datetime] = field(default_factory=dict)
    lead_department_id: int | None = None


def allowed_actions(report: Report, actor: Actor) -> list[Action]:
    """The steps whose source and role fit, in table order; guards may still refuse them."""
    state = State(report.state)
    return [a for a, step in WORKFLOW.items() if state in step.sources and step.admits(actor)]


def advance(report: Report, action: Action, move: Move) -> TimelineEvent:
    """Apply `action`: check role, source, version and proofs, then write state, clocks and event.

    Returns the event. Raises NotAllowedError (role), WrongStateError, StaleFormError. Must run
    inside a transaction; scope and separation facts are proved by the rooms that own them.
    """
    step = WORKFLOW[action]
    _check(report, action, step, move)
    came_from = State(report.state) if report.state else None
    target = _target(report, step)
    _remember_origin(report, action)
    report.state = target
    report.version = (report.version or 0) + 1
    report.state_since = move.at
    if move.lead_department_id is not None:
        report.lead_department_id = move.lead_department_id
    db.session.flush()
    nth = event_count(SUBJECT, report.id, action) if step.starts_nth else 0
    clockwork.apply(report, step, nth, move)
    return record_event(
        Happening(
            subject_kind=SUBJECT,
            subject_id=report.id,
            kind=action,
            at=move.at,
            actor_kind=move.by.kind,
            actor_id=move.by.user_id,
            department_id=move.by.department_id,
            is_public=step.is_public,
            data={**move.data, "from": came_from, "to": target},
        )
    )


def _check(report: Report, action: Action, step: Step, move: Move) -> None:
    is_filed = inspect(report).persistent
    if is_filed:
        lock_reports(report)
    if not step.admits(move.by):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if not is_filed:
        if step.sources:
            raise WrongStateError(N_("这一件还没有登记。"))
    elif move.expected is not None and move.expected != report.version:
        raise StaleFormError(N_("您打开后，有人改过这一件。"))
    elif not step.sources or State(report.state) not in step.sources:
        raise WrongStateError(N_("这一件现在的状态不能做这一步。"))
    missing = step.guards_for(move.by) - move.proved
    if missing:
        raise MissingProofError(f"{action}: not proved: {', '.join(sorted(missing))}")


def lock_reports(*reports: Report) -> None:
    """Read the rows afresh under their locks; joined rows cannot be locked on PostgreSQL.

    In order of their keys, so that two callers cannot wait for each other, and without barring
    rows that merely refer to a report: those are written before the step locks it.
    """
    db.session.flush()
    keys = sorted({report.id for report in reports})
    query = select(Report.id).where(Report.id.in_(keys)).order_by(Report.id)
    db.session.execute(query.with_for_update(key_share=True))
    for report in reports:
        db.session.refresh(report)


def _target(report: Report, step: Step) -> State:
    if step.target is not None:
        return step.target
    if report.return_state is None:
        raise WrongStateError(N_("不知道这一件从哪里来。"))
    return State(report.return_state)


def _remember_origin(report: Report, action: Action) -> None:
    """Keep where `ask` and `merge` came from, for `answer` and `unmerge`."""
    if action is Action.ASK:
        report.return_state = report.state
    elif action is Action.MERGE:
        report.return_state = _where_unmerged(report)


def _where_unmerged(report: Report) -> State:
    """Where a report stands once it is on its own again.

    One that waits for a ruling still does: as an accepted one it could be dispatched without it.
    """
    if report.state == State.SUBMITTED:
        return State.SUBMITTED
    awaits_ruling = event_count(SUBJECT, report.id, Action.RETURN) > 1
    if report.state == State.RETURNED and awaits_ruling:
        return State.RETURNED
    return State.ACCEPTED
