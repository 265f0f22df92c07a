"""Which rule of pressure holds for a term and a colour, and setting a new one from a day on.

A colour that a term came to is settled by the rule of its own day, however late the worker is: so a
new rule begins tomorrow at the earliest, and none in force is rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.coming import demand_coming
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.supervision.levels import Pressure
from portal.domain.supervision.models import PressureRule
from portal.domain.supervision.seed import DEFAULT_RULES

PRESSED = (Clock.SIGN, Clock.CONTACT, Clock.RESOLVE, Clock.MILESTONE, Clock.FEEDBACK)
MOST_ANSWER_DAYS = 30


def seed_pressure(effective_on: date) -> None:
    """Let the default rules hold from `effective_on` in a city that has none; idempotent."""
    if db.session.scalar(select(PressureRule.id).limit(1)) is not None:
        return
    db.session.add_all(
        PressureRule(
            clock=clock,
            colour=colour,
            does=does,
            answer_days=answer_days,
            effective_on=effective_on,
        )
        for clock, colour, does, answer_days in DEFAULT_RULES
    )
    db.session.flush()


@dataclass(frozen=True)
class NewPressure:
    """What follows when a term comes to a colour from a day on; `does` None: nothing."""

    clock: Clock
    colour: Colour
    does: Pressure | None
    answer_days: int
    effective_on: date


def pressure_rules() -> list[PressureRule]:
    """Every version of every rule: by clock and colour, the newest first."""
    order = list(Clock), list(Colour)
    rows = db.session.scalars(select(PressureRule)).all()
    newest = sorted(rows, key=lambda row: row.effective_on, reverse=True)
    return sorted(newest, key=lambda row: (order[0].index(row.clock), order[1].index(row.colour)))


def set_pressure(new: NewPressure, *, by: Actor, at: datetime) -> PressureRule:
    """Set a rule from a day on; one already set for that day is replaced.

    Raises NotAllowedError and InvalidFieldsError (not in the future, days to answer).
    """
    _demand(by)
    if new.clock not in PRESSED or new.colour is Colour.NONE:
        raise InvalidFieldsError.one("clock", "unknown", N_("这个时钟不能设督办规则。"))
    if new.effective_on <= work_calendar().local_date(at):
        words = N_("最早从明天起：已经触线的按当天的规则办。")
        raise InvalidFieldsError.one("effective_on", "past", words)
    is_order = new.does not in {None, Pressure.URGE}
    if is_order and not 1 <= new.answer_days <= MOST_ANSWER_DAYS:
        raise InvalidFieldsError.one("answer_days", "range", N_("答复期限要在1到30个工作日之间。"))
    same = select(PressureRule).filter_by(
        clock=new.clock, colour=new.colour, effective_on=new.effective_on
    )
    row = db.session.scalar(same) or PressureRule(
        clock=new.clock, colour=new.colour, effective_on=new.effective_on
    )
    row.does, row.answer_days = new.does, new.answer_days if is_order else 0
    row.set_at, row.set_by_id = at, by.staff_id
    db.session.add(row)
    db.session.flush()
    return row


def take_back_pressure(rule_id: int, *, by: Actor, at: datetime) -> None:
    """Take back a rule before its first day. Raises NotFoundError, InvalidFieldsError."""
    _demand(by)
    row = db.session.get(PressureRule, rule_id)
    if row is None:
        raise NotFoundError
    demand_coming(row.effective_on, at)
    db.session.delete(row)
    db.session.flush()


def pressure_rule(clock: Clock, colour: Colour, on: date) -> PressureRule | None:
    """The rule in force on a local day; None when nothing follows."""
    query = select(PressureRule).where(
        PressureRule.clock == clock,
        PressureRule.colour == colour,
        PressureRule.effective_on <= on,
    )
    found = db.session.scalar(query.order_by(PressureRule.effective_on.desc()).limit(1))
    return found if found is not None and found.does is not None else None


def _demand(by: Actor) -> None:
    if not by.may(Permission.EDIT_TERMS):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
