"""What belongs to a department and its people in the lists of the desk, as conditions.

A department answers for what it leads and for its own part in what it assists: a case that it only
assists is due when its part is. Whoever works for no department sees the case alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Assignment, AssignmentKind
from portal.domain.casework.parts import IN_HAND
from portal.domain.deadlines.clocks import OF_PARTS
from portal.domain.deadlines.models import Deadline
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

NOBODY = "none"  # a handler that no user is: nobody was named yet
_WEEK = timedelta(days=7)


class Due(StrEnum):
    """When something is due: these do not overlap."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {
            Due.LATE: N_("已逾期"),
            Due.TODAY: N_("今天到期"),
            Due.WEEK: N_("7天内到期"),
        }[self]


class Came(StrEnum):
    """By which step a report came to where it stands, and waits there since."""

    ANSWERED = "answered"
    SENT_BACK = "sent-back"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {Came.ANSWERED: N_("举报人补充了"), Came.SENT_BACK: N_("退回来改的")}[self]


_STEPS = {
    Came.ANSWERED: (Action.ANSWER,),
    Came.SENT_BACK: (Action.SEND_BACK, Action.REWORK),
}


def came_by(came: Came) -> ColumnElement[bool]:
    """Brought by one of these steps to the state it is in now."""
    return exists().where(
        TimelineEvent.subject_kind == SUBJECT,
        TimelineEvent.subject_id == Report.id,
        TimelineEvent.kind.in_(_STEPS[came]),
        TimelineEvent.at == Report.state_since,
    )


def assisted_by(actor: Actor) -> ColumnElement[bool]:
    """The actor's department has an assisting part in it."""
    return _own_part(actor) if _office(actor) is not None else true()


def to_sign(actor: Actor) -> ColumnElement[bool]:
    """Dispatched to the actor's department as lead, or its assisting part still unsigned."""
    if _office(actor) is None:
        return Report.state == State.DISPATCHED
    part = and_(Report.state.in_(IN_HAND), _own_part(actor, Assignment.signed_at.is_(None)))
    return or_(and_(Report.state == State.DISPATCHED, _leads(actor)), part)


def in_hand(actor: Actor) -> ColumnElement[bool]:
    """Handled by the actor's department as lead, or its part signed and not reported yet."""
    if _office(actor) is None:
        return Report.state == State.HANDLING
    signed, silent = Assignment.signed_at.is_not(None), Assignment.reported_at.is_(None)
    part = and_(Report.state.in_(IN_HAND), _own_part(actor, signed, silent))
    return or_(and_(Report.state == State.HANDLING, _leads(actor)), part)


def to_sign_off(actor: Actor) -> ColumnElement[bool]:
    """Waiting for the head of the lead."""
    waits = Report.state == State.HEAD_REVIEW
    return waits if _office(actor) is None else and_(waits, _leads(actor))


def overdue(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """What is late, for a department by its own fault: the case it leads, its part elsewhere."""
    return due_in(actor, Due.LATE, at)


def due_in(actor: Actor, due: Due, at: datetime) -> ColumnElement[bool]:
    """What presses first ends in this span: of the case, or of the department's own part."""
    # The copy on the report is empty once no clock presses.
    of_case = and_(*_span(Report.due_at, due, at))
    if _office(actor) is None:
        return of_case
    of_part = select(Deadline.report_id).where(
        Deadline.department_id == actor.department_id,
        Deadline.clock.in_(OF_PARTS),
        Deadline.stopped_at.is_(None),
        *_span(Deadline.due_at, due, at),
    )
    return or_(and_(_leads(actor), of_case), Report.id.in_(of_part))


def mine(actor: Actor) -> ColumnElement[bool]:
    """What the actor handles for the department, and what the actor acted on."""
    acted = exists().where(
        TimelineEvent.subject_kind == SUBJECT,
        TimelineEvent.subject_id == Report.id,
        TimelineEvent.actor_id == actor.user_id,
    )
    if _office(actor) is None:
        return acted
    return or_(acted, _own_assignment(actor, Assignment.handler_id == actor.user_id))


def handled_by(actor: Actor, handler: str) -> ColumnElement[bool]:
    """Handled in the actor's department by the user with this id, or by NOBODY yet."""
    if _office(actor) is None:
        return true()
    if handler == NOBODY:
        return _own_assignment(actor, Assignment.handler_id.is_(None))
    whom = int(handler) if handler.isdecimal() and len(handler) < 18 else 0
    return _own_assignment(actor, Assignment.handler_id == whom)


def own_assignments(actor: Actor, report_ids: Sequence[int]) -> dict[int, Assignment]:
    """The open assignment of the actor's department in each report; at most one statement."""
    if _office(actor) is None or not report_ids:
        return {}
    query = select(Assignment).where(
        Assignment.report_id.in_(report_ids),
        Assignment.department_id == actor.department_id,
        Assignment.closed_at.is_(None),
    )
    return {row.report_id: row for row in db.session.scalars(query)}


def part_terms(department_id: int, report_ids: Sequence[int]) -> dict[int, Deadline]:
    """The nearest running clock of a department's part in each report; at most one statement."""
    if not report_ids:
        return {}
    query = select(Deadline).where(
        Deadline.report_id.in_(report_ids),
        Deadline.department_id == department_id,
        Deadline.clock.in_(OF_PARTS),
        Deadline.stopped_at.is_(None),
    )
    rows = db.session.scalars(query.order_by(Deadline.due_at.desc(), Deadline.id.desc()))
    return {row.report_id: row for row in rows}


def _span(moment: InstrumentedAttribute[Any], due: Due, at: datetime) -> list[ColumnElement[bool]]:
    """The conditions on a moment; a day ends at 24:00, which belongs to it."""
    calendar = work_calendar()
    tonight = calendar.end_of_day(calendar.local_date(at))
    if due is Due.LATE:
        return [moment < at]
    if due is Due.TODAY:
        return [moment >= at, moment <= tonight]
    return [moment > tonight, moment <= calendar.end_of_day(calendar.local_date(at) + _WEEK)]


def _office(actor: Actor) -> int | None:
    """The department whose cases the actor works on; a grid officer's is only where they sit."""
    return actor.department_id if actor.may(Permission.SEE_DEPARTMENT) else None


def _leads(actor: Actor) -> ColumnElement[bool]:
    return Report.lead_department_id == actor.department_id


def _own_assignment(actor: Actor, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Assignment.report_id == Report.id,
        Assignment.department_id == actor.department_id,
        Assignment.closed_at.is_(None),
        *conditions,
    )


def _own_part(actor: Actor, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return _own_assignment(actor, Assignment.kind == AssignmentKind.ASSIST, *conditions)
