"""A city for the residents' door, and what its tests send."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.web.citizen.consents import CONSENT_VERSION
from tests import factories

JSON = {"Accept": "application/json"}
Send = Callable[..., TestResponse]


@pytest.fixture
def city(app: Flask) -> None:
    """Grids, categories, calendar and terms."""
    with app.app_context():
        factories.city()


def filing(**changes: Any) -> dict[str, Any]:
    """A filing that is in order; None takes a field out."""
    fields: dict[str, Any] = {
        "category": "air.dust",
        "description": "工地土堆没盖，刮风就扬尘。",
        "address": "人民路建设路口",
        "consent": CONSENT_VERSION,
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def picture(name: str = "土堆.jpg", data: bytes | None = None) -> tuple[io.BytesIO, str]:
    """A photo as a browser sends it."""
    return io.BytesIO(data or factories.jpeg()), name


def token(client: FlaskClient) -> str:
    """A fresh form token."""
    answer = client.get("/report/token").get_json()
    return str(answer["form_token"])


def hidden(page: str, name: str) -> list[str]:
    """The values of the page's hidden inputs of this name."""
    return re.findall(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)


@pytest.fixture
def send(client: FlaskClient, city: None) -> Send:
    """Send a filing as a program does, with a form token unless one is given."""

    def post(key: str = "", **changes: Any) -> TestResponse:
        headers = {**JSON, **({"Idempotency-Key": key} if key else {})}
        fields = filing(**changes)
        if "form_token" not in fields and not key:
            fields["form_token"] = token(client)
        return client.post("/report", data=fields, headers=headers)

    return post
