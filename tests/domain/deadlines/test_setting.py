"""The city's terms: set from a day on, never beyond the law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock, DeadlineClass, Unit
from portal.domain.deadlines.limits import LEGAL_LIMITS, day_beyond_law
from portal.domain.deadlines.models import DeadlineRule
from portal.domain.deadlines.queries import open_deadline, rule_for, rules
from portal.domain.deadlines.seed import DEFAULT_RULES
from portal.domain.deadlines.services import NewRule
from portal.domain.deadlines.setting import BeyondLawError, set_term, take_back_term
from portal.domain.reports.states import Action
from tests.domain.calendar.test_arithmetic import REAL, at
from tests.factories import file, staff, walk, writing

TODAY = date(2026, 3, 9)
NOW = at(3, 9)
ORDINARY = DeadlineClass.ORDINARY


def put(
    clock: Clock,
    amount: int,
    unit: Unit,
    on: date = TODAY,
    role: Role = Role.SUPERVISOR,
) -> DeadlineRule:
    with writing():
        new = NewRule(clock, ORDINARY if clock is Clock.RESOLVE else None, amount, unit, on)
        return set_term(new, by=staff(role), at=NOW)


@pytest.mark.engine
def test_a_version_counts_from_its_day_and_running_clocks_keep_theirs(
    db_city: scoped_session[Session],
) -> None:
    report = walk(file(), Action.ACCEPT, Action.DISPATCH)
    running = open_deadline(report.id, Clock.RESOLVE)
    assert running is not None
    before = running.due_at
    put(Clock.RESOLVE, 20, Unit.CALENDAR_DAYS, TODAY + timedelta(days=3))
    assert rule_for(Clock.RESOLVE, ORDINARY, TODAY + timedelta(days=2)).amount == 15
    assert rule_for(Clock.RESOLVE, ORDINARY, TODAY + timedelta(days=3)).amount == 20
    assert rule_for(Clock.RESOLVE, DeadlineClass.COMPLEX, TODAY + timedelta(days=3)).amount == 30
    assert running.due_at == before


@pytest.mark.parametrize(
    ("clock", "amount", "unit", "fits"),
    [
        (Clock.RESOLVE, 60, Unit.CALENDAR_DAYS, True),
        (Clock.RESOLVE, 61, Unit.CALENDAR_DAYS, False),
        (Clock.RESOLVE, 1440, Unit.HOURS, True),
        (Clock.RESOLVE, 1464, Unit.HOURS, False),
        (Clock.ACCEPT, 15, Unit.CALENDAR_DAYS, True),
        (Clock.ACCEPT, 4, Unit.WORKING_DAYS, True),
        (Clock.ACCEPT, 6, Unit.WORKING_DAYS, False),  # from 23 September: Mid-Autumn, then a week
        (Clock.ACCEPT, 11, Unit.WORKING_DAYS, False),
        (Clock.RETURN, 5, Unit.WORKING_DAYS, True),
        (Clock.RETURN, 6, Unit.WORKING_DAYS, False),
        (Clock.PUBLISH, 20, Unit.WORKING_DAYS, True),
        (Clock.PUBLISH, 30, Unit.CALENDAR_DAYS, False),
        (Clock.DISPUTE, 30, Unit.CALENDAR_DAYS, True),
        (Clock.DISPUTE, 31, Unit.CALENDAR_DAYS, False),
        (Clock.DISPUTE, 29, Unit.CALENDAR_DAYS, False),
        (Clock.SIGN, 3000, Unit.WORKING_HOURS, True),
    ],
)
def test_the_law_is_the_outer_limit(clock: Clock, amount: int, unit: Unit, fits: bool) -> None:
    """In any unit, on the real calendar with its long holidays."""
    assert (day_beyond_law(clock, amount, unit, REAL, TODAY) is None) is fits


def test_an_unknown_year_is_judged_by_the_last_known_one() -> None:
    """In late 2026 the year ahead shows weekends only; its holidays will come all the same."""
    late = date(2026, 11, 23)
    assert day_beyond_law(Clock.ACCEPT, 6, Unit.WORKING_DAYS, REAL, late) == date(2026, 9, 23)
    bare = replace(REAL, exceptions={}, announced=frozenset())
    assert day_beyond_law(Clock.ACCEPT, 6, Unit.WORKING_DAYS, bare, late) is None


def test_every_default_is_lawful() -> None:
    for clock, _class, amount, unit in DEFAULT_RULES:
        assert day_beyond_law(clock, amount, unit, REAL, date(2026, 1, 1)) is None, clock
    assert all(limit.law for limit in LEGAL_LIMITS.values())


def test_a_term_beyond_the_law_is_refused_and_the_law_named(
    db_city: scoped_session[Session],
) -> None:
    count = len(rules())
    with pytest.raises(BeyondLawError) as refused:
        put(Clock.PUBLISH, 21, Unit.WORKING_DAYS)
    assert "政府信息公开条例" in refused.value.law
    assert len(rules()) == count


def test_the_past_is_not_rewritten(db_city: scoped_session[Session]) -> None:
    with pytest.raises(InvalidFieldsError, match="早于今天"):
        put(Clock.SIGN, 8, Unit.WORKING_HOURS, TODAY - timedelta(days=1))


def test_only_what_is_still_to_come_is_taken_back(db_city: scoped_session[Session]) -> None:
    supervisor = staff(Role.SUPERVISOR)
    ahead = put(Clock.SIGN, 8, Unit.WORKING_HOURS, TODAY + timedelta(days=1))
    today = put(Clock.SIGN, 6, Unit.WORKING_HOURS)
    with writing():
        take_back_term(ahead.id, by=supervisor, at=NOW)
    assert rule_for(Clock.SIGN, None, TODAY + timedelta(days=2)).amount == 6
    with pytest.raises(InvalidFieldsError), writing():
        take_back_term(today.id, by=supervisor, at=NOW)


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SECURITY, Role.TRIAGE, Role.LEADER, Role.HEAD])
def test_only_the_supervisor_sets_terms(db_city: scoped_session[Session], role: Role) -> None:
    with pytest.raises(NotAllowedError):
        put(Clock.SIGN, 8, Unit.WORKING_HOURS, role=role)
