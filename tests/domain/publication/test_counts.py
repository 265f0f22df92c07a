"""Groups of cases are counted exactly; the version of the content follows every change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.publication.conditions import PublicFilter, StateGroup
from portal.domain.publication.queries import (
    content_version,
    overdue_cases,
    public_case_count,
    public_cases,
)
from portal.domain.reports.states import Action, State
from tests.factories import START, at_state, city, drain, walk

pytestmark = pytest.mark.engine
LATER = START + timedelta(days=60)
SINCE = date(2026, 1, 1)


def settle() -> None:
    """Two cases resolved on their first day, one open and one nobody took on yet."""
    city()
    for state in (State.PUBLISHED, State.WITHHELD, State.HANDLING, State.SUBMITTED):
        at_state(state)
    drain()


def test_groups_count_what_their_lists_hold(session: scoped_session[Session]) -> None:
    settle()
    for group, count in ((StateGroup.CLOSED, 2), (StateGroup.OVERDUE, 1)):
        wanted = PublicFilter(state=group, from_on=SINCE)
        assert public_case_count(wanted, LATER) == count
        assert len(public_cases(wanted, LATER).cases) == count
    assert len(overdue_cases(5, LATER)) == 1


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
    assert public_case_count(PublicFilter(q="镇"), LATER) == 2
    assert public_case_count(PublicFilter(), LATER) == 3  # kept sums count all
