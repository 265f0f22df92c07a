"""Lengthening a term: one request in hand or granted for each, at most 30 calendar days.

Source: 环保举报热线工作管理办法 and 信访工作条例 34 (60 days to resolve, up to 30 more, approved by
who answers for the unit, and told to the petitioner). The rooms above check who asks and decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db
from portal.core.errors import ConflictError, InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.crossings import move_term
from portal.domain.deadlines.models import Deadline, Extension, ExtensionReason, ExtensionState
from portal.domain.deadlines.terms import Term, extended, term_of, term_until

MOST_DAYS = 30


class ExtensionError(ConflictError):
    """The term cannot be lengthened, or the request was decided already; `detail` says why."""

    code = "extension"


@dataclass(frozen=True)
class Asking:
    """A request: how many calendar days, why, in the clerk's own words, by whom and when."""

    days: int
    reason: ExtensionReason
    note: str
    by_id: int
    department_id: int | None
    at: datetime


def request_extension(deadline: Deadline, asking: Asking) -> Extension:
    """Put a request on record. Raises InvalidFieldsError (days), ExtensionError (late, twice)."""
    if not 1 <= asking.days <= MOST_DAYS:
        raise InvalidFieldsError.one("days", "range", N_("延期要在1到30天之间（法定最多30天）。"))
    if not deadline.is_open:
        raise ExtensionError(N_("办理时限没有在走，不用延期。"))
    if asking.at >= deadline.due_at:
        raise ExtensionError(N_("已经过了办理时限，延期要在到期前提出。"))
    standing = standing_extension(deadline.id)
    if standing is not None:
        is_granted = standing.state is ExtensionState.GRANTED
        raise ExtensionError(
            N_("已经延过一次期，不能再延。") if is_granted else N_("已经有一个延期申请在等批准。")
        )
    row = Extension(
        report_id=deadline.report_id,
        deadline_id=deadline.id,
        days=asking.days,
        reason=asking.reason,
        note=asking.note,
        due_before=deadline.due_at,
        asked_at=asking.at,
        asked_by_id=asking.by_id,
        department_id=asking.department_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def grant_extension(extension: Extension, *, by_id: int, at: datetime) -> Deadline:
    """Lengthen the term the request is about; its old end stays on the request."""
    deadline = _waiting(extension)
    extension.due_before = deadline.due_at
    deadline.extended_days += extension.days
    move_term(deadline, _lengthened(deadline, extension.days), at)
    extension.state, extension.due_after = ExtensionState.GRANTED, deadline.due_at
    extension.decided_at, extension.decided_by_id = at, by_id
    db.session.flush()
    return deadline


def refuse_extension(extension: Extension, note: str, *, by_id: int, at: datetime) -> None:
    """Leave the term as it is; a new request may follow while the term runs."""
    _waiting(extension)
    extension.state, extension.decision_note = ExtensionState.REFUSED, note
    extension.decided_at, extension.decided_by_id = at, by_id
    db.session.flush()


def standing_extension(deadline_id: int) -> Extension | None:
    """The request of a term that is in hand or granted."""
    return db.session.scalar(
        select(Extension).where(
            Extension.deadline_id == deadline_id, Extension.state != ExtensionState.REFUSED
        )
    )


def extensions_of(report_id: int) -> list[Extension]:
    """Every request of a report, oldest first."""
    query = select(Extension).where(Extension.report_id == report_id).order_by(Extension.id)
    return list(db.session.scalars(query))


def awaits_extension(
    report_id: ColumnElement[int] | InstrumentedAttribute[int],
) -> ColumnElement[bool]:
    """The condition under which a report has a request to decide: its term still runs."""
    return exists().where(
        Extension.report_id == report_id,
        Extension.state == ExtensionState.ASKED,
        Extension.deadline_id == Deadline.id,
        Deadline.stopped_at.is_(None),
    )


def _waiting(row: Extension) -> Deadline:
    """The running term of an undecided request. Raises ExtensionError."""
    if row.state is not ExtensionState.ASKED:
        raise ExtensionError(N_("这个延期申请已经有人处理了。"))
    deadline = db.session.get_one(Deadline, row.deadline_id)
    if not deadline.is_open:
        raise ExtensionError(N_("办理时限没有在走，不用延期。"))
    return deadline


def _lengthened(deadline: Deadline, days: int) -> Term:
    """The moments of a term `days` longer than it stands."""
    calendar, run = work_calendar(), deadline.run
    if run is not None:
        return term_of(run, calendar)
    due_at = extended(deadline.due_at, days, calendar)
    return term_until(deadline.started_at, due_at, calendar)
