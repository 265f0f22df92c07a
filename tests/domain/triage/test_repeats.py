"""Repeat complaints: how near, how long after, and what the worker keeps of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.geo import Point
from portal.domain.accounts.permissions import Role
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.triage.repeat_rules import (
    DEFAULT_REACHES,
    REPEAT_DAYS,
    NewReach,
    Reach,
    reach_of,
    reaches_on,
    set_reach,
    take_back_reach,
)
from portal.domain.triage.repeats import repeated_among, repeated_of, repeats_of
from tests.factories import PATHS, START, drain, file, grid, staff, take, walk, writing

HERE = Point(30.4, 112.4)
METRE = 1 / 111_320


def filed(metres: float = 0, category: str = "air.dust", **more: Any) -> Report:
    lat = HERE.lat + metres * METRE
    place = Place(lat, HERE.lng, lat, HERE.lng, "wgs84", "pin", 10.0, grid=grid())
    with writing():
        return file(place=place, category=category, **more)


def closed(category: str = "air.dust") -> Report:
    with writing():
        return walk(filed(category=category), *PATHS[State.RESOLVED])


def told_again(
    earlier: Report, metres: float, category: str = "air.dust", days: int = 30
) -> Report:
    assert earlier.first_resolved_at
    at = earlier.first_resolved_at + timedelta(days=days, hours=1)
    report = walk(filed(metres, category, at=at), Action.ACCEPT)
    drain()
    return report


def test_the_own_distance_then_the_level_1_one_then_the_general() -> None:
    assert reach_of("air.odor", DEFAULT_REACHES).metres == 500
    assert reach_of("noise.social", DEFAULT_REACHES).metres == 500
    assert reach_of("water.outfall", DEFAULT_REACHES).metres == 200


@pytest.mark.parametrize(
    ("category", "metres", "days", "is_repeat"),
    [
        ("air.dust", 190, 30, True),
        ("air.dust", 210, 30, False),
        ("air.odor", 490, 30, True),
        ("air.odor", 510, 30, False),
        ("noise.social", 490, 30, True),
        ("air.dust", 10, REPEAT_DAYS - 1, True),
        ("air.dust", 10, REPEAT_DAYS, False),
    ],
)
def test_near_enough_and_soon_enough(
    db_city: scoped_session[Session], category: str, metres: float, days: int, is_repeat: bool
) -> None:
    earlier = closed(category)
    report = told_again(earlier, metres, category, days)
    found = repeated_of(report)
    assert (found is not None) is is_repeat
    assert repeated_among([report.id, earlier.id]) == ({report.id} if is_repeat else frozenset())
    if found is not None:
        assert (found.earlier, found.days) == (earlier, days)
        assert found.distance_m == pytest.approx(metres, abs=1)
        assert repeats_of(earlier) == [report]


def test_what_was_not_closed_yet_is_no_repeat_but_a_duplicate(
    db_city: scoped_session[Session],
) -> None:
    walk(filed(), Action.ACCEPT)
    report = walk(filed(10), Action.ACCEPT)
    drain()
    assert repeated_of(report) is None


def test_another_kind_is_no_repeat(db_city: scoped_session[Session]) -> None:
    assert repeated_of(told_again(closed(), 10, "air.smoke")) is None


def test_distance_and_days_are_data_from_a_day_on(db_city: scoped_session[Session]) -> None:
    earlier, boss = closed(), staff(Role.SUPERVISOR)
    told = told_again(earlier, 290)
    assert repeated_of(told) is None
    on = local(told.received_at).date()
    before = told.received_at - timedelta(days=9)
    with transaction():
        set_reach(NewReach("air", Reach(300, 40), on + timedelta(days=1)), by=boss, at=before)
        drop = set_reach(NewReach("", Reach(9, 9), on), by=boss, at=before)
        take_back_reach(drop.id, by=boss, at=before)
    assert reaches_on(on) == DEFAULT_REACHES, "a report is judged by the rules of its day"
    assert repeated_of(told_again(earlier, 291, days=38)) is not None
    assert repeated_of(told_again(earlier, 292, days=41)) is None


def test_rules_of_repeats_touch_nothing_that_came_in(db_city: scoped_session[Session]) -> None:
    boss, at = staff(Role.SUPERVISOR), START
    today = local(at).date()
    soon = today + timedelta(days=1)
    for wrong, field in (
        (NewReach("", Reach(100), today), "effective_on"),
        (NewReach("", Reach(0), soon), "metres"),
        (NewReach("", Reach(5001), soon), "metres"),
        (NewReach("", Reach(100, 731), soon), "days"),
        (NewReach("air.nothing", Reach(100), soon), "category"),
    ):
        with transaction(), pytest.raises(InvalidFieldsError) as refused:
            set_reach(wrong, by=boss, at=at)
        assert list(refused.value.faults) == [field]
    with transaction(), pytest.raises(NotAllowedError):
        set_reach(NewReach("", Reach(100), soon), by=staff(Role.LEADER), at=at)
    with transaction():
        row = set_reach(NewReach("", Reach(100), soon), by=boss, at=at)
    with transaction(), pytest.raises(InvalidFieldsError):
        take_back_reach(row.id, by=boss, at=at + timedelta(days=1))


def test_a_merged_report_repeats_nothing_until_it_stands_alone_again(
    db_city: scoped_session[Session],
) -> None:
    report = told_again(closed(), 10)
    assert repeated_of(report) is not None
    take(report, Action.MERGE)
    drain()
    assert repeated_of(report) is None
    take(report, Action.UNMERGE)
    drain()
    assert repeated_of(db.session.get_one(Report, report.id)) is not None
