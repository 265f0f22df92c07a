"""Targets and the scorecard: points by hand, ranks, small numbers, history, who may change them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.figures.definitions import FIGURES
from portal.domain.figures.models import FigureCell, Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Value
from portal.domain.figures.scorecard import (
    NewWeights,
    points_of,
    scores,
    seed_weights,
    set_weights,
    weight_history,
    weights_on,
)
from portal.domain.figures.targets import (
    NewTarget,
    is_met,
    set_target,
    target_history,
    targets_of,
)
from tests.factories import START, city, make_department, staff, writing

pytestmark = pytest.mark.engine
MARCH = date(2026, 3, 1)
SPAN = Months(date(2026, 1, 1), MARCH)


def value(code: str, number: float | None, whole: int = 20) -> Value:
    return Value(FIGURES[code], number, 1, whole)


def plant(session: scoped_session[Session], code: str, **counts: int) -> int:
    """Cells of a department in March, as the rollup would have them."""
    key = make_department(code).id
    place = {"kind": Kind.DEPARTMENT, "key": key, "month": MARCH, "bucket": 0}
    session.add_all(FigureCell(**place, measure=m, count=n) for m, n in counts.items())
    return key


def test_points(session: scoped_session[Session]) -> None:
    assert points_of(value("resolve_on_time", 90), None) == 90
    assert points_of(value("rework_rate", 10), None) == 90
    assert points_of(value("median_days", 12), None) == 100
    assert points_of(value("median_days", 30), None) == 50
    assert points_of(value("median_days", 30), 6) == 20
    assert points_of(value("median_days", 0), 0) == 100
    assert points_of(value("satisfaction_rate", None), None) is None


def test_the_best_stands_first_and_the_small_unranked(session: scoped_session[Session]) -> None:
    with writing():
        city()
        seed_weights(START)
        good = plant(session, "sthj", problem=20, resolve_due=20, resolve_met=20)
        poor = plant(session, "cg", problem=20, resolve_due=20, resolve_met=10)
        same = plant(session, "zj", problem=12, resolve_due=12, resolve_met=6)
        tiny = plant(session, "jt", problem=3, resolve_due=3, resolve_met=3)
    found = scores(Kind.DEPARTMENT, SPAN, START)
    assert [(s.key, s.rank) for s in found] == [
        (good, 1), *sorted([(poor, 2), (same, 2)]), (tiny, None),
    ]  # fmt: skip
    assert [s.total for s in found] == [100, 50, 50, 100]
    assert found[-1].is_small
    assert all(s.key for s in found)


def test_only_what_is_known_is_weighed(session: scoped_session[Session]) -> None:
    """90 points at weight 30 and 80 at 10; satisfaction is not known and weighs nothing."""
    with writing():
        city()
        seed_weights(START)
        plant(session, "sthj", problem=20, resolve_due=20, resolve_met=18, sign_due=20, sign_met=16)
    (score,) = scores(Kind.DEPARTMENT, SPAN, START)
    assert score.total == pytest.approx((90 * 30 + 80 * 10) / 40)
    unrated = next(m for m in score.marks if m.value.figure.code == "satisfaction_rate")
    assert (unrated.points, unrated.weight) == (None, 15)


def test_weights_change_from_a_day_on(session: scoped_session[Session]) -> None:
    with writing():
        city()
        seed_weights(START)
        seed_weights(START)
    before = weights_on(Kind.TOWN, MARCH)
    assert sum(before.values()) == 100
    on = date(2026, 4, 1)
    new = NewWeights(Kind.TOWN, {**before, "repeat_rate": 0, "reopen_rate": 30}, on, "新口径")
    with writing():
        assert set_weights(new, by=staff(Role.SUPERVISOR), at=START) == 2
        assert set_weights(new, by=staff(Role.SUPERVISOR), at=START) == 0
    assert weights_on(Kind.TOWN, MARCH) == before
    after = weights_on(Kind.TOWN, on)
    assert (after["reopen_rate"], "repeat_rate" in after) == (30, False)
    assert [(row.figure, row.weight) for row in weight_history(Kind.TOWN)[:2]] == [
        ("repeat_rate", 0), ("reopen_rate", 30),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("weights", "on"),
    [
        ({"resolve_on_time": 101}, START.date()),
        ({"received": 10}, START.date()),
        ({"resolve_on_time": 5}, date(2026, 2, 28)),
        (dict.fromkeys(("closed_rate", "resolve_on_time", "median_days", "reopen_rate",
                        "repeat_rate", "satisfaction_rate"), 0), START.date()),
    ],
)  # fmt: skip
def test_unfit_weights_are_refused(
    session: scoped_session[Session], weights: dict[str, int], on: date
) -> None:
    with writing():
        city()
        seed_weights(START)
        by = staff(Role.SUPERVISOR)
        with pytest.raises(InvalidFieldsError):
            set_weights(NewWeights(Kind.TOWN, weights, on), by=by, at=START)


def test_targets_and_their_history(session: scoped_session[Session]) -> None:
    with writing():
        city()
        key, by = make_department("sthj").id, staff(Role.SUPERVISOR)
        for number, figure in ((95.0, "resolve_on_time"), (97.5, "resolve_on_time")):
            new = NewTarget(2026, Kind.DEPARTMENT, key, figure, number, "责任书")
            assert set_target(new, by=by, at=START)
            assert not set_target(new, by=by, at=START)
    row = targets_of(2026)[Kind.DEPARTMENT, key, "resolve_on_time"]
    assert (row.value, row.set_by_id) == (97.5, by.user_id)
    assert targets_of(2025) == {}
    with writing():
        gone = NewTarget(2026, Kind.DEPARTMENT, key, "resolve_on_time", None)
        assert set_target(gone, by=staff(Role.SUPERVISOR), at=START + timedelta(days=1))
    assert targets_of(2026) == {}
    assert [r.value for r in target_history(2026)] == [None, 97.5, 95.0]


def test_unfit_targets_are_refused(session: scoped_session[Session]) -> None:
    with writing():
        city()
        by = staff(Role.SUPERVISOR)
        for figure, number in (("received", 5.0), ("closed_rate", 101.0), ("median_days", -1.0)):
            with pytest.raises(InvalidFieldsError):
                set_target(NewTarget(2026, Kind.CITY, 0, figure, number), by=by, at=START)


def test_who_may_change_what(session: scoped_session[Session]) -> None:
    target = NewTarget(2026, Kind.CITY, 0, "closed_rate", 90.0)
    weights = NewWeights(Kind.TOWN, {"closed_rate": 10}, START.date())
    with writing():
        city()
        seed_weights(START)
        for role in (Role.LEADER, Role.HEAD, Role.TRIAGE, Role.SECURITY):
            with pytest.raises(NotAllowedError):
                set_target(target, by=staff(role), at=START)
        for role in (Role.LEADER, Role.ADMIN, Role.HEAD):
            with pytest.raises(NotAllowedError):
                set_weights(weights, by=staff(role), at=START)


def test_a_target_is_met_as_it_is_shown(session: scoped_session[Session]) -> None:
    assert is_met(value("closed_rate", 94.96), 95)
    assert not is_met(value("closed_rate", 94.9), 95)
    assert is_met(value("median_days", 7), 7)
    assert is_met(value("rework_rate", 5.2), 5) is False
    assert is_met(value("closed_rate", None), 95) is None
    assert is_met(value("closed_rate", 95), None) is None
