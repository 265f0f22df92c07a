"""Setting the rules of pressure: from tomorrow on, with their history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.supervision.levels import Pressure
from portal.domain.supervision.rules import (
    NewPressure,
    pressure_rule,
    pressure_rules,
    seed_pressure,
    set_pressure,
    take_back_pressure,
)
from tests.factories import START, staff, writing

TODAY = local(START).date()
DAY = timedelta(days=1)


def new(does: Pressure | None = Pressure.RED, days: int = 4, on: date = TODAY + DAY) -> NewPressure:
    return NewPressure(Clock.RESOLVE, Colour.YELLOW, does, days, on)


def in_force(on: date) -> tuple[Pressure | None, int]:
    rule = pressure_rule(Clock.RESOLVE, Colour.YELLOW, on)
    return (rule.does, rule.answer_days) if rule else (None, 0)


def test_a_rule_holds_from_its_day_on(db_city: scoped_session[Session]) -> None:
    boss = staff(Role.SUPERVISOR)
    with writing():
        seed_pressure(TODAY)
        set_pressure(new(), by=boss, at=START)
        set_pressure(new(days=6), by=boss, at=START)  # once more for the same day
        set_pressure(new(None, on=TODAY + 9 * DAY), by=boss, at=START)
        set_pressure(new(Pressure.URGE, on=TODAY + 19 * DAY), by=boss, at=START)
    days = [TODAY + n * DAY for n in (0, 1, 9, 19)]
    assert [in_force(on) for on in days] == [
        (Pressure.YELLOW, 5), (Pressure.RED, 6), (None, 0), (Pressure.URGE, 0),
    ]  # fmt: skip
    mine = [row for row in pressure_rules() if row.set_by_id == boss.user_id]
    assert [row.effective_on for row in mine] == [days[3], days[2], days[1]]


def test_what_was_crossed_is_never_rewritten(db_city: scoped_session[Session]) -> None:
    boss = staff(Role.SUPERVISOR)
    with writing():
        seed_pressure(TODAY)
    for wrong, field in (
        (new(on=TODAY), "effective_on"),
        (new(days=0), "answer_days"),
        (new(days=31), "answer_days"),
        (NewPressure(Clock.NOTICE, Colour.RED, None, 0, TODAY + DAY), "clock"),
        (NewPressure(Clock.RESOLVE, Colour.NONE, None, 0, TODAY + DAY), "clock"),
    ):
        with writing(), pytest.raises(InvalidFieldsError) as refused:
            set_pressure(wrong, by=boss, at=START)
        assert list(refused.value.faults) == [field]
    with writing(), pytest.raises(NotAllowedError):
        set_pressure(new(), by=staff(Role.LEADER), at=START)


def test_only_a_coming_rule_is_taken_back(db_city: scoped_session[Session]) -> None:
    boss = staff(Role.SUPERVISOR)
    with writing():
        seed_pressure(TODAY)
        rule_id = set_pressure(new(), by=boss, at=START).id
    with writing(), pytest.raises(InvalidFieldsError):
        take_back_pressure(rule_id, by=boss, at=START + DAY)
    with writing():
        take_back_pressure(rule_id, by=boss, at=START)
    assert in_force(TODAY + DAY) == (Pressure.YELLOW, 5)
    with writing(), pytest.raises(NotFoundError):
        take_back_pressure(rule_id, by=boss, at=START)
