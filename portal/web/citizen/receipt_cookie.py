"""The cookie that lets a browser see its receipt again for half an hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, url_for
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.ids import random_key
from portal.domain.reports.receipts import COOKIE_MINUTES, keep_receipt, kept_receipt
from portal.web.cookies import private_cookie, set_private_cookie

RECEIPT_COOKIE = "receipt"
_LASTS = timedelta(minutes=COOKIE_MINUTES)


def hand_over(response: Response, answer: dict[str, Any], at: datetime) -> None:
    """Let the browser that gets `response` open the receipt of `answer`."""
    value = random_key()
    with transaction():
        keep_receipt(f"cookie:{value}", answer, at + _LASTS)
    set_private_cookie(response, RECEIPT_COOKIE, value, _LASTS)


def to_receipt(answer: dict[str, Any], at: datetime) -> Response:
    """303 to the receipt page."""
    response = redirect(url_for("citizen.receipt"), code=303)
    hand_over(response, answer, at)
    return response


def shown_receipt(at: datetime) -> dict[str, Any] | None:
    """The receipt this browser may see; None without the cookie or after its half hour."""
    value = private_cookie(RECEIPT_COOKIE)
    return kept_receipt(f"cookie:{value}", at) if value else None
