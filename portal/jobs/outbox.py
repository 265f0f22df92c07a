"""The outbox: every event reaches every subscriber, at least once, whatever is killed when.

A handler does its slow work first, outside any transaction, and returns what remains to be written;
that and "delivered" are committed together, so running a handler twice never counts twice.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import structlog

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import Owed, event_by_id, owed_deliveries
from portal.domain.timeline.services import claim_deliveries, fail_delivery, finish_deliveries

log = structlog.get_logger(__name__)

Write = Callable[[], None]
Handler = Callable[[TimelineEvent], Write | None]
BATCH = 30
# The longest rest after a write, in seconds.
_REST_S = 0.02


@dataclass(frozen=True)
class Outbox:
    """The handlers by subscriber name, and where a drill kills the worker (never in production)."""

    handlers: Mapping[str, Handler]
    kill_point: str = ""

    def drain(self, beat: Callable[[], None] | None = None, *, gives_way: bool = False) -> int:
        """Deliver everything that is due; returns how many deliveries were tried.

        `beat` is called between batches, so that a busy worker still shows that it lives. A worker
        that `gives_way` rests after each event as long as it took: who waits for SQLite's one write
        lock looks for it now and then, and would miss the moment between two of our writes.
        """
        tried = 0
        while ids := self._claim():
            for owed in _by_event(ids):
                began = time.monotonic()
                self._deliver(owed)
                if gives_way:
                    time.sleep(min(time.monotonic() - began, _REST_S))
            tried += len(ids)
            if beat is not None:
                beat()
        return tried

    def die_at(self, point: str) -> None:
        """Be killed here when a drill asked for it."""
        if self.kill_point == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def _claim(self) -> list[int]:
        with transaction():
            ids = claim_deliveries(now(), BATCH)
        if ids:
            self.die_at("after_claim")
        return ids

    def _deliver(self, owed: Sequence[Owed]) -> None:
        """What one event owes goes into one transaction: each of them makes filing wait.

        When that fails, each goes alone, so that only the bad one is put back.
        """
        try:
            ready = [(one, write) for one in owed if (write := self._prepared(one)) is not None]
            if len(ready) < 2 or not _written_together(ready):
                for one, write in ready:
                    self._deliver_alone(one, write)
        finally:
            db.session.remove()

    def _prepared(self, one: Owed) -> Write | None:
        """What remains to be written once the slow work is done; None when that failed."""
        try:
            event = event_by_id(one.event_id)
            write = self.handlers[one.subscriber](event) or _nothing
        except Exception as fault:  # noqa: BLE001 - one bad delivery must not stop the others
            _put_back(one, fault)
            return None
        self.die_at("before_mark")
        return write

    def _deliver_alone(self, one: Owed, write: Write) -> None:
        try:
            with transaction():
                write()
                finish_deliveries([one.id])
        except Exception as fault:  # noqa: BLE001 - one bad delivery must not stop the others
            _put_back(one, fault)


def _nothing() -> None:
    """A handler that is done before anything is written."""


def _by_event(ids: Sequence[int]) -> Iterator[list[Owed]]:
    for _event_id, together in groupby(owed_deliveries(ids), key=lambda one: one.event_id):
        yield list(together)


def _written_together(ready: Sequence[tuple[Owed, Write]]) -> bool:
    try:
        with transaction():
            for _one, write in ready:
                write()
            finish_deliveries([one.id for one, _write in ready])
    except Exception as fault:  # noqa: BLE001 - each of them is tried again, alone
        log.info("delivered one by one", event_id=ready[0][0].event_id, error=repr(fault)[:300])
        return False
    return True


def _put_back(one: Owed, fault: Exception) -> None:
    # structlog calls its message `event`: the event's id needs another name.
    error = repr(fault)[:300]
    log.warning("delivery failed", subscriber=one.subscriber, event_id=one.event_id, error=error)
    with transaction():
        fail_delivery(one.id, type(fault).__name__, now())
