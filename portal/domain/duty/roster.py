"""Keeping the roster 值班表: shifts, weeks, and the gaps between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.core.clock import zone
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.models import Posting, User
from portal.domain.accounts.permissions import GRANTS, Permission, Role
from portal.domain.duty.models import DutyShift

LONGEST = timedelta(days=7)
WEEK = timedelta(days=7)
LEADING = (Role.LEADER, Role.SUPERVISOR)


@dataclass(frozen=True)
class NewShift:
    """A shift to be: from, until, who watches and who leads."""

    starts_at: datetime
    ends_at: datetime
    officer_id: int
    leader_id: int


def add_shift(new: NewShift, *, by: Actor) -> DutyShift:
    """Put a shift on the roster. Raises InvalidFieldsError when it is empty, endless or doubled."""
    _demand_keeper(by)
    if not timedelta() < new.ends_at - new.starts_at <= LONGEST:
        raise InvalidFieldsError.one("ends_at", "span", N_("结束要在开始之后，一班不超过7天。"))
    if shifts_between(new.starts_at, new.ends_at):
        raise InvalidFieldsError.one("starts_at", "taken", N_("这段时间已经有人值班。"))
    fit = {person.id for person in people_for_duty()}
    if new.officer_id not in fit:
        raise InvalidFieldsError.one("officer", "unfit", N_("这个人看不到全部举报，不能值班。"))
    if new.leader_id not in {person.id for person in people_for_duty(*LEADING)}:
        raise InvalidFieldsError.one("leader", "unfit", N_("带班要选领导或督办员。"))
    shift = DutyShift(
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        officer_id=new.officer_id,
        leader_id=new.leader_id,
    )
    db.session.add(shift)
    db.session.flush()
    return shift


def remove_shift(shift_id: int, *, by: Actor) -> None:
    """Take a shift off the roster. Raises NotFoundError."""
    _demand_keeper(by)
    shift = db.session.get(DutyShift, shift_id)
    if shift is None:
        raise NotFoundError
    db.session.delete(shift)


def copy_week(monday: date, *, by: Actor) -> int:
    """Repeat the week before in the week of `monday` where nobody is on duty yet; how many."""
    _demand_keeper(by)
    start, copied = midnight(monday), 0
    for shift in shifts_between(start - WEEK, start):
        if shift.starts_at < start - WEEK:
            continue
        since, until = shift.starts_at + WEEK, shift.ends_at + WEEK
        if not shifts_between(since, until):
            add_shift(NewShift(since, until, shift.officer_id, shift.leader_id), by=by)
            copied += 1
    return copied


def shifts_between(start: datetime, end: datetime) -> list[DutyShift]:
    """The shifts that overlap [start, end), in order."""
    query = select(DutyShift).where(DutyShift.starts_at < end, DutyShift.ends_at > start)
    return list(db.session.scalars(query.order_by(DutyShift.starts_at)))


def shift_at(at: datetime) -> DutyShift | None:
    """Who is on duty at this moment; None in a gap."""
    query = select(DutyShift).where(DutyShift.starts_at <= at, DutyShift.ends_at > at)
    return db.session.scalar(query.order_by(DutyShift.starts_at.desc()).limit(1))


def gaps_between(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """When nobody is on duty in [start, end), in order."""
    found, covered = [], start
    for shift in shifts_between(start, end):
        if shift.starts_at > covered:
            found.append((covered, shift.starts_at))
        covered = max(covered, shift.ends_at)
    return [*found, (covered, end)] if covered < end else found


def people_for_duty(*roles: Role) -> list[User]:
    """Who can be put on the roster: active staff that sees all reports, of `roles` if given."""
    wanted = roles or tuple(r for r in Role if Permission.SEE_ALL in GRANTS[r])
    query = (
        select(User)
        .join(Posting, Posting.user_id == User.id)
        .where(User.is_active, Posting.role.in_(wanted))
        .order_by(User.id)
        .distinct()
    )
    return list(db.session.scalars(query))


def midnight(on: date) -> datetime:
    """The beginning of a local day."""
    return datetime.combine(on, datetime.min.time(), tzinfo=zone())


def _demand_keeper(by: Actor) -> None:
    if not by.may(Permission.KEEP_ROSTER):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
