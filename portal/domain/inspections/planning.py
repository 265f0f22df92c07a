"""Planning an inspection: which week, who goes, how many are drawn; by hand or by the portal."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import ConflictError, InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import SYSTEM, Actor, ActorKind
from portal.domain.accounts.models import Posting, User
from portal.domain.accounts.permissions import GRANTS, Permission, Role
from portal.domain.calendar.queries import work_calendar
from portal.domain.inspections.composing import candidate_count, compose
from portal.domain.inspections.models import Inspection, InspectionRule, Stage

WEEK = timedelta(days=7)
MOST = 200
_THURSDAY = 3
_DEFAULT_PERCENT = 5


class InspectionError(ConflictError):
    """The inspection does not stand where this can be done; `detail` says why."""

    code = "inspection"


@dataclass(frozen=True)
class Plan:
    """What a supervisor decides; `most_overdue` None lists every overdue case."""

    inspector_ids: Collection[int]
    draw_size: int
    most_overdue: int | None = None


@dataclass(frozen=True)
class RuleValue:
    """The rule in force: weekday (Monday = 0), share in per cent, how many overdue ones."""

    weekday: int = _THURSDAY
    percent: int = _DEFAULT_PERCENT
    most_overdue: int | None = None


def plan_inspection(monday: date, plan: Plan, seed: str, *, by: Actor, at: datetime) -> Inspection:
    """Plan the week of `monday` and make its list.

    Raises NotAllowedError, InvalidFieldsError (no Monday, past, planned before, unfit people).
    """
    demand(by, Permission.PLAN_INSPECTION)
    _check_week(monday, at)
    _check(plan, needs_people=by.kind is ActorKind.STAFF)
    row = Inspection(
        monday=monday,
        seed=seed,
        draw_size=plan.draw_size,
        most_overdue=plan.most_overdue,
        planned_at=at,
        planned_by_id=by.user_id,
        listed_at=at,
        inspectors=_people(plan.inspector_ids),
    )
    db.session.add(row)
    db.session.flush()
    compose(row, at)
    return row


def change_plan(inspection: Inspection, plan: Plan, *, by: Actor, at: datetime) -> None:
    """Change who goes; before it starts also how many are listed, and make the list again.

    Raises as `plan_inspection`, and InspectionError when it is finished.
    """
    demand(by, Permission.PLAN_INSPECTION)
    lock(inspection)
    if inspection.stage in {Stage.FINISHED, Stage.CANCELLED}:
        raise InspectionError(N_("这次督查已经完成或取消，不能再改。"))
    _check(plan, needs_people=True)
    inspection.inspectors = _people(plan.inspector_ids)
    if inspection.stage is Stage.DRAFT:
        inspection.draw_size, inspection.most_overdue = plan.draw_size, plan.most_overdue
        compose(inspection, at)
    db.session.flush()


def week_to_plan(at: datetime) -> date | None:
    """The Monday whose draft is due by the rule and missing; None when nothing is.

    The draft of a Monday is due from the rule's weekday of the week before until that Monday is
    over: a worker that was down catches up. A city without cases in hand needs none, and a week
    whose draft somebody cancelled is left to them.
    """
    today = work_calendar().local_date(at)
    this = today - timedelta(days=today.weekday())
    for monday in (this, this + WEEK):
        due = monday - WEEK + timedelta(days=rule_for(today).weekday)
        is_decided = inspection_of(monday) is not None or cancelled_drafts(monday)
        if due <= today <= monday and not is_decided:
            return monday if candidate_count(at) else None
    return None


def plan_by_itself(monday: date, seed: str, at: datetime) -> Inspection:
    """Plan a week as the rule says, with those who went last time or else every supervisor."""
    rule = rule_for(work_calendar().local_date(at))
    last = db.session.scalar(select(Inspection).order_by(Inspection.monday.desc()).limit(1))
    fit = {person.id for person in people_to_send()}
    went = [person.id for person in last.inspectors if person.id in fit] if last else []
    ids = went or [person.id for person in people_to_send(Role.SUPERVISOR)]
    size = math.ceil(candidate_count(at) * rule.percent / 100)
    plan = Plan(ids, min(size, MOST), rule.most_overdue)
    return plan_inspection(monday, plan, seed, by=SYSTEM, at=at)


def inspection_of(monday: date) -> Inspection | None:
    """The inspection of a week; drafts that were cancelled do not count."""
    stands = Inspection.cancelled_at.is_(None)
    return db.session.scalar(select(Inspection).where(Inspection.monday == monday, stands))


def cancelled_drafts(monday: date) -> list[Inspection]:
    """The drafts of a week that were cancelled, the first one first."""
    query = select(Inspection).where(
        Inspection.monday == monday, Inspection.cancelled_at.is_not(None)
    )
    return list(db.session.scalars(query.order_by(Inspection.id)))


def rule_for(on: date) -> RuleValue:
    """The rule in force on a local day."""
    query = select(InspectionRule).where(InspectionRule.from_day <= on)
    row = db.session.scalar(query.order_by(InspectionRule.from_day.desc()).limit(1))
    return RuleValue(row.weekday, row.percent, row.most_overdue) if row else RuleValue()


def rule_history() -> list[InspectionRule]:
    """Every version of the rule, the newest first."""
    return list(db.session.scalars(select(InspectionRule).order_by(InspectionRule.from_day.desc())))


def set_rule(value: RuleValue, *, by: Actor, at: datetime) -> InspectionRule:
    """Let a rule hold from today on. Raises NotAllowedError and InvalidFieldsError."""
    demand(by, Permission.PLAN_INSPECTION)
    if not 0 <= value.weekday <= 6:
        raise InvalidFieldsError.one("weekday", "range", N_("请选星期几。"))
    if not 1 <= value.percent <= 100:
        raise InvalidFieldsError.one("percent", "range", N_("抽查比例要在1%到100%之间。"))
    today = work_calendar().local_date(at)
    row = db.session.get(InspectionRule, today) or InspectionRule(from_day=today)
    row.weekday, row.percent, row.most_overdue = value.weekday, value.percent, value.most_overdue
    row.set_at, row.set_by_id = at, by.staff_id
    db.session.add(row)
    db.session.flush()
    return row


def people_to_send(*roles: Role) -> list[User]:
    """Who can be named as an inspector: active supervisors and grid officers, or `roles`."""
    wanted = roles or tuple(r for r in Role if Permission.INSPECT in GRANTS[r])
    posted = select(Posting.user_id).where(Posting.role.in_(wanted))
    query = select(User).where(User.is_active, User.id.in_(posted)).order_by(User.id)
    return list(db.session.scalars(query))


def lock(inspection: Inspection) -> None:
    """Read the inspection afresh, one after the other."""
    db.session.refresh(inspection, with_for_update=True)


def demand(by: Actor, permission: Permission) -> None:
    """Raise NotAllowedError unless `by` may; the portal itself may."""
    if by.kind is not ActorKind.SYSTEM and not by.may(permission):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))


def _check_week(monday: date, at: datetime) -> None:
    today = work_calendar().local_date(at)
    if monday.weekday() != 0:
        raise InvalidFieldsError.one("monday", "weekday", N_("请选一个星期一。"))
    if monday < today - timedelta(days=today.weekday()):
        raise InvalidFieldsError.one("monday", "past", N_("这一周已经过去了。"))
    if inspection_of(monday) is not None:
        raise InvalidFieldsError.one("monday", "taken", N_("这一周已经有督查计划。"))


def _check(plan: Plan, *, needs_people: bool) -> None:
    if not 0 <= plan.draw_size <= MOST:
        raise InvalidFieldsError.one("draw_size", "range", N_("抽查件数要在0到200之间。"))
    if plan.most_overdue is not None and not 0 <= plan.most_overdue <= MOST:
        raise InvalidFieldsError.one("most_overdue", "range", N_("逾期件数要在0到200之间。"))
    fit = {person.id for person in people_to_send()}
    if needs_people and not plan.inspector_ids:
        raise InvalidFieldsError.one("inspectors", "required", N_("请选督查人员。"))
    if not set(plan.inspector_ids) <= fit:
        raise InvalidFieldsError.one("inspectors", "unfit", N_("督查人员要是督办员或网格员。"))


def _people(ids: Collection[int]) -> list[User]:
    found: Sequence[User] = db.session.scalars(select(User).where(User.id.in_(ids))).all()
    return list(found)
