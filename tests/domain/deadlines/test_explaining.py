"""Every clock explains itself, and its parts add up to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.deadlines.clocks import Clock, Unit
from portal.domain.deadlines.explaining import Counting, count, explain
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.terms import Pause, Run, end_of, resume_term, term_of
from tests.domain.calendar.test_arithmetic import REAL, at, calendars, midnight_after, moments

DAY = timedelta(days=1)
lengths = st.builds(Run, moments, st.integers(1, 40), st.sampled_from(Unit))


def added_up(parts: Counting, calendar: WorkCalendar) -> datetime:
    """The end, counted by hand from the parts alone."""
    start_on = calendar.local_date(parts.started_at)
    if parts.unit is Unit.HOURS:
        before = parts.started_at + timedelta(hours=parts.amount) + parts.paused_time
    elif parts.unit is Unit.WORKING_HOURS:
        time = timedelta(hours=parts.amount) + parts.paused_time
        before = calendar.add_working_time(parts.started_at, time)
    else:
        days = parts.amount + parts.paused_days + parts.days_off + parts.rolled_days
        before = calendar.end_of_day(start_on + days * DAY)
    assert before == parts.due_before_extension
    if not parts.extended_days:
        return before
    more = parts.extended_days + parts.extension_rolled_days
    return calendar.end_of_day(calendar.last_day(before) + more * DAY)


@given(
    run=lengths,
    calendar=calendars(),
    pauses=st.lists(
        st.tuples(
            st.timedeltas(timedelta(), timedelta(days=3)),
            st.timedeltas(timedelta(), timedelta(days=9)),
        ),
        max_size=2,
    ),
    extended=st.integers(0, 30),
)
def test_the_parts_add_up(
    run: Run,
    calendar: WorkCalendar,
    pauses: list[tuple[timedelta, timedelta]],
    extended: int,
) -> None:
    """Whatever paused and lengthened a term, its explanation counts to the same moment."""
    term = term_of(run, calendar)
    begun = run.started_at
    for wait, length in pauses:
        pause = Pause(begun + wait, begun + wait + length)
        run, term = resume_term(run, term, pause, calendar)
        begun = pause.to_at
    run = replace(run, extended_days=extended)
    parts = count(run, calendar)
    assert parts.due_at == end_of(run, calendar) == added_up(parts, calendar)
    assert min(parts.days_off, parts.rolled_days, parts.extension_rolled_days) >= 0
    if not extended:
        assert parts.due_at == term.due_at


def test_an_ordinary_case_paused_before_and_lengthened_over_the_national_holidays() -> None:
    run = Run(at(9, 7, 9), 15, Unit.CALENDAR_DAYS, extended_days=10)
    parts = count(run, REAL)
    assert parts.due_before_extension == midnight_after(9, 22)
    assert parts.rolled_days == 0
    assert parts.due_at == midnight_after(10, 8), "2 October and the week after it are off"
    assert (parts.extended_days, parts.extension_rolled_days) == (10, 6)


def test_two_working_days_over_a_weekend() -> None:
    parts = count(Run(at(3, 13, 10), 2, Unit.WORKING_DAYS, paused_days=1), REAL)
    assert parts.days_off == 2
    assert parts.due_at == midnight_after(3, 18)


def deadline(**more: object) -> Deadline:
    given_at = at(3, 9)
    fields: dict[str, object] = {
        "clock": Clock.RESOLVE,
        "amount": 15,
        "unit": Unit.CALENDAR_DAYS,
        "started_at": given_at,
        "warn_at": given_at,
        "due_at": midnight_after(3, 24),
        "red_at": midnight_after(3, 31),
        "paused_days": 0,
        "paused_seconds": 0,
        "extended_days": 0,
        "uncharged_seconds": 0,
    }
    return Deadline(**{**fields, **more})


def test_a_running_clock_says_what_it_carries() -> None:
    found = explain(deadline(uncharged_seconds=86_400), replace(REAL, announced=frozenset({2026})))
    assert found.counting is not None
    assert (found.uncharged, found.is_guessed, found.paused_at) == (DAY, False, None)
    assert explain(deadline(), replace(REAL, announced=frozenset())).is_guessed


def test_an_end_laid_down_from_outside_is_not_counted() -> None:
    found = explain(deadline(amount=None, paused_at=datetime(2026, 3, 10, tzinfo=UTC)), REAL)
    assert found.counting is None
    assert not found.is_guessed
    assert found.paused_at is not None
