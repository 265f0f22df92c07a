"""What people do: urge, order, answer, lift, and put a talk on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.queries import lead_assignment
from portal.domain.departments.models import Department
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import lock_reports
from portal.domain.supervision.happenings import (
    tell_answered,
    tell_lifted,
    tell_talked,
    tell_urged,
)
from portal.domain.supervision.issuing import Issue, issue, tell_public
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import SupervisionOrder, Talk, Urge


class OrderError(ConflictError):
    """The order cannot be issued, answered or lifted as things stand; `detail` says why."""

    code = "order"


@dataclass(frozen=True)
class NewOrder:
    """An order by hand: the answer is due at the end of `due_on`; a public one names a leader."""

    level: OrderLevel
    demand: str
    due_on: date
    title: str = ""
    leader_name: str = ""
    leader_post: str = ""


@dataclass(frozen=True)
class NewTalk:
    """A talk that was held: with whom of the lead, on which day, what was said."""

    person_post: str
    held_on: date
    record: str


def issue_order(report: Report, new: NewOrder, *, by: Actor, at: datetime) -> SupervisionOrder:
    """Issue an order to the lead of a case.

    Raises NotAllowedError, OrderError (nobody leads the case), InvalidFieldsError.
    """
    lead = _lead(report, by)
    if new.due_on < local(at).date():
        raise InvalidFieldsError.one("due_on", "past", N_("答复时限不能早于今天。"))
    if new.level is OrderLevel.PUBLIC:
        for name in ("title", "leader_name", "leader_post"):
            if not getattr(new, name).strip():
                raise InvalidFieldsError.one(
                    name, "required", N_("挂牌督办要写明公开的标题、包案领导的姓名和职务。")
                )
    is_public = new.level is OrderLevel.PUBLIC
    wanted = Issue(
        level=new.level,
        department_id=lead.id,
        demand=_worded("demand", new.demand),
        due_at=work_calendar().end_of_day(new.due_on),
        title=new.title.strip(),
        leader_name=new.leader_name.strip() if is_public else "",
        leader_post=new.leader_post.strip() if is_public else "",
    )
    return issue(report, wanted, by=by, at=at)


def urge_lead(report: Report, words: str, *, by: Actor, at: datetime) -> Urge:
    """Remind the lead of a case in words. Raises as `issue_order`."""
    lead = _lead(report, by)
    urge = Urge(
        report_id=report.id,
        department_id=lead.id,
        words=_worded("words", words),
        at=at,
        by_id=by.staff_id,
    )
    db.session.add(urge)
    db.session.flush()
    tell_urged(report, urge, by=by)
    return urge


def answer_order(order: SupervisionOrder, answer: str, *, by: Actor, at: datetime) -> None:
    """The unit answers, once. Raises NotAllowedError, OrderError, InvalidFieldsError."""
    _demand(by, Permission.ANSWER_ORDER)
    _lock(order)
    if by.department_id is None or by.department_id != order.department_id:
        raise NotAllowedError(N_("只有被督办的单位能答复。"))
    if order.lifted_at is not None:
        raise OrderError(N_("这份督办已经解除，不用再答复。"))
    if order.answered_at is not None:
        raise OrderError(N_("这份督办已经答复过了。"))
    order.answer = _worded("answer", answer)
    order.answered_at, order.answered_by_id = at, by.staff_id
    db.session.flush()
    tell_public(order)
    tell_answered(order, by=by, at=at)


def lift_order(order: SupervisionOrder, reason: str, *, by: Actor, at: datetime) -> None:
    """End an order with a reason, answered or not. Raises as `answer_order`."""
    _demand(by, Permission.ISSUE_ORDER)
    _lock(order)
    if order.lifted_at is not None:
        raise OrderError(N_("这份督办已经解除了。"))
    order.lift_reason = _worded("reason", reason)
    order.lifted_at, order.lifted_by_id = at, by.staff_id
    db.session.flush()
    tell_public(order)
    tell_lifted(order, by=by, at=at)


def record_talk(report: Report, new: NewTalk, *, by: Actor, at: datetime) -> Talk:
    """Put a talk with the lead on record. Raises as `issue_order`."""
    lead = _lead(report, by)
    if new.held_on > local(at).date():
        raise InvalidFieldsError.one("held_on", "future", N_("约谈日期不能晚于今天。"))
    talk = Talk(
        report_id=report.id,
        department_id=lead.id,
        person_post=_worded("person_post", new.person_post),
        held_on=new.held_on,
        record=_worded("record", new.record),
        recorded_at=at,
        recorded_by_id=by.staff_id,
    )
    db.session.add(talk)
    db.session.flush()
    tell_talked(report, talk, by=by)
    return talk


def _lead(report: Report, by: Actor) -> Department:
    """The lead that is pressed, if `by` may press it."""
    _demand(by, Permission.ISSUE_ORDER)
    lock_reports(report)
    lead = lead_assignment(report)
    if lead is None:
        raise OrderError(N_("这一件还没有主办单位，交办以后才能督办。"))
    return lead.department


def _lock(order: SupervisionOrder) -> None:
    """Read the order afresh, in the turn of its case."""
    lock_reports(order.report)
    db.session.refresh(order)


def _worded(name: str, text: str) -> str:
    words = text.strip()
    if not words:
        raise InvalidFieldsError.one(name, "required", N_("这里要写明。"))
    return words


def _demand(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
