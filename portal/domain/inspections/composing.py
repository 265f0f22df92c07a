"""The list of a week: what is overdue, what was told of again, and lots among the rest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select

from portal.core.db import db
from portal.core.drawing import chosen_of
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.models import Deadline
from portal.domain.inspections.models import Inspection, InspectionLine, ListReason, Result
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.triage.models import RepeatComplaint

# Dispatched and not struck off yet: what was struck off is looked back at.
LISTABLE = (
    *(State.DISPATCHED, State.HANDLING, State.HEAD_REVIEW, State.SUBMITTED_REVIEW),
    *(State.STAGE_CLOSED, State.RESOLVED, State.PUBLISHED, State.WITHHELD),
)
_PRESSING = (Clock.RESOLVE, Clock.MILESTONE, Clock.FEEDBACK)


def compose(inspection: Inspection, at: datetime) -> None:
    """Make the list as things stood at `at`; what was added or taken off by hand stays so.

    The seed stays as well: making the list again is no second chance in the lottery.
    """
    for line in [line for line in inspection.lines if _is_automatic(line)]:
        inspection.lines.remove(line)
        db.session.delete(line)
    db.session.flush()
    overdue = _overdue(at, inspection.most_overdue)
    repeated = _repeated(at)
    inspection.numbers = _candidates(at, {*overdue, *repeated})
    drawn = chosen_of(inspection.numbers, inspection.draw_size, inspection.seed)
    inspection.listed_at = at
    known = {line.report_id for line in inspection.lines}
    for report in _reports({*overdue, *repeated}, drawn):
        if report.id not in known:
            reasons = _reasons(report, overdue, repeated, drawn)
            inspection.lines.append(
                InspectionLine(
                    report_id=report.id,
                    report=report,
                    round=report.reopened_count,
                    reasons=reasons,
                    overdue_since=overdue.get(report.id),
                )
            )
    db.session.flush()


def candidate_count(at: datetime) -> int:
    """How many cases could be listed at `at`."""
    rows = select(Report.id).where(*_fit(at))
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def is_listable(report: Report) -> bool:
    """Whether a case can be on a list: dispatched, and not struck off."""
    return State(report.state) in LISTABLE


def _is_automatic(line: InspectionLine) -> bool:
    return line.added_by_id is None and line.removed_at is None


def _reasons(
    report: Report, overdue: Collection[int], repeated: Collection[int], drawn: Collection[str]
) -> list[str]:
    held = (
        (ListReason.OVERDUE, report.id in overdue),
        (ListReason.REPEATED, report.id in repeated),
        (ListReason.DRAWN, report.number in drawn),
    )
    return [reason.value for reason, holds in held if holds]


def _overdue(at: datetime, most: int | None) -> dict[int, datetime]:
    """The cases whose time to be put right has run out, the latest first, with that moment."""
    since = func.min(Deadline.due_at)
    query = (
        select(Report.id, since)
        .join(Deadline, Deadline.report_id == Report.id)
        .where(
            *_stood(at),
            Deadline.clock.in_(_PRESSING),
            Deadline.stopped_at.is_(None),
            Deadline.paused_at.is_(None),
            Deadline.due_at < at,
        )
        .group_by(Report.id)
        .order_by(since, Report.id)
    )
    rows = db.session.execute(query.limit(most))
    return {row[0]: row[1] for row in rows}


def _repeated(at: datetime) -> frozenset[int]:
    query = select(Report.id).join(RepeatComplaint, RepeatComplaint.report_id == Report.id)
    return frozenset(db.session.scalars(query.where(*_fit(at))))


def _candidates(at: datetime, taken: Collection[int]) -> list[str]:
    rows = db.session.execute(select(Report.id, Report.number).where(*_fit(at)))
    return sorted(number for report_id, number in rows if report_id not in taken)


def _fit(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Listable since `at` or before, and not seen to be put right since it was last opened."""
    fine = and_(
        InspectionLine.report_id == Report.id,
        InspectionLine.round == Report.reopened_count,
        InspectionLine.result == Result.PUT_RIGHT,
    )
    return *_stood(at), ~exists().where(fine)


def _stood(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Report.state.in_(LISTABLE), Report.state_since <= at


def _reports(ids: Collection[int], numbers: Collection[str]) -> list[Report]:
    wanted = Report.id.in_(ids) | Report.number.in_(numbers)
    return list(db.session.scalars(select(Report).where(wanted).order_by(Report.number)))
