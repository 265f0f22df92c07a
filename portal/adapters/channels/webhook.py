"""A channel that posts JSON to the addresses an operator configured."""

from __future__ import annotations

from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from portal.domain.ports import ChannelError, Message

_TIMEOUT_S = 10
_GONE = 410


class WebhookChannel:
    """Posts `Message.body` as JSON with the message's key as Idempotency-Key.

    Addresses come from WEBHOOK_URLS only, never from users, so no request can be steered inside.
    """

    name = "webhook"

    def send(self, message: Message) -> None:
        """Raises ChannelError; permanent when the receiver says 410 Gone."""
        request = Request(  # noqa: S310 - the scheme is checked when settings are read
            message.address,
            data=message.body.encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Idempotency-Key": message.idempotency_key,
            },
            method="POST",
        )
        try:
            with urlopen(request, timeout=_TIMEOUT_S):  # noqa: S310
                return
        except HTTPError as fault:
            fault.close()
            raise ChannelError(f"HTTP {fault.code}", permanent=fault.code == _GONE) from fault
        except (URLError, HTTPException, OSError) as fault:
            raise ChannelError(type(fault).__name__) from fault
