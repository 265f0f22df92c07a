"""Clocks in the database: started, paused, stopped, run on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from portal.core.errors import InvalidFieldsError
from portal.domain.deadlines.clocks import Clock, Colour, DeadlineClass, EndReason, Unit
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import (
    RuleMissingError,
    deadlines_of,
    due_after_plan,
    earliest_open,
    expired,
    open_deadline,
    open_deadlines,
    rule_for,
    rules,
    term_for,
    was_started,
)
from portal.domain.deadlines.seed import DEFAULT_RULES
from portal.domain.deadlines.services import (
    NewRule,
    charge_department,
    close_clocks,
    pause_clocks,
    restart_clock,
    resume_clocks,
    save_rule,
    seed_rules,
    start_clock,
    start_once,
    stop_clock,
)
from tests.domain.calendar.test_arithmetic import at, midnight_after
from tests.factories import make_department

pytestmark = pytest.mark.engine
URGENT, ORDINARY = DeadlineClass.URGENT, DeadlineClass.ORDINARY


def test_rules_by_class_and_day(report_id: int) -> None:
    day = date(2026, 3, 9)
    assert rule_for(Clock.CONTACT, URGENT, day).amount == 2
    assert rule_for(Clock.CONTACT, ORDINARY, day).amount == 24
    assert rule_for(Clock.CONTACT, None, day).amount == 24
    save_rule(NewRule(Clock.CONTACT, None, 8, Unit.WORKING_HOURS, date(2026, 4, 1)))
    assert rule_for(Clock.CONTACT, ORDINARY, date(2026, 3, 31)).amount == 24
    assert rule_for(Clock.CONTACT, ORDINARY, date(2026, 4, 1)).amount == 8
    assert rule_for(Clock.CONTACT, URGENT, date(2026, 4, 1)).amount == 2


def test_seeding_and_saving_twice_add_nothing(report_id: int) -> None:
    save_rule(NewRule(Clock.SIGN, None, 6, Unit.WORKING_HOURS, date(2026, 1, 1)))
    save_rule(NewRule(Clock.SIGN, None, 5, Unit.WORKING_HOURS, date(2026, 1, 1)))
    seed_rules()
    assert len(rules()) == len(DEFAULT_RULES) + 1
    assert rule_for(Clock.SIGN, None, date(2026, 3, 9)).amount == 5


def test_impossible_terms_are_refused(report_id: int) -> None:
    with pytest.raises(InvalidFieldsError):
        save_rule(NewRule(Clock.SIGN, None, 0, Unit.HOURS, date(2026, 1, 1)))
    with pytest.raises(RuleMissingError):
        start_clock(report_id, Clock.MILESTONE, at(3, 9))


def test_start_and_stop(report_id: int) -> None:
    row = start_clock(report_id, Clock.ACCEPT, at(3, 13))
    assert row.due_at == midnight_after(3, 17) == term_for(Clock.ACCEPT, None, at(3, 13)).due_at
    assert row.colour(at(3, 14)) is Colour.NONE
    assert row.colour(at(3, 18)) is Colour.YELLOW
    assert stop_clock(report_id, Clock.ACCEPT, at(3, 16)) == [row]
    assert row.closed_reason is EndReason.DONE
    assert row.colour(at(6, 1)) is Colour.NONE, "it was in time when it stopped"
    assert stop_clock(report_id, Clock.ACCEPT, at(3, 17)) == []
    assert was_started(report_id, Clock.ACCEPT)


def test_a_clock_runs_once_for_each_department(report_id: int) -> None:
    lead, assist = make_department("sthj").id, make_department("cg").id
    first = start_clock(report_id, Clock.SIGN, at(3, 9), department_id=lead)
    other = start_clock(report_id, Clock.SIGN, at(3, 9), department_id=assist)
    second = start_clock(report_id, Clock.SIGN, at(3, 9, 11), department_id=lead)
    assert first.closed_reason is EndReason.SUPERSEDED
    assert stop_clock(report_id, Clock.SIGN, at(3, 9, 12), department_id=lead) == [second]
    assert open_deadlines(report_id) == [other]


def test_milestones_run_side_by_side(report_id: int) -> None:
    near = start_clock(report_id, Clock.MILESTONE, at(3, 9), due_at=midnight_after(4, 1))
    far = start_clock(report_id, Clock.MILESTONE, at(3, 9), due_at=midnight_after(6, 1))
    assert open_deadlines(report_id) == [near, far]


def test_resolve_never_restarts(report_id: int) -> None:
    row = start_once(report_id, Clock.RESOLVE, at(3, 9), deadline_class=ORDINARY)
    assert row.due_at == midnight_after(3, 24)
    close_clocks(report_id, at(3, 12))
    assert row.closed_reason is EndReason.CLOSED
    again = start_once(report_id, Clock.RESOLVE, at(3, 20), deadline_class=ORDINARY)
    assert again is row
    assert row.is_open
    assert row.due_at == midnight_after(3, 24)


def test_what_was_done_stays_done(report_id: int) -> None:
    row = start_once(report_id, Clock.CONTACT, at(3, 9), deadline_class=ORDINARY)
    stop_clock(report_id, Clock.CONTACT, at(3, 9, 11))
    assert start_once(report_id, Clock.CONTACT, at(3, 11), deadline_class=ORDINARY) is row
    assert not row.is_open


def test_resolve_runs_on_after_a_plan(report_id: int) -> None:
    row = start_clock(report_id, Clock.RESOLVE, at(3, 9), deadline_class=ORDINARY)
    stop_clock(report_id, Clock.RESOLVE, at(3, 20))
    due_at = due_after_plan(date(2026, 9, 29))
    assert due_at == midnight_after(10, 12), "30 Sep, then 8, 9, 10 (worked) and 12 October"
    assert restart_clock(report_id, Clock.RESOLVE, at(9, 30), due_at=due_at) is row
    assert (row.due_at, row.is_open) == (due_at, True)
    assert row.started_at == at(3, 9)


def test_asking_the_reporter_stops_the_clock(report_id: int) -> None:
    row = start_clock(report_id, Clock.ACCEPT, at(3, 9))
    fixed = start_clock(report_id, Clock.FEEDBACK, at(3, 9), due_at=midnight_after(3, 19))
    assert pause_clocks(report_id, at(3, 10)) == [row]
    window = start_clock(report_id, Clock.NEED_INFO, at(3, 10))
    assert window.due_at == midnight_after(3, 17)
    assert earliest_open(report_id) is fixed
    assert row.colour(at(3, 30)) is Colour.NONE, "a paused clock does not age"
    resume_clocks(report_id, at(3, 13))
    assert row.due_at == midnight_after(3, 16), "one day was left on the 10th: Monday the 16th"
    assert fixed.due_at == midnight_after(3, 19)
    assert earliest_open(report_id) is row


def test_earliest_open_ignores_windows(report_id: int) -> None:
    start_clock(report_id, Clock.RATING, at(3, 9))
    assert earliest_open(report_id) is None
    row = start_clock(report_id, Clock.PUBLISH, at(3, 9))
    assert earliest_open(report_id) is row
    assert earliest_open(report_id, {Clock.RATING}) is open_deadline(report_id, Clock.RATING)
    assert [d.clock for d in deadlines_of(report_id)] == [Clock.RATING, Clock.PUBLISH]


def test_notice_that_ran_out_is_expired(report_id: int) -> None:
    row = start_clock(report_id, Clock.NOTICE, at(9, 24))
    assert row.due_at == midnight_after(10, 8)
    assert expired(Clock.NOTICE, at(10, 8)) == []
    assert expired(Clock.NOTICE, midnight_after(10, 8)) == [row]
    assert row.colour(at(12, 1)) is Colour.NONE


def test_days_lost_to_an_upheld_return_are_not_charged(report_id: int) -> None:
    row = start_clock(report_id, Clock.RESOLVE, at(3, 9), deadline_class=ORDINARY)
    zj = make_department("zj").id
    charge_department(report_id, Clock.RESOLVE, zj, at(4, 9), timedelta(days=2))
    assert (row.department_id, row.uncharged_seconds) == (zj, 172_800)


def test_rows_come_back_as_they_went(report_id: int, session: scoped_session[Session]) -> None:
    row_id = start_clock(report_id, Clock.SIGN, at(3, 9, 16, 30)).id
    session.expire_all()
    row = session.get_one(Deadline, row_id)
    assert (row.clock, row.unit, row.due_at) == (
        Clock.SIGN,
        Unit.WORKING_HOURS,
        at(3, 10, 11, 30),
    )
    stored = session.scalar(text("SELECT clock FROM deadline"))
    assert stored == "sign"
