"""Subscriber `webhooks`: tells the city's own systems that a case moved; never personal data."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from portal.core.clock import local
from portal.core.db import db
from portal.domain.ports import Channel, Message
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent

DieAt = Callable[[str], None]


class Webhooks:
    """Posts number, step and time to every address; a receiver drops repeats by the key."""

    def __init__(self, channel: Channel, addresses: Sequence[str], die_at: DieAt) -> None:
        self._channel, self._addresses, self._die_at = channel, addresses, die_at

    def __call__(self, event: TimelineEvent) -> None:
        """Send outside any transaction; being killed in between means sending again."""
        report = db.session.get(Report, event.subject_id)
        if report is None:
            return
        body = {
            "event": event.id,
            "number": report.number,
            "kind": event.kind,
            "at": local(event.at).isoformat(timespec="seconds"),
            "state": event.data.get("to"),
        }
        text = json.dumps(body, ensure_ascii=False)
        db.session.rollback()
        self._die_at("before_send")
        for address in self._addresses:
            self._channel.send(Message(address, event.kind, text, f"event-{event.id}"))
        self._die_at("after_send")
