"""A filing sent twice at the same moment is filed once, on every database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.reports import receipts
from tests.web.citizen.conftest import JSON, filing, picture

pytestmark = pytest.mark.engine


def sender(app: Flask, key: str) -> Callable[[int], TestResponse]:
    def send(n: int) -> TestResponse:
        fields = filing(photos=[picture(data=b"\xff\xd8\xff" + b"t" * 500)])
        headers = {**JSON, "Idempotency-Key": key}
        origin = {"REMOTE_ADDR": f"198.51.100.{n}"}
        answer = app.test_client().post(
            "/report", data=fields, headers=headers, environ_base=origin
        )
        with app.app_context():
            db.session.remove()
        return answer

    return send


def test_twins_get_the_same_receipt(app: Flask, city: None) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sender(app, str(uuid4())), range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.get_json()["number"] for answer in answers}) == 1


def test_many_filings_at_once_all_get_numbers_of_their_own(app: Flask, city: None) -> None:
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(sender(app, str(uuid4())), n) for n in range(12)]
        answers = [one.result() for one in sent]
    assert len({answer.get_json()["number"] for answer in answers}) == 12


def test_a_twin_that_takes_too_long_is_told_to_come_back(
    app: Flask, engine: str, city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "sqlite":
        return  # writers queue for the whole database: there is no half-finished twin to meet
    monkeypatch.setattr(receipts, "TWIN_WAIT_S", 1)
    key, holds, done = str(uuid4()), Event(), Event()

    def hold() -> None:
        with app.app_context(), transaction():
            receipts.reserve(f"key:{key}", "f" * 64, now())
            holds.set()
            done.wait(20)
            db.session.rollback()

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert holds.wait(20)
        answer = sender(app, key)(0)
        done.set()
        held.result()
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "twin_in_progress"
    assert int(answer.headers["Retry-After"]) > 0
