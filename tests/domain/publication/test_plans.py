"""The lists of a large city go down an index in their own order; nothing is read to be sorted."""

from __future__ import annotations

from datetime import date

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.geo import Box
from portal.domain.publication.conditions import PublicFilter, Sort, StateGroup
from portal.domain.publication.map_filters import Span
from portal.domain.publication.map_queries import seen
from portal.domain.publication.map_sums import in_view
from portal.domain.publication.map_view import View
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import (
    overdue_cases,
    public_case_count,
    public_cases,
    related_cases,
)
from portal.domain.reports.states import State
from tests.plans import SORTED, plans

pytestmark = pytest.mark.sqlite

SINCE = date(2026, 3, 1)
CITY = Box(30.15, 112.05, 30.75, 112.85)
STREET = Box(30.409, 112.285, 30.427, 112.315)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (PublicFilter(), "received"),
        (PublicFilter(sort=Sort.OLD), "received"),
        (PublicFilter(after="2026-11-19_445172"), "received"),
        (PublicFilter(state=StateGroup.CLOSED), "received"),
        (PublicFilter(state=StateGroup.OPEN), "received"),
        (PublicFilter(state=State.HANDLING), "state"),
        (PublicFilter(category="air"), "category"),
        (PublicFilter(category="air", state=State.HANDLING), "category"),
        (PublicFilter(town_id=3), "town"),
        (PublicFilter(town_id=3, from_on=SINCE), "town"),
        (PublicFilter(department_id=3), "department"),
        (PublicFilter(department_id=3, state=StateGroup.CLOSED), "department"),
        (PublicFilter(department_id=3, state=State.DEREGISTERED), "department"),
        (PublicFilter(sort=Sort.DAYS), "days"),
        (PublicFilter(sort=Sort.DAYS, department_id=3), "days"),
        (PublicFilter(sort=Sort.DAYS, town_id=3, category="air"), "days"),
    ],
)
def test_a_list_goes_down_its_index(
    session: scoped_session[Session], wanted: PublicFilter, index: str
) -> None:
    (plan,) = plans(lambda: public_cases(wanted, now()))
    assert f"ix_public_case_{index}" in plan
    assert SORTED not in plan


@pytest.mark.parametrize(
    "wanted",
    [
        PublicFilter(department_id=3),
        PublicFilter(department_id=3, category="water", state=StateGroup.CLOSED),
        PublicFilter(town_id=3),
        PublicFilter(category="air.odor"),
    ],
)
def test_a_view_of_one_part_reads_sums(
    session: scoped_session[Session], wanted: PublicFilter
) -> None:
    found = plans(lambda: seen(View.of(CITY, 10), wanted))
    assert any("map_slice USING PRIMARY KEY (part=? AND level=?" in plan for plan in found)
    assert not any("map_case" in plan for plan in found)
    squares, _nowhere = (plan for plan in plans(lambda: seen(View.of(STREET, 15), wanted))[-2:])
    assert "ix_map_case_square (row=? AND column>?" in squares


def test_days_are_summed_up_from_an_index_alone(session: scoped_session[Session]) -> None:
    days = PublicFilter(from_on=SINCE)
    span = Span(days=(SINCE, None))
    (plan,) = plans(lambda: list(in_view(View.of(CITY, 10), days, span)))
    assert "COVERING INDEX ix_map_case_received (received_on>?" in plan
    words = PublicFilter(q="异味")
    (plan,) = plans(lambda: seen(View.of(STREET, 15), words))
    assert "SEARCH map_case USING INTEGER PRIMARY KEY" in plan


def test_what_is_late_is_found_by_its_term(session: scoped_session[Session]) -> None:
    late = PublicFilter(state=StateGroup.OVERDUE, department_id=3)
    (count,) = plans(lambda: public_case_count(late, now()))
    assert "ix_public_case_due" in count
    (first,) = plans(lambda: overdue_cases(5, now()))
    assert "ix_public_case_due" in first
    assert SORTED not in first


def test_a_word_alone_is_counted_where_it_is_kept(session: scoped_session[Session]) -> None:
    (plan,) = plans(lambda: public_case_count(PublicFilter(q="异味"), now()))
    assert "public_case_fts VIRTUAL TABLE" in plan
    assert "map_case" not in plan


def test_related_cases_are_found_in_order(session: scoped_session[Session]) -> None:
    case = PublicCase(report_id=1, category_code="air", town_id=3)
    (plan,) = plans(lambda: related_cases(case, 3))
    assert "ix_public_case_" in plan
    assert SORTED not in plan
