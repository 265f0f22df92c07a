"""A channel that only writes to the log: for a city without mail or SMS, and for trying out."""

from __future__ import annotations

import logging

from portal.domain.ports import Message

_log = logging.getLogger("portal.channel")


class ConsoleChannel:
    """Logs what would be sent. Neither address nor body: logs hold no personal data."""

    name = "console"

    def send(self, message: Message) -> None:
        """Never fails."""
        _log.warning("message %s: %s", message.idempotency_key, message.subject)
