"""Progress on the milestones of a plan: dated check-ins, and the clock of the next open one (节点).

The lead's clerk or head reports; MILESTONE runs to the first milestone that is not done, so that a
late one stays late however near the next is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.core.errors import NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Milestone, Plan, ProgressNote
from portal.domain.casework.queries import current_plan
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.services import start_clock, stop_clock
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import attach_photo
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event


@dataclass(frozen=True)
class Progress:
    """How far a milestone is: words inside, words for the reporter, whether done, photos."""

    note: str
    told: str = ""
    is_done: bool = False
    photos: Sequence[Photo] = ()


def check_in(
    report: Report, milestone_id: int, progress: Progress, *, by: Actor, at: datetime
) -> ProgressNote:
    """Put progress on record; a milestone that is done lets the clock go on to the next one.

    Raises NotAllowedError (not of the lead), NotFoundError (no such milestone in the plan) and
    GuardError (the case does not rest on its plan, or the milestone is done already).
    """
    _may_report(report, by)
    lock_reports(report)
    plan = current_plan(report)
    if State(report.state) is not State.STAGE_CLOSED or plan is None:
        raise GuardError(N_("这一件现在没有在按方案整改。"))
    step, milestone = _found(plan, milestone_id)
    for photo in progress.photos:
        attach_photo(photo, report)
    row = ProgressNote(
        report_id=report.id,
        milestone_id=milestone.id,
        at=at,
        by_user_id=by.staff_id,
        department_id=by.department_id,
        note=progress.note,
        told=progress.told,
        is_done=progress.is_done,
        photo_count=len(progress.photos),
    )
    db.session.add(row)
    if progress.is_done:
        milestone.done_at = at
        _next_clock(report, plan, at)
    _record(report, {"step": step, "of": len(plan.milestones), "done": row.is_done}, by, at)
    return row


def _may_report(report: Report, by: Actor) -> None:
    if not by.may(Permission.RECORD_PROGRESS):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if by.department_id is None or by.department_id != report.lead_department_id:
        raise NotAllowedError(N_("只有主办单位的人能做这一步。"))


def _found(plan: Plan, milestone_id: int) -> tuple[int, Milestone]:
    """The milestone and its place in the plan, from 1."""
    for step, milestone in enumerate(plan.milestones, start=1):
        if milestone.id == milestone_id:
            if milestone.done_at is not None:
                raise GuardError(N_("这个节点已经做完了。"))
            return step, milestone
    raise NotFoundError


def _next_clock(report: Report, plan: Plan, at: datetime) -> None:
    """Stop MILESTONE and, while something is open, start it towards the next date."""
    stop_clock(report.id, Clock.MILESTONE, at)
    open_dates = [m.due_on for m in plan.milestones if m.done_at is None]
    if open_dates:
        due_at = work_calendar().end_of_day(min(open_dates))
        start_clock(report.id, Clock.MILESTONE, at, due_at=due_at)
    refresh_copies(report)


def _record(report: Report, data: dict[str, object], by: Actor, at: datetime) -> None:
    record_event(
        Happening(
            SUBJECT,
            report.id,
            "checked_in",
            at,
            by.kind,
            by.user_id,
            by.department_id,
            is_public=True,
            data=data,
        )
    )
