"""When a term came to a colour: noted once, before anything stops or moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.domain.deadlines.clocks import Clock, Colour, DeadlineClass
from portal.domain.deadlines.crossings import note_crossings
from portal.domain.deadlines.models import Crossing, Deadline
from portal.domain.deadlines.services import (
    charge_department,
    pause_clocks,
    resume_clocks,
    start_clock,
    stop_clock,
)
from tests.domain.calendar.test_arithmetic import at
from tests.factories import make_department

pytestmark = pytest.mark.engine


def crossed(row: Deadline) -> list[tuple[Colour, datetime]]:
    query = select(Crossing.colour, Crossing.at).where(Crossing.deadline_id == row.id)
    return [(colour, moment) for colour, moment in db.session.execute(query.order_by(Crossing.at))]


def ordinary(report_id: int) -> Deadline:
    return start_clock(report_id, Clock.RESOLVE, at(3, 9), deadline_class=DeadlineClass.ORDINARY)


def test_each_colour_is_noted_once_with_its_own_moment(report_id: int) -> None:
    row = ordinary(report_id)
    note_crossings(row, row.warn_at - timedelta(seconds=1))
    assert crossed(row) == []
    for _twice in range(2):
        note_crossings(row, row.due_at + timedelta(days=1))
    assert crossed(row) == [(Colour.BLUE, row.warn_at), (Colour.YELLOW, row.due_at)]
    assert row.next_cross_at == row.red_at


def test_a_stopped_term_keeps_what_it_came_to(report_id: int) -> None:
    """Nobody looked between its end and its stop."""
    row = ordinary(report_id)
    stop_clock(report_id, Clock.RESOLVE, row.due_at + timedelta(hours=1))
    assert [colour for colour, _at in crossed(row)] == [Colour.BLUE, Colour.YELLOW]
    assert row.next_cross_at is None


def test_a_pause_holds_the_colours_back(report_id: int) -> None:
    row = ordinary(report_id)
    pause_clocks(report_id, at(3, 10))
    note_crossings(row, row.red_at)
    assert crossed(row) == []
    resume_clocks(report_id, at(3, 12))
    assert row.next_cross_at == row.warn_at


def test_time_lost_by_others_is_added(report_id: int) -> None:
    row = ordinary(report_id)
    unit = make_department("zj").id
    charge_department(report_id, Clock.RESOLVE, unit, at(3, 10), timedelta(days=2))
    note_crossings(row, row.due_at + timedelta(days=1))
    assert crossed(row) == [(Colour.BLUE, row.warn_at + timedelta(days=2))]


def test_what_the_city_keeps_itself_presses_no_unit(report_id: int) -> None:
    row = start_clock(report_id, Clock.ACCEPT, at(3, 9))
    assert row.next_cross_at is None
