"""The outbox: every event reaches every subscriber, at least once, whatever is killed when.

A handler does its slow work first, outside any transaction, and returns what remains to be written;
that and "delivered" are committed together, so running a handler twice never counts twice.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import delivery
from portal.domain.timeline.services import claim_deliveries, fail_delivery, finish_delivery

log = structlog.get_logger(__name__)

Write = Callable[[], None]
Handler = Callable[[TimelineEvent], Write | None]
BATCH = 10


@dataclass(frozen=True)
class Outbox:
    """The handlers by subscriber name, and where a drill kills the worker (never in production)."""

    handlers: Mapping[str, Handler]
    kill_point: str = ""

    def drain(self, beat: Callable[[], None] | None = None) -> int:
        """Deliver everything that is due; returns how many deliveries were tried.

        `beat` is called between batches, so that a busy worker still shows that it lives.
        """
        tried = 0
        while ids := self._claim():
            for delivery_id in ids:
                self._deliver(delivery_id)
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

    def _deliver(self, delivery_id: int) -> None:
        owed = delivery(delivery_id)
        if owed is None:
            return
        name, event_id = owed.subscriber, owed.event_id
        try:
            write = self.handlers[name](owed.event)
            self.die_at("before_mark")
            with transaction():
                if write is not None:
                    write()
                finish_delivery(delivery_id)
        except Exception as fault:  # noqa: BLE001 - one bad delivery must not stop the others
            # structlog calls its message `event`: the event's id needs another name.
            error = repr(fault)[:300]
            log.warning("delivery failed", subscriber=name, event_id=event_id, error=error)
            with transaction():
                fail_delivery(delivery_id, type(fault).__name__, now())
        finally:
            db.session.remove()
