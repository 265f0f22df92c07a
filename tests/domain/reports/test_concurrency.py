"""Two at the same moment, on both databases: one wins, and the other is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import assignments_of
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.reports.models import NumberSeries, Report
from portal.domain.reports.receipts import keep_receipt, reserve
from portal.domain.reports.states import Action, State
from portal.domain.timeline.models import Delivery, TimelineEvent
from portal.domain.timeline.queries import event_count
from portal.domain.timeline.services import claim_deliveries
from portal.domain.triage.services import merge_report
from tests.factories import START, at_state, city, file, staff, take

pytestmark = pytest.mark.engine
A = Action


def together(app: Flask, *jobs: Callable[[], Any]) -> list[Any]:
    """Run `jobs` at once, each with a database session of its own; what each returned or raised."""
    barrier = threading.Barrier(len(jobs))
    outcomes: list[Any] = [None] * len(jobs)

    def run(place: int) -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                outcomes[place] = jobs[place]()
            except Exception as fault:  # noqa: BLE001 - what happened is the outcome
                outcomes[place] = type(fault).__name__
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.fixture
def filled(app: Flask) -> Flask:
    """The application with a city; nothing stays open in this thread."""
    with app.app_context():
        city()
        for role in (Role.TRIAGE, Role.CLERK, Role.SUPERVISOR):
            staff(role)
    return app


def made(app: Flask, state: State) -> tuple[int, int]:
    with app.app_context():
        report = at_state(state)
        return report.id, report.version


def taking(report_id: int, action: Action, version: int) -> Callable[[], str]:
    def job() -> str:
        with transaction():
            take(db.session.get_one(Report, report_id), action, expected=version)
        return "won"

    return job


@pytest.mark.parametrize(
    ("state", "action"),
    [(State.ACCEPTED, A.DISPATCH), (State.DISPATCHED, A.SIGN), (State.HANDLING, A.PROPOSE)],
)
def test_one_of_two_forms_wins(filled: Flask, state: State, action: Action) -> None:
    report_id, version = made(filled, state)
    outcomes = together(filled, *[taking(report_id, action, version)] * 3)
    assert Counter(outcomes) == {"won": 1, "StaleFormError": 2}
    with filled.app_context():
        report = db.session.get_one(Report, report_id)
        assert report.version == version + 1
        assert event_count("report", report_id, action) == 1
        assert len(assignments_of(report)) == 2
        resolves = [d for d in open_deadlines(report_id) if d.clock is Clock.RESOLVE]
        assert len(resolves) == 1


def test_different_steps_on_one_version(filled: Flask) -> None:
    """Dispatched here, merged there, asked about elsewhere: one of them happened."""
    report_id, version = made(filled, State.ACCEPTED)
    steps = (A.DISPATCH, A.ASK, A.SPLIT)
    outcomes = together(filled, *[taking(report_id, step, version) for step in steps])
    assert Counter(outcomes) == {"won": 1, "StaleFormError": 2}


def test_two_reports_do_not_follow_each_other(filled: Flask) -> None:
    """Merged crosswise at once, one of them stays a main report."""
    first, second = made(filled, State.ACCEPTED), made(filled, State.ACCEPTED)

    def merging(mine: tuple[int, int], other: tuple[int, int]) -> Callable[[], str]:
        def job() -> str:
            with transaction():
                report = db.session.get_one(Report, mine[0])
                main = db.session.get_one(Report, other[0])
                by, at = staff(Role.TRIAGE), report.state_since
                merge_report(report, main.number, expected=mine[1], by=by, at=at)
            return "won"

        return job

    outcomes = together(filled, merging(first, second), merging(second, first))
    with filled.app_context():
        rows = [db.session.get_one(Report, n) for n, _ in (first, second)]
        assert sorted(r.state for r in rows) == ["accepted", "merged"], outcomes
    assert sorted(outcomes) == ["GuardError", "won"]


def filing(handle: str, digest: str = "d") -> Callable[[], str]:
    def job() -> str:
        with transaction():
            receipt = reserve(handle, digest, START)
            if receipt is None:
                receipt = {"number": file().number}
                keep_receipt(handle, receipt, START)
        return str(receipt["number"])

    return job


def test_one_handle_makes_one_report(filled: Flask) -> None:
    outcomes = together(filled, *[filing("the same")] * 4, filing("the same", "other body"))
    with filled.app_context():
        (report,) = db.session.query(Report).all()
    refused = Counter(outcomes)["KeyReusedError"]
    assert refused in {1, 4}  # whichever body came first
    assert Counter(outcomes)[report.number] == 5 - refused


def test_the_first_filings_of_a_day(filled: Flask) -> None:
    """The day's series starts once; everybody gets a number of their own."""
    outcomes = together(filled, *[filing(f"handle {n}") for n in range(6)])
    assert len(set(outcomes)) == 6
    assert all(number.startswith("SP260309") for number in outcomes), outcomes
    with filled.app_context():
        assert db.session.query(NumberSeries).count() == 1
        assert db.session.query(TimelineEvent).count() == 6


def test_two_workers_share_the_outbox(filled: Flask) -> None:
    """Each delivery is claimed by one of them."""
    for _ in range(6):
        made(filled, State.ACCEPTED)

    def claiming() -> list[int]:
        claimed: list[int] = []
        for _ in range(8):
            with transaction():
                claimed += claim_deliveries(START.replace(year=2027), 3)
        return claimed

    first, second = together(filled, claiming, claiming)
    with filled.app_context():
        assert sorted(first + second) == sorted(d.id for d in db.session.query(Delivery))
