"""Subscriber `alarm`, and every minute: emergencies reach whoever is on duty, day and night."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.text import N_
from portal.domain.accounts.queries import user_by_id
from portal.domain.duty.alerts import Call, calls_due, mark_sent, raise_alert
from portal.domain.ports import Channel, ChannelError, Message
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent

_SUBJECT = N_("紧急举报等您处理")


class Alarm:
    """Raises alerts for what was filed and sends the steps that are due."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def __call__(self, event: TimelineEvent) -> Callable[[], None]:
        """Raise in the delivery's own transaction: delivered twice, it is still one alert."""
        report_id, filed_at = event.subject_id, event.at

        def write() -> None:
            report = db.session.get(Report, report_id)
            if report is not None:
                raise_alert(report, filed_at)

        return write

    def sound(self) -> int:
        """Send every step that is due; returns how many messages went out. Runs every minute.

        Sent outside any transaction and remembered afterwards: killed in between it is sent again
        under the same key. A channel that fails is tried again in the next minute.
        """
        due = calls_due(now())
        db.session.rollback()
        return sum(self._send(call) for call in due)

    def _send(self, call: Call) -> int:
        user = user_by_id(call.recipient_id) if call.recipient_id else None
        # Without anybody on duty the message still goes to the desk's own address.
        address = f"staff:{user.username}" if user else "staff:desk"
        db.session.rollback()
        try:
            self._channel.send(Message(address, _SUBJECT, call.number, call.key))
        except ChannelError:
            return 0
        with transaction():
            mark_sent(call, now())
        return 1
