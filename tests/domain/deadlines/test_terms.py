"""When terms warn, end and turn red, and what a pause does to them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.deadlines.clocks import Colour, Unit
from portal.domain.deadlines.terms import (
    Pause,
    Run,
    colour_of,
    resume_term,
    term_of,
    term_until,
)
from tests.domain.calendar.test_arithmetic import (
    REAL,
    SHANGHAI,
    at,
    calendars,
    midnight_after,
    moments,
)

DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
runs = st.builds(Run, moments, st.integers(1, 40), st.sampled_from(Unit))


@st.composite
def pauses(draw: st.DrawFn, run: Run, calendar: WorkCalendar) -> Pause:
    """A pause that begins while the term runs."""
    due_at = term_of(run, calendar).due_at
    begun = draw(st.timedeltas(timedelta(), due_at - run.started_at))
    length = draw(st.timedeltas(timedelta(), timedelta(days=20)))
    return Pause(run.started_at + begun, run.started_at + begun + length)


def left(run: Run, due_at: datetime, moment: datetime, calendar: WorkCalendar) -> object:
    """What is left of a term, in its unit."""
    if run.unit is Unit.HOURS:
        return due_at - moment
    if run.unit is Unit.WORKING_HOURS:
        return calendar.working_time_between(moment, due_at)
    return calendar.working_days_between(calendar.local_date(moment), calendar.last_day(due_at))


def test_notice_of_ten_days_rolls_off_the_national_day_week() -> None:
    term = term_of(Run(at(9, 24), 10, Unit.CALENDAR_DAYS), REAL)
    assert term.due_at == midnight_after(10, 8)


def test_accept_of_two_working_days_over_a_weekend() -> None:
    term = term_of(Run(at(3, 13, 10), 2, Unit.WORKING_DAYS), REAL)  # a Friday
    assert term.due_at == midnight_after(3, 17)
    # 5 + 6.5 + 6.5 office hours from Friday 10:00; 80 % of 18 are used on Tuesday at 11:24.
    assert term.warn_at == at(3, 17, 11, 24)
    assert term.red_at == midnight_after(3, 19), "two working days over: the term's own length"


def test_long_terms_also_warn_when_one_working_day_is_left() -> None:
    term = term_of(Run(at(3, 9, 9), 5, Unit.WORKING_DAYS), REAL)
    assert term.due_at == midnight_after(3, 16)
    # Four fifths of the office time end on Friday the 13th; one working day is left after it.
    assert at(3, 13, 0) < term.warn_at <= midnight_after(3, 13)
    three = term_of(Run(at(3, 9, 17, 30), 3, Unit.WORKING_DAYS), REAL)
    assert three.warn_at == midnight_after(3, 11), "one left is earlier than 80 %"


def test_urgent_resolve_of_24_hours() -> None:
    term = term_of(Run(at(10, 1, 20), 24, Unit.HOURS), REAL)
    assert term.due_at == at(10, 2, 20)
    assert term.warn_at == at(10, 2, 15, 12)
    assert term.red_at == at(10, 3, 20)


def test_ordinary_resolve_is_red_after_five_working_days() -> None:
    term = term_of(Run(at(9, 10), 15, Unit.CALENDAR_DAYS), REAL)
    assert term.due_at == midnight_after(9, 28), "the 25th to the 27th are 中秋"
    assert term.red_at == midnight_after(10, 10), "28 Sep + 29, 30, 8, 9 and the worked Saturday"


def test_sign_in_four_working_hours() -> None:
    term = term_of(Run(at(9, 30, 16, 30), 4, Unit.WORKING_HOURS), REAL)
    assert term.due_at == at(10, 8, 11, 30)
    assert term.warn_at == at(10, 8, 10, 42)
    assert term.red_at == at(10, 9, 9), "four more office hours"


def test_colours_change_at_their_moments() -> None:
    warn, due, red = at(3, 10), at(3, 11), at(3, 12)
    tick = timedelta(microseconds=1)
    steps = [
        (warn - tick, Colour.NONE),
        (warn, Colour.BLUE),
        (due - tick, Colour.BLUE),
        (due, Colour.YELLOW),
        (red - tick, Colour.YELLOW),
        (red, Colour.RED),
    ]
    for moment, colour in steps:
        assert colour_of(warn, due, red, moment) is colour


def test_an_end_laid_down_outside() -> None:
    term = term_until(at(3, 2), midnight_after(3, 12), REAL)
    assert term.due_at == midnight_after(3, 12)
    assert term.warn_at < term.due_at < term.red_at
    assert term.red_at == midnight_after(3, 19)
    late = term_until(at(3, 12), at(3, 10), REAL)
    assert late.warn_at == late.due_at < late.red_at


def test_a_pause_of_days_moves_the_end_by_as_many_working_days() -> None:
    run = Run(at(9, 28), 2, Unit.WORKING_DAYS)
    term = term_of(run, REAL)
    assert term.due_at == midnight_after(9, 30)
    # Asked on the 29th with one day left, answered on 9 October: the worked Saturday is that day.
    run, term = resume_term(run, term, Pause(at(9, 29), at(10, 9)), REAL)
    assert term.due_at == midnight_after(10, 10)


def test_a_pause_within_a_day_moves_no_day_term() -> None:
    run = Run(at(3, 9), 2, Unit.WORKING_DAYS)
    term = term_of(run, REAL)
    _, resumed = resume_term(run, term, Pause(at(3, 10, 9), at(3, 10, 16)), REAL)
    assert resumed.due_at == term.due_at


def test_a_calendar_term_counts_from_its_nominal_end() -> None:
    run = Run(at(9, 24), 10, Unit.CALENDAR_DAYS)  # nominally 4 October, rolled to the 8th
    _, term = resume_term(run, term_of(run, REAL), Pause(at(9, 25), at(9, 28)), REAL)
    assert term.due_at == midnight_after(10, 8), "7 October is a holiday too"


@given(calendars(), runs)
def test_moments_are_in_order(calendar: WorkCalendar, run: Run) -> None:
    term = term_of(run, calendar)
    assert run.started_at <= term.warn_at <= term.due_at < term.red_at
    if run.unit in DAYS:
        assert term.due_at.astimezone(SHANGHAI).time() == time()
        assert calendar.is_working_day(calendar.last_day(term.due_at))


@given(calendars(), runs, st.timedeltas(timedelta(), timedelta(days=9)))
def test_later_starts_and_longer_terms_never_end_earlier(
    calendar: WorkCalendar, run: Run, delay: timedelta
) -> None:
    due_at = term_of(run, calendar).due_at
    later = Run(run.started_at + delay, run.amount, run.unit)
    longer = Run(run.started_at, run.amount + 1, run.unit)
    assert due_at <= term_of(later, calendar).due_at
    assert due_at <= term_of(longer, calendar).due_at


@given(st.data(), calendars(), runs)
def test_a_pause_takes_nothing_from_what_was_left(
    data: st.DataObject, calendar: WorkCalendar, run: Run
) -> None:
    term = term_of(run, calendar)
    pause = data.draw(pauses(run, calendar))
    later_run, later = resume_term(run, term, pause, calendar)
    assert later.due_at >= term.due_at
    assert later.warn_at <= later.due_at < later.red_at
    if run.unit is Unit.CALENDAR_DAYS:
        nominal = calendar.local_date(run.started_at) + timedelta(
            days=run.amount + later_run.paused_days
        )
        assert calendar.last_day(later.due_at) == calendar.next_working_day(nominal)
    else:
        before = left(run, term.due_at, pause.from_at, calendar)
        assert left(later_run, later.due_at, pause.to_at, calendar) == before


@given(st.data(), calendars(), runs)
def test_two_pauses_are_as_long_as_one(
    data: st.DataObject, calendar: WorkCalendar, run: Run
) -> None:
    term = term_of(run, calendar)
    pause = data.draw(pauses(run, calendar))
    middle = pause.from_at + (pause.to_at - pause.from_at) / 2
    once = resume_term(run, term, pause, calendar)
    first = resume_term(run, term, Pause(pause.from_at, middle), calendar)
    twice = resume_term(*first, Pause(middle, pause.to_at), calendar)
    assert twice[0] == once[0]
    assert abs(twice[1].due_at - once[1].due_at) <= timedelta(microseconds=1)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_warning_given_stays_given(unit: Unit) -> None:
    run = Run(datetime(2026, 3, 9, 2, tzinfo=UTC), 4, unit)
    term = term_of(run, REAL)
    pause = Pause(term.warn_at + timedelta(minutes=1), term.warn_at + timedelta(days=3))
    _, later = resume_term(run, term, pause, REAL)
    assert later.warn_at == term.warn_at
