"""Deliveries: leased, retried with growing waits, given up on where somebody sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, transaction
from portal.domain.reports.states import State
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent
from portal.domain.timeline.queries import delivery_counts, oldest_waiting
from portal.domain.timeline.services import LEASE, MAX_ATTEMPTS, claim_deliveries
from portal.jobs.outbox import Outbox
from tests.factories import at_state, drain, file
from tests.jobs.worker import Workplace


@pytest.fixture
def place(workplace: Workplace) -> Iterator[Workplace]:
    with workplace.app.app_context():
        yield workplace
    shift(timedelta())


def shift(by: timedelta) -> None:
    """Move this process's clock."""
    clock.configure(by, None, "Asia/Shanghai")


def of(subscriber: str) -> list[Delivery]:
    query = select(Delivery).where(Delivery.subscriber == subscriber).order_by(Delivery.id)
    return list(db.session.scalars(query))


def test_a_claim_lasts_its_lease(place: Workplace) -> None:
    file()
    at = clock.now()
    with transaction():
        ids = claim_deliveries(at, 10)
    assert len(ids) == len(place.app.extensions["portal.subscribers"]["file"])
    for moment, found in ((at, []), (at + LEASE, []), (at + LEASE * 1.01, ids)):
        with transaction():
            assert claim_deliveries(moment, 10) == found
    assert {d.attempts for d in db.session.scalars(select(Delivery))} == {2}


def test_a_failing_receiver_holds_nobody_else_up(place: Workplace) -> None:
    """One address refuses: its message waits, the listing and the others are done."""
    place.receiver.refusing = {"/second": 503}
    report = at_state(State.ACCEPTED)
    drain()
    assert {d.state for d in of("listing")} == {DeliveryState.DONE}
    waiting = of("webhooks")
    assert {d.state for d in waiting} == {DeliveryState.PENDING}
    assert {d.last_error for d in waiting} == {"ChannelError"}
    assert all(d.next_at > clock.now() - timedelta(seconds=2) for d in waiting)
    assert drain() == 0 or waiting[0].attempts <= 2
    place.receiver.refusing = {}
    shift(timedelta(hours=1))
    drain()
    assert {d.state for d in of("webhooks")} == {DeliveryState.DONE}
    place.check_everything_arrived()
    assert {body["number"] for _, _, body in place.receiver.posts} == {report.number}


def test_a_failing_write_holds_nobody_else_up(place: Workplace) -> None:
    """What one event owes is written together; when one of them cannot be, the others still are."""
    written: list[str] = []

    def figures(_event: TimelineEvent) -> Callable[[], None]:
        return lambda: written.append("figures")

    def alarm(_event: TimelineEvent) -> Callable[[], None]:
        def write() -> None:
            written.append("alarm")
            db.session.get_one(Delivery, 0)

        return write

    file()
    Outbox({"figures": figures, "alarm": alarm, "positions": lambda _e: None}).drain()
    assert {d.state for d in of("figures") + of("positions")} == {DeliveryState.DONE}
    assert {(d.state, d.last_error) for d in of("alarm")} == {
        (DeliveryState.PENDING, "NoResultFound")
    }
    # Once together and taken back, then each alone: in what order, is nobody's business.
    assert sorted(written) == ["alarm", "alarm", "figures", "figures"]


def test_waits_grow_and_end(place: Workplace) -> None:
    """Twelve tries over hours, then it is dead and counted as such."""
    place.receiver.refusing = {"/first": 500}
    file()
    for n in range(MAX_ATTEMPTS):
        shift(timedelta(hours=2 * n))
        before = clock.now()
        drain()
        wait = timedelta(seconds=min(2 * 2**n, 3600))
        assert before <= of("webhooks")[0].next_at - wait <= clock.now()
    (owed,) = of("webhooks")
    assert (owed.state, owed.attempts) == (DeliveryState.DEAD, MAX_ATTEMPTS)
    assert delivery_counts()["dead"] == 1
    shift(timedelta(days=3))
    assert drain() == 0
    assert oldest_waiting(clock.now()) is None


def test_webhooks_carry_no_words(place: Workplace) -> None:
    at_state(State.PUBLISHED, description="臭味来自李四家", accused_name="李四饲料厂")
    drain()
    for _, key, body in place.receiver.posts:
        assert key == f"event-{body['event']}"
        assert "李四" not in str(body)
        assert set(body) == {"event", "number", "kind", "at", "state"}
