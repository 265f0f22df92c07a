"""Walking every history again: whether its steps are those the workflow knows, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import select

from portal.core.db import db
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

_AT_ONCE = 5_000
Taken = tuple[str, str | None, str]
"""A step as its event tells it: action, from, to."""


def history_faults() -> Iterator[str]:
    """Every report whose events are no way through the workflow, or do not end where it stands."""
    low = 0
    query = select(Report.id, Report.number, Report.state).order_by(Report.id).limit(_AT_ONCE)
    while rows := db.session.execute(query.where(Report.id > low)).all():
        histories = dict(_histories(low + 1, rows[-1].id))
        low = rows[-1].id
        for report_id, number, state in rows:
            fault = fault_in(histories.get(report_id, []), State(state))
            if fault:
                yield f"{number}: {fault}"


def fault_in(steps: list[Taken], state: State) -> str:
    """What is wrong with a history that should end in `state`; empty when nothing is."""
    at: str | None = None
    for action, start, end in steps:
        step = WORKFLOW.get(Action(action))
        if start != at:
            return f"{action} starts from {start}, the step before it ended in {at}"
        if step is not None and start is not None and State(start) not in step.sources:
            return f"{action} is no step from {start}"
        if step is not None and step.target not in {None, State(end)}:
            return f"{action} leads to {step.target}, not to {end}"
        at = end
    return "" if at == state else f"its history ends in {at}, and it stands in {state}"


def _histories(low: int, high: int) -> Iterator[tuple[int, list[Taken]]]:
    """The steps of the reports between two ids, in their order."""
    told = TimelineEvent.data
    columns = (TimelineEvent.subject_id, TimelineEvent.kind, told)
    query = (
        select(*columns)
        .where(
            TimelineEvent.subject_kind == SUBJECT,
            TimelineEvent.subject_id.between(low, high),
            TimelineEvent.kind.in_(list(Action)),
        )
        .order_by(TimelineEvent.subject_id, TimelineEvent.id)
    )
    rows = db.session.execute(query)
    for report_id, group in groupby(rows, key=lambda row: row.subject_id):
        steps = [(row.kind, row.data.get("from"), row.data["to"]) for row in group]
        yield report_id, steps
