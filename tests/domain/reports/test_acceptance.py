"""Taking a report on, or not, as it goes in life."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.actor import REPORTER, SYSTEM
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadline, open_deadlines
from portal.domain.reports.acceptance import (
    accept_report,
    add_information,
    answer_question,
    withdraw_report,
)
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report, ThreadEntry, ThreadKind
from portal.domain.reports.states import Action, State
from portal.domain.timeline.queries import event_count, events_of
from tests.factories import (
    START,
    VILLAGE,
    at_state,
    file,
    grid,
    make_category,
    ordinary_acceptance,
    staff,
    take,
    walk,
)

A = Action


def thread(report: Report) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(ThreadEntry).where(ThreadEntry.report_id == report.id))
    return [(row.kind, row.text) for row in rows]


def due(report: Report, clock: Clock) -> object:
    row = open_deadline(report.id, clock)
    return row and row.due_at


def test_another_officer_decides_after_an_appeal(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.DECLINE, A.APPEAL)
    assert report.state == State.SUBMITTED
    walk(report, A.ACCEPT)  # by triage2
    assert report.state == State.ACCEPTED
    assert [kind for kind, _ in thread(report)] == [ThreadKind.DECLINE, ThreadKind.APPEAL]


def test_whoever_declined_may_handle_other_reports(db_city: scoped_session[Session]) -> None:
    at_state(State.DECLINED)
    assert at_state(State.ACCEPTED).state == State.ACCEPTED


def test_an_appeal_on_the_last_day(db_city: scoped_session[Session]) -> None:
    """30 days, the day of the decision not counted, to the end of the last day."""
    report = at_state(State.DECLINED)  # Monday 9 March, 09:10
    last = report.state_since.replace(hour=15, minute=59) + timedelta(days=30)  # 8 April, 23:59
    take(report, A.APPEAL, at=last)
    assert report.state == State.SUBMITTED


def test_a_question_pauses_the_clock(db_city: scoped_session[Session]) -> None:
    """Two working days were left when it was asked on Monday; Thursday's answer leaves them."""
    report = file()
    due_before = report.due_at
    take(report, A.ASK, at=START + timedelta(hours=1))
    assert report.due_at is None
    take(report, A.ANSWER, at=START + timedelta(days=3))
    assert report.state == State.SUBMITTED
    assert due_before is not None
    assert report.due_at == due_before + timedelta(days=5)  # Wednesday's end → Monday's end


def test_two_questions_then_an_answer_is_due(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ASK, A.ANSWER, A.ACCEPT, A.ASK, A.ANSWER)
    assert report.state == State.ACCEPTED
    kinds = [kind for kind, _ in thread(report)]
    assert kinds == [ThreadKind.QUESTION, ThreadKind.ANSWER] * 2
    assert due(report, Clock.DISPATCH) is not None


def test_silence_puts_the_report_back(db_city: scoped_session[Session]) -> None:
    """The system answers without words; the thread shows no answer."""
    report = walk(file(), A.ACCEPT, A.ASK)
    with transaction():
        answer_question(report, "", by=SYSTEM, at=report.state_since + timedelta(days=8))
    assert report.state == State.ACCEPTED
    assert [kind for kind, _ in thread(report)] == [ThreadKind.QUESTION]
    assert events_of("report", report.id)[-1].data["expired"] is True
    assert all(d.paused_at is None for d in open_deadlines(report.id))


def test_a_late_answer_is_kept_as_information(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    version = report.version
    with transaction():
        add_information(report, "昨晚又来了。", by=REPORTER, at=report.state_since)
    assert thread(report) == [(ThreadKind.INFO, "昨晚又来了。")]
    assert (report.state, report.version) == (State.HANDLING, version)


@pytest.mark.parametrize("state", [State.SUBMITTED, State.NEED_INFO, State.ACCEPTED])
def test_withdrawing_before_dispatch(db_city: scoped_session[Session], state: State) -> None:
    report = at_state(state)
    with transaction():
        assert withdraw_report(report, by=REPORTER, at=report.state_since)
    assert report.state == State.WITHDRAWN
    assert open_deadlines(report.id) == []
    assert report.due_at is None


@pytest.mark.parametrize(
    "state", [State.DISPATCHED, State.RETURNED, State.HANDLING, State.HEAD_REVIEW, State.RESOLVED]
)
def test_withdrawing_later_is_a_note(db_city: scoped_session[Session], state: State) -> None:
    """The pollution is still dealt with."""
    report = at_state(state)
    version, clocks = report.version, {d.clock for d in open_deadlines(report.id)}
    with transaction():
        assert not withdraw_report(report, by=REPORTER, at=report.state_since, note="已经好了")
    assert (report.state, report.version) == (state, version)
    assert {d.clock for d in open_deadlines(report.id)} == clocks
    assert thread(report) == [(ThreadKind.WITHDRAWAL, "已经好了")]
    assert event_count("report", report.id, "withdraw_noted") == 1


def test_nobody_withdraws_for_the_reporter(db_city: scoped_session[Session]) -> None:
    report = file()
    with pytest.raises(NotAllowedError), transaction():
        withdraw_report(report, by=staff(Role.TRIAGE), at=START)


def test_acceptance_settles_category_and_place(db_city: scoped_session[Session]) -> None:
    """Who only knew "air" and an address gets both from triage, or no acceptance."""
    report = file("air", place=Place(address="河堤路老桥下", source="address"))
    by, plain = staff(Role.TRIAGE), ordinary_acceptance()
    kind = replace(plain, category=make_category("air.odor"))
    for half, field in ((plain, "category"), (kind, "grid_code")):
        with pytest.raises(InvalidFieldsError) as caught, transaction():
            accept_report(report, half, expected=1, by=by, at=START)
        assert set(caught.value.faults) == {field}
    full = replace(kind, grid=grid(VILLAGE))
    with transaction():
        accept_report(report, full, expected=report.version, by=by, at=START)
    assert report.category.code == "air.odor"
    assert report.town is not None
    assert report.town.code == VILLAGE[:9]
    assert report.accepted_at == START
