"""Which cases are looked at again, when, and how the rest is drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import delete, select, update
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db
from portal.core.drawing import chosen_of
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.casework.models import Finding, Verdict
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.lookback.models import Draw, LookBack, LookBackReason
from portal.domain.lookback.planning import plan_look_backs, planned_for
from portal.domain.lookback.queries import drawn_numbers
from portal.domain.lookback.sampling import (
    DEFAULT_PERCENT,
    draw_month,
    months_to_draw,
    percent_for,
    set_percent,
)
from portal.domain.lookback.starring import star_report
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.timeline.models import Delivery, DeliveryState
from portal.domain.timeline.queries import last_event
from portal.domain.triage.repeats import keep_repeat
from tests.factories import PATHS, START, at_state, drain, file, staff, walk, writing

pytestmark = pytest.mark.engine


def unfounded() -> Report:
    report = walk(file(), *PATHS[State.RESOLVED])
    with writing():
        changed = update(Finding).where(Finding.report_id == report.id)
        db.session.execute(changed.values(verdict=Verdict.UNFOUNDED))
    return walk(report, Action.PUBLISH, Action.DEREGISTER)


def starred() -> Report:
    report = file()
    with writing():
        star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=START)
    return walk(report, *PATHS[State.DEREGISTERED])


def repeated() -> Report:
    at_state(State.RESOLVED)
    report = walk(file(at=START + timedelta(days=40)), *PATHS[State.DEREGISTERED])
    with writing():
        keep_repeat(report.id)  # what the delivery of its acceptance does
    return report


def struck_off(number: int) -> list[Report]:
    """Cases of which none has to be looked at again: each told of another kind of trouble."""
    kinds = ("air.odor", "air.cooking", "noise.social", "water.livestock", "noise.construction")
    return [at_state(State.DEREGISTERED, category=kind) for kind in kinds[:number]]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (unfounded, LookBackReason.UNFOUNDED),
        (starred, LookBackReason.STARRED),
        (repeated, LookBackReason.REPEATED),
    ],
)
def test_what_is_always_looked_at(
    db_city: scoped_session[Session], make: Callable[[], Report], reason: LookBackReason
) -> None:
    report = make()
    with writing():
        rows = plan_look_backs(report, report.state_since)
    assert [(row.clock, row.reason) for row in rows] == [
        (Clock.LOOKBACK, reason), (Clock.LOOKBACK_SECOND, reason),
    ]  # fmt: skip
    struck_on = local(report.state_since).date()
    for row, days in zip(rows, (30, 90), strict=True):
        # Rolled off holidays, never before its time.
        assert timedelta(0) <= row.due_on - struck_on - timedelta(days=days) < timedelta(days=12)


def test_an_ordinary_case_waits_for_the_draw(db_city: scoped_session[Session]) -> None:
    report = at_state(State.DEREGISTERED)
    drain()
    assert planned_for(report) == []
    with writing():
        star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=report.state_since)
    drain()
    assert [row.reason for row in planned_for(report)] == [LookBackReason.STARRED] * 2


def test_a_delivery_tried_again_plans_nothing_twice(db_city: scoped_session[Session]) -> None:
    report = starred()
    drain()
    with writing():
        owed = update(Delivery).where(Delivery.subscriber == "lookbacks")
        db.session.execute(owed.values(state=DeliveryState.PENDING))
    assert drain() > 0
    assert db.session.scalar(select(Delivery).where(Delivery.state != DeliveryState.DONE)) is None
    assert len(planned_for(report)) == 2


def test_a_reopened_case_is_planned_anew_when_it_is_struck_off_again(
    db_city: scoped_session[Session],
) -> None:
    report = starred()
    drain()
    walk(report, Action.REOPEN)
    drain()
    assert planned_for(report) == []
    walk(report, *PATHS[State.DEREGISTERED][3:])
    drain()
    assert [row.round for row in planned_for(report)] == [1, 1]


def test_stars_are_the_supervisors(db_city: scoped_session[Session]) -> None:
    report, boss = file(), staff(Role.SUPERVISOR)
    with writing(), pytest.raises(NotAllowedError):
        star_report(report, starred=True, by=staff(Role.REVIEWER), at=START)
    with writing():
        star_report(report, starred=True, by=boss, at=START)
        star_report(report, starred=True, by=boss, at=START)
        star_report(report, starred=False, by=boss, at=START)
    assert not report.is_starred
    event = last_event("report", report.id, "unstarred")
    assert event is not None
    assert event.actor_id == boss.user_id
    assert not event.is_public


def month_of(report: Report) -> date:
    return local(report.state_since).date().replace(day=1)


def draw(month: date, seed: str = "a seed") -> Draw:
    with writing():
        return draw_month(month, seed, datetime.combine(month, datetime.min.time(), UTC) + 40 * DAY)


DAY = timedelta(days=1)


def test_the_draw_can_be_drawn_again(db_city: scoped_session[Session]) -> None:
    cases = struck_off(5)
    sure = starred()
    drain()
    month = month_of(cases[0])
    row = draw(month)
    assert row.numbers == sorted(case.number for case in cases), "the starred case takes no part"
    assert sure.number not in row.numbers
    assert (row.population, row.size, row.percent) == (5, 1, DEFAULT_PERCENT)
    again = min(row.numbers, key=lambda n: hashlib.sha256(f"{row.seed}:{n}".encode()).digest())
    assert drawn_numbers(row) == {again}
    (picked,) = db.session.scalars(select(LookBack).where(LookBack.draw_id == row.id))
    assert (picked.reason, picked.clock) == (LookBackReason.SAMPLED, Clock.LOOKBACK)
    clocks = {c.number: [d.clock for d in open_deadlines(c.id)] for c in cases}
    assert Clock.LOOKBACK in clocks.pop(again)
    assert not any(Clock.LOOKBACK in left for left in clocks.values()), "nothing is owed there"


def test_a_month_is_drawn_once(db_city: scoped_session[Session]) -> None:
    (case,) = struck_off(1)
    first = draw(month_of(case))
    assert draw(month_of(case), "another seed").id == first.id
    assert len(db.session.scalars(select(LookBack)).all()) == 1


def test_a_case_nobody_planned_yet_is_planned_and_not_drawn(
    db_city: scoped_session[Session],
) -> None:
    report = starred()  # its delivery is still owed
    assert draw(month_of(report)).population == 0
    assert [row.reason for row in planned_for(report)] == [LookBackReason.STARRED] * 2


def test_which_months_are_drawn(db_city: scoped_session[Session]) -> None:
    at = datetime(2026, 5, 1, 1, tzinfo=UTC)
    assert months_to_draw(at) == [date(2026, 4, 1)]
    draw(date(2026, 1, 1))
    assert months_to_draw(at) == [date(2026, n, 1) for n in (2, 3, 4)]
    with writing():
        db.session.execute(delete(Draw))
        draw_month(date(2026, 4, 1), "x", at)
    assert months_to_draw(at) == []
    # Still April in UTC, already May in the city.
    assert months_to_draw(datetime(2026, 5, 31, 17, tzinfo=UTC)) == [date(2026, 5, 1)]


def test_the_rate_is_data(db_city: scoped_session[Session]) -> None:
    cases = struck_off(5)
    month, boss = month_of(cases[0]), staff(Role.SUPERVISOR)
    with writing():
        set_percent(50, by=boss, at=cases[0].state_since)
        set_percent(60, by=boss, at=cases[0].state_since)
    assert (percent_for(month), percent_for(month - DAY)) == (60, DEFAULT_PERCENT)
    assert draw(month).size == 3
    with writing(), pytest.raises(InvalidFieldsError):
        set_percent(0, by=boss, at=START)
    with writing(), pytest.raises(NotAllowedError):
        set_percent(5, by=staff(Role.REVIEWER), at=START)


def test_every_size_and_seed_choose_differently() -> None:
    numbers = [f"SP{n}" for n in range(50)]
    assert chosen_of(numbers, 0, "s") == frozenset()
    assert chosen_of(numbers[::-1], 7, "s") == chosen_of(numbers, 7, "s")
    assert chosen_of(numbers, 7, "s") < chosen_of(numbers, 8, "s")
    assert chosen_of(numbers, 7, "s") != chosen_of(numbers, 7, "t")
