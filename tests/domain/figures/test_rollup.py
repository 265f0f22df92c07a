"""The sums kept by differences are the sums counted anew, whatever happened in which order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import delete, select, update
from sqlalchemy.orm import scoped_session

from portal.cli.figures import rebuild_figures
from portal.core import clock
from portal.core.db import db
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import CaseFact, FigureCell
from portal.domain.figures.recount import recount
from portal.domain.figures.rollup import lapsed, refresh_report, refresh_reports
from portal.domain.reports.states import Action, State
from portal.domain.timeline.models import Delivery, DeliveryState
from portal.domain.triage.repeats import keep_repeat
from tests.domain.figures.restless import City, at_rest
from tests.factories import (
    LEAD,
    PATHS,
    START,
    TOWN,
    at_state,
    city,
    drain,
    file,
    grid,
    make_department,
    walk,
    writing,
)

OWED = (Delivery.subscriber == "figures") & (Delivery.state == DeliveryState.PENDING)
SEVERAL = {
    Action.MERGE, Action.UNMERGE, Action.SPLIT, Action.REOPEN, Action.WITHHOLD, Action.DEREGISTER,
    Action.DECLINE, Action.APPEAL, Action.WITHDRAW, Action.RETURN, Action.REWORK, Action.RULE,
    Action.STAGE_CLOSE,
}  # fmt: skip


def catch_up(at: datetime) -> None:
    while due := lapsed(at):
        refresh_reports(due, at)


def cells() -> dict[tuple[object, ...], int]:
    rows = db.session.scalars(select(FigureCell).where(FigureCell.count != 0))
    return {(c.kind, c.measure, c.key, c.month, c.bucket): c.count for c in rows}


def deliver(restless: City, since: int) -> int:
    """Hand over what happened since: some twice, out of order, as an outbox may."""
    events = restless.new_events(since)
    if not events:
        return since
    again = events + restless.rng.sample(events, len(events) // 3)
    restless.rng.shuffle(again)
    for report_id, event_id in again:
        refresh_report(report_id, event_id, restless.at)
        if restless.rng.random() < 0.5:  # what the subscriber `repeats` does
            keep_repeat(report_id)
            refresh_reports([report_id], restless.at)
    db.session.execute(update(Delivery).where(OWED).values(state=DeliveryState.DONE))
    return max(event_id for _, event_id in events)


def live_restlessly(actions: int) -> City:
    """A city where so many things have happened, in an order of its own, with every sum right."""
    city()
    restless, done, since = City(seed=7), 0, 0
    while done < actions:
        with writing():
            for _ in range(100):
                done += restless.step()
            since = deliver(restless, since)
            if restless.rng.random() < 0.3:
                catch_up(restless.at)
    at = at_rest(restless)
    with writing():
        catch_up(at)
    found = recount(at)
    assert not found.faults
    assert (found.reports, found.owed) == (len(restless.ids), 0)
    kept = cells()
    rebuild_figures(at)
    assert cells() == kept
    return restless


def test_after_a_thousand_actions_the_sums_are_right(session: scoped_session[Session]) -> None:
    """Five thousand take minutes: the drill takes them."""
    restless = live_restlessly(1_000)
    assert all(restless.taken.get(action, 0) >= 1 for action in SEVERAL), restless.taken


# --- a small city, counted by hand ----------------------------------------------------------------


def settle() -> None:
    """A published case, one in hand, a merged follower with its main, one waiting, one declined."""
    city()
    for state in (State.PUBLISHED, State.HANDLING, State.MERGED, State.SUBMITTED, State.DECLINED):
        at_state(state)
    drain()


def sums(kind: str = "city", key: int = 0) -> dict[str, int]:
    query = select(FigureCell.measure, FigureCell.count).where(
        FigureCell.kind == kind, FigureCell.key == key, FigureCell.count != 0
    )
    return dict(db.session.execute(query).all())


@pytest.mark.engine
def test_a_small_city_counts_as_by_hand(session: scoped_session[Session]) -> None:
    settle()
    found = sums()
    assert (found["received"], found["problem"], found["unlisted"]) == (6, 3, 3)
    assert (found["waiting"], found["declined"], found["merged"]) == (1, 1, 1)
    assert (found["decided"], found["accepted"]) == (5, 4)
    assert (found["closed"], found["resolved"], found["found"], found["days"]) == (1, 1, 1, 1)
    assert found["open"] == 2
    assert (found["accept_due"], found["accept_met"]) >= (5, 5)
    lead = sums("department", make_department(LEAD).id)
    assert (lead["problem"], lead["dispatched"], lead["sign_met"]) == (2, 2, 2)
    assert sums("town", grid(TOWN).id)["received"] == 6


@pytest.mark.engine
def test_an_event_delivered_twice_counts_once(session: scoped_session[Session]) -> None:
    settle()
    before = cells()
    with writing():
        db.session.execute(
            update(Delivery)
            .where(Delivery.subscriber == "figures")
            .values(state=DeliveryState.PENDING)
        )
    assert drain() > 5
    assert cells() == before
    with writing():
        refresh_reports(list(db.session.scalars(select(CaseFact.report_id))), clock.now())
    assert cells() == before


@pytest.mark.engine
def test_a_planted_fault_is_found(session: scoped_session[Session]) -> None:
    settle()
    at = clock.now()
    assert recount(at).faults == []
    for damage in (
        update(FigureCell).where(FigureCell.measure == "open").values(count=99),
        delete(FigureCell).where(FigureCell.kind == "town"),
        update(CaseFact).values(measures=CaseFact.measures.bitwise_xor(int(Measure.REBOUND))),
        update(CaseFact).values(days=3),
    ):
        with writing():
            db.session.execute(damage, execution_options={"synchronize_session": False})
        assert recount(at).faults
        rebuild_figures(at)
        assert recount(at).faults == []


def test_a_lost_delivery_is_found(session: scoped_session[Session]) -> None:
    """Figures that nobody brought up to date are a fault, unless the worker still owes them."""
    settle()
    walk(at_state(State.SUBMITTED), Action.ACCEPT)
    waiting = recount(clock.now())
    assert (waiting.faults, waiting.owed) == ([], 1)
    with writing():
        db.session.execute(delete(Delivery).where(OWED))
    assert any("has no figures" in fault for fault in recount(clock.now()).faults)


def test_time_alone_makes_a_case_late(session: scoped_session[Session]) -> None:
    city()
    report = at_state(State.ACCEPTED)
    with writing():
        refresh_reports([report.id], report.state_since)
    assert "overdue" not in sums()
    at = START + timedelta(days=30)
    with writing():
        catch_up(at)
    assert (sums()["overdue"], sums()["dispatch_due"]) == (1, 1)
    assert "dispatch_met" not in sums()
    assert lapsed(at) == []


def test_a_repeat_is_what_triage_says_it_is(session: scoped_session[Session]) -> None:
    """Told again after it was closed; what was told twice before that is a duplicate."""
    city()
    twice = [walk(file(at=START + timedelta(hours=n)), Action.ACCEPT) for n in range(2)]
    drain()
    assert "repeat" not in sums()
    first = walk(twice[0], *PATHS[State.RESOLVED][1:])
    again = walk(file(at=first.state_since + timedelta(days=20)), Action.ACCEPT)
    walk(file(at=first.state_since + timedelta(days=250)), Action.ACCEPT)
    drain()
    assert sums()["repeat"] == 1
    walk(again, Action.WITHDRAW)
    drain()
    assert "repeat" not in sums()
    assert recount(clock.now()).faults == []


def test_the_first_outcome_stays(session: scoped_session[Session]) -> None:
    """Reopened, a case is in hand again; what it took the first time still counts."""
    city()
    report = at_state(State.PUBLISHED)
    drain()
    walk(report, Action.REOPEN)
    drain()
    found = sums()
    assert (found["open"], found["resolved"], found["found"], found["days"]) == (1, 1, 1, 1)
    assert (found["reopened"], found["rebound"]) == (1, 1)
    assert "closed" not in found
