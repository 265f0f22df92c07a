"""Filings per second: eight clients, each report a new one, with and without a phone number."""

from __future__ import annotations

import random
import uuid
from urllib.parse import urlencode

from portal.web.citizen.consents import CONSENT_VERSION
from tests.bench.clients import Answer, Connection, Load, Request, run

_FORM = "application/x-www-form-urlencoded"


def file_for(port: int, seconds: float, *, with_phone: bool = False) -> Load:
    """What filing for `seconds` measures."""
    return run(port, lambda: _resident(with_phone=with_phone), seconds=seconds)


def empty_view(port: int, seconds: float) -> Load:
    """The baseline: as many clients asking for /healthz."""
    return run(port, lambda: lambda connection: connection.ask("GET", "/healthz"), seconds=seconds)


def _resident(*, with_phone: bool) -> Request:
    def file(connection: Connection) -> Answer:
        key = str(uuid.uuid4())
        connection.move_on()
        body = urlencode(_fields(key, with_phone=with_phone)).encode()
        return connection.ask(
            "POST",
            "/report",
            body,
            Accept="application/json",
            Content_Type=_FORM,
            Idempotency_Key=key,
        )

    return file


def _fields(key: str, *, with_phone: bool) -> dict[str, str]:
    fields = {
        "category": "air.odor",
        "description": f"河边作坊夜里排放刺鼻气味，开窗睡不着 {key}",
        "lat": f"{random.uniform(30.30, 30.45):.6f}",
        "lng": f"{random.uniform(112.30, 112.45):.6f}",
        "crs": "wgs84",
        "address": "河堤路老桥下",
        "occurred": "now",
        "consent": CONSENT_VERSION,
    }
    if with_phone:
        fields |= {
            "contact_phone": f"138{random.randrange(10**8):08}",
            "consent_contact": CONSENT_VERSION,
        }
    return fields
