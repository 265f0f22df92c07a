"""What an assisting department does 协办: it signs its part, reports it, and has clocks of its own.

Signing and reporting move nothing but the part: the case stays with its lead. A part is never due
later than the case itself (RESOLVE), and nothing is owed any more once the case is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.core.errors import NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import Assignment, AssignmentKind, PartMeasure, PartReport
from portal.domain.casework.queries import assignments_of
from portal.domain.deadlines.clocks import OF_PARTS, Clock, DeadlineClass
from portal.domain.deadlines.queries import open_deadline, term_for
from portal.domain.deadlines.services import close_clock, start_clock, stop_clock
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import attach_photo
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event

# While the case is in somebody's hands: before, nobody leads it, afterwards its outcome stands.
IN_HAND = frozenset({State.DISPATCHED, State.HANDLING, State.HEAD_REVIEW, State.SUBMITTED_REVIEW})


@dataclass(frozen=True)
class PartFound:
    """What an assist reports: what it found, what it did, its measures, photos already received."""

    found: str
    done: str
    measures: Sequence[MeasureTaken] = ()
    photos: Sequence[Photo] = ()


def parts_of(report: Report) -> list[Assignment]:
    """The open parts of assisting departments, in the order they were handed out."""
    return [a for a in assignments_of(report) if a.kind == AssignmentKind.ASSIST]


def unreported_parts(assignments: Sequence[Assignment]) -> list[Assignment]:
    """The assisting parts among `assignments` that nobody has reported yet."""
    return [a for a in assignments if a.kind == AssignmentKind.ASSIST and a.reported_at is None]


def begin_parts(report: Report, at: datetime) -> None:
    """Start the clocks of every part that is not reported yet; RESOLVE must run already."""
    for part in unreported_parts(parts_of(report)):
        if part.signed_at is None:
            _start(report, Clock.PART_SIGN, part, at)
        _start(report, Clock.PART, part, at)


def end_parts(report: Report, at: datetime) -> None:
    """Close the clocks of parts: nothing is owed for them once a case is closed or sent anew."""
    for clock in sorted(OF_PARTS):
        close_clock(report.id, clock, at)


def sign_part(report: Report, *, by: Actor, at: datetime) -> None:
    """An assisting department signs its own part; whoever signs handles it.

    Raises GuardError when the actor's department does not assist.
    """
    lock_reports(report)
    part = _own_part(report, by)
    if part is None or part.signed_at is not None:
        raise GuardError(N_("您的单位不是协办单位，或者已经签收。"))
    sign(part, by, at)
    stop_clock(report.id, Clock.PART_SIGN, at, department_id=part.department_id)
    _record(report, "part_signed", by, at)


def report_part(report: Report, told: PartFound, *, by: Actor, at: datetime) -> PartReport:
    """An assisting department reports its part; a further report adds to the first.

    Raises NotAllowedError (role) and GuardError (not an assist, not signed, case not in hand).
    """
    if not by.may(Permission.REPORT_PART):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    lock_reports(report)
    part = _own_part(report, by)
    if part is None:
        raise GuardError(N_("您的单位不协办这一件。"))
    if part.signed_at is None:
        raise GuardError(N_("请先签收协办，再报告。"))
    if State(report.state) not in IN_HAND:
        raise GuardError(N_("这一件现在没有在办，不用再报告。"))
    for photo in told.photos:
        attach_photo(photo, report)
    row = PartReport(
        assignment_id=part.id,
        report_id=report.id,
        at=at,
        by_user_id=by.staff_id,
        department_id=by.department_id,
        note=told.found,
        done=told.done,
        photo_count=len(told.photos),
        measures=[PartMeasure(**taken.columns) for taken in told.measures],
    )
    db.session.add(row)
    if part.reported_at is None:
        part.reported_at = at
        stop_clock(report.id, Clock.PART, at, department_id=part.department_id)
    _record(report, "part_reported", by, at)
    return row


def sign(part: Assignment, by: Actor, at: datetime) -> None:
    """Note who signed for a department, lead or assist, and let them handle it."""
    part.signed_at, part.signed_by_id = at, by.user_id
    if part.handler_id is None:
        part.handler_id = by.user_id


def _own_part(report: Report, by: Actor) -> Assignment | None:
    return next((p for p in parts_of(report) if p.department_id == by.department_id), None)


def _start(report: Report, clock: Clock, part: Assignment, at: datetime) -> None:
    """Start a clock of a part by its rule, or towards the end of RESOLVE if that comes sooner."""
    kind = DeadlineClass(report.deadline_class) if report.deadline_class else None
    resolve = open_deadline(report.id, Clock.RESOLVE)
    due_at = term_for(clock, kind, at).due_at
    cap = resolve.due_at if resolve is not None and resolve.due_at < due_at else None
    start_clock(
        report.id, clock, at, deadline_class=kind, department_id=part.department_id, due_at=cap
    )


def _record(report: Report, kind: str, by: Actor, at: datetime) -> None:
    record_event(Happening(SUBJECT, report.id, kind, at, by.kind, by.user_id, by.department_id))
