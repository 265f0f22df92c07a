"""Figures are counted from cases; the version of the content follows every change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.publication.conditions import PublicFilter, StateGroup
from portal.domain.publication.headline import headline, town_counts, year_start
from portal.domain.publication.queries import (
    content_version,
    overdue_cases,
    public_case_count,
    public_cases,
)
from portal.domain.reports.states import Action, State
from tests.factories import START, TOWN, at_state, city, drain, grid, walk

pytestmark = pytest.mark.engine
LATER = START + timedelta(days=60)
SINCE = date(2026, 1, 1)


def settle() -> None:
    """Two cases resolved on their first day, one open and one nobody took on yet."""
    city()
    for state in (State.PUBLISHED, State.WITHHELD, State.HANDLING, State.SUBMITTED):
        at_state(state)
    drain()


def test_the_headline_counts_what_is_listed(session: scoped_session[Session]) -> None:
    settle()
    year = headline(LATER, SINCE)
    assert (year.received, year.resolved, year.median_days, year.overdue) == (3, 2, 0.0, 1)
    assert headline(LATER, date(2026, 12, 1)).median_days is None
    assert headline(START, SINCE).overdue == 0


def test_every_figure_is_the_length_of_its_list(session: scoped_session[Session]) -> None:
    settle()
    year = headline(LATER, SINCE)
    for group, figure in ((StateGroup.CLOSED, year.resolved), (StateGroup.OVERDUE, year.overdue)):
        wanted = PublicFilter(state=group, from_on=SINCE)
        assert public_case_count(wanted, LATER) == figure
        assert len(public_cases(wanted, LATER).cases) == figure
    assert len(overdue_cases(5, LATER)) == year.overdue


def test_towns_are_counted(session: scoped_session[Session]) -> None:
    settle()
    (count,) = town_counts(LATER, SINCE)
    assert count.town_id == grid(TOWN).id
    assert (count.received, count.resolved, count.overdue) == (3, 2, 1)
    assert town_counts(LATER, date(2026, 12, 1)) == []


def test_the_year_starts_in_the_city(session: scoped_session[Session]) -> None:
    assert year_start(START.replace(month=12, day=31, hour=23)) == date(2027, 1, 1)


def test_the_version_never_comes_back(session: scoped_session[Session]) -> None:
    city()
    seen = [content_version()]
    report = at_state(State.SUBMITTED)
    seen.append(content_version())
    walk(report, Action.ACCEPT)
    seen.append(content_version())
    drain()
    seen.append(content_version())
    assert len(set(seen)) == len(seen)
    assert content_version() == seen[-1]


def test_a_long_count_stops(
    session: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle()
    monkeypatch.setattr("portal.domain.publication.queries.MOST_COUNTED", 1)
    assert public_case_count(PublicFilter(), LATER) == 2
