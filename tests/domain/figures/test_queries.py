"""Figures read from cells: shares, medians, spans, and the lists they open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.domain.figures.definitions import FIGURES, Better, Unit
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months, moved
from portal.domain.figures.queries import (
    Tally,
    counts_as,
    monthly,
    quantile,
    tallies,
    value_of,
    values_of,
)
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from tests.factories import START, at_state, city, drain, file, grid, make_department, walk

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("spread", "median", "p90"),
    [
        ({}, None, None),
        ({4: 1}, 4, 4),
        ({1: 1, 4: 1}, 2.5, 4),
        ({0: 3, 10: 1}, 0, 10),
        (dict.fromkeys(range(1, 11), 1), 5.5, 9),
        ({1: 90, 30: 10}, 1, 1),
        ({1: 89, 30: 11}, 1, 30),
    ],
)
def test_medians_and_ninetieth_percentiles(
    spread: dict[int, int], median: float | None, p90: float | None
) -> None:
    assert quantile(spread, 0.5) == median
    assert quantile(spread, 0.9) == p90


def test_months_and_what_they_are_compared_with() -> None:
    quarter = Months(date(2026, 1, 1), MARCH)
    assert quarter.count == 3
    assert quarter.before == Months(date(2025, 10, 1), date(2025, 12, 1))
    assert quarter.year_before == Months(date(2025, 1, 1), date(2025, 3, 1))
    assert quarter.end == date(2026, 3, 31)
    assert quarter.each() == [date(2026, 1, 1), date(2026, 2, 1), MARCH]
    assert Months.until(date(2026, 1, 20), 2).first == moved(MARCH, -3)


def test_nothing_to_divide_by_is_not_zero() -> None:
    value = value_of(FIGURES["closed_rate"], Tally())
    assert (value.number, value.whole, value.is_small) == (None, 0, True)
    ratings = [f for f in FIGURES.values() if f.group == "satisfaction"]
    assert len(ratings) == 3
    assert all(value_of(figure, Tally({"received": 9})).number is None for figure in ratings)


def test_per_inhabitants() -> None:
    figure = FIGURES["per_10k"]
    assert value_of(figure, Tally({"received": 12}), 40_000).number == 3
    assert value_of(figure, Tally({"received": 12})).number is None


def test_every_figure_says_what_it_counts() -> None:
    for figure in FIGURES.values():
        assert figure.label
        assert figure.formula
        assert (figure.whole is not None) <= (figure.part is not None)
        if figure.better is not Better.NEITHER:
            assert figure.unit in {Unit.PERCENT, Unit.DAYS}


@pytest.mark.engine
def test_a_city_in_figures(session: scoped_session[Session]) -> None:
    """Two months: in March three cases of which one is published; in May one more in hand."""
    city()
    for state in (State.PUBLISHED, State.HANDLING, State.SUBMITTED):
        at_state(state)
    walk(file("noise.social", at=START + timedelta(days=61)), Action.ACCEPT)
    drain()
    (found,) = tallies(Kind.CITY).values()
    values = {code: value.number for code, value in values_of(found).items()}
    assert (values["received"], values["problems"], values["unlisted"]) == (4, 3, 1)
    assert values["closed_rate"] == pytest.approx(100 / 3)
    assert (values["verified_rate"], values["median_days"], values["p90_days"]) == (100, 0, 0)
    assert (values["return_rate"], values["rework_rate"]) == (0, 0)
    assert values["satisfaction_rate"] is None
    march = tallies(Kind.CITY, Months(MARCH, MARCH))[0]
    assert march.of(Measure.RECEIVED) == 3
    by_month = monthly(Kind.CITY, [0], Months(MARCH, date(2026, 5, 1)))
    assert [t.of(Measure.RECEIVED) for t in by_month.values()] == [3, 0, 1]
    lead = make_department("sthj").id
    assert tallies(Kind.DEPARTMENT)[lead].of(Measure.PROBLEM) == 2
    assert tallies(Kind.TOWN, keys=[grid("999901001").id]).popitem()[1].of(Measure.RECEIVED) == 4
    both = march + march
    assert (both.of(Measure.RECEIVED), both.days) == (6, {0: 2})


@pytest.mark.engine
def test_every_figure_opens_the_list_it_counts(session: scoped_session[Session]) -> None:
    city()
    for state in State:
        at_state(state)
    drain()
    (found,) = tallies(Kind.CITY).values()
    for code, value in values_of(found).items():
        for side, count in (("", value.part), (":whole", value.whole)):
            condition = counts_as(code + side)
            if value.figure.part is None:
                assert condition is None
                continue
            assert condition is not None
            listed = len(list(db.session.scalars(select(Report.id).where(condition))))
            assert listed == count, code + side
        if value.figure.whole is not None:
            condition = counts_as(f"{code}:rest")
            assert condition is not None
            listed = len(list(db.session.scalars(select(Report.id).where(condition))))
            assert listed == value.whole - value.part, code
    assert counts_as("nonsense") is None
    assert counts_as("problems:nonsense") is None
