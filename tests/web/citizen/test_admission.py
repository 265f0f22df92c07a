"""Beyond the limits a filing asks for a proof: it is never refused, and the proof is good once."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import altcha
import pytest
from flask import Flask
from flask.testing import FlaskClient
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import db
from portal.domain.reports.models import Report
from portal.web import limits
from portal.web.citizen import proofs
from tests.web.citizen.conftest import JSON, Send, filing, hidden, picture, token

HOME, NEIGHBOUR = "198.51.100.7", "198.51.100.8"
MOST = limits.FILINGS_OF_ADDRESS[0].amount
PHONE = {"contact_phone": "13800138000", "consent_contact": filing()["consent"]}


def send_from(
    client: FlaskClient, address: str = HOME, key: str = "", **fields: Any
) -> TestResponse:
    """A program's filing from `address`."""
    headers = {**JSON, "Idempotency-Key": key or str(uuid4())}
    return client.post(
        "/report", data=filing(**fields), headers=headers, environ_base={"REMOTE_ADDR": address}
    )


def use_up(client: FlaskClient, filings: int = MOST) -> None:
    for _ in range(filings):
        assert send_from(client).status_code == 201


def count_up(client: FlaskClient, address: str = HOME) -> None:
    """What `use_up` leaves in the counters, without the reports."""
    with client.application.test_request_context(environ_base={"REMOTE_ADDR": address}):
        for _ in range(MOST):
            limits.count(limits.FILINGS_OF_ADDRESS, limits.address_of_one(), clock.now())


def solve(answer: TestResponse) -> str:
    """What a phone sends back for the puzzle in `answer`."""
    puzzle = altcha.Challenge.from_dict(answer.get_json()["challenge"])
    solution = altcha.solve_challenge(puzzle)
    assert solution
    return altcha.Payload(puzzle, solution).to_base64()


def filed(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Report)) or 0


@pytest.fixture(autouse=True)
def _easy(monkeypatch: pytest.MonkeyPatch, city: None) -> None:
    """Puzzles that cost a test nothing."""
    monkeypatch.setattr(proofs, "COST", 1)


@pytest.fixture
def later(app: Flask) -> Any:
    """Moves the clock on; the app's own clock comes back with the next app."""

    def move(**by: float) -> None:
        clock.configure(timedelta(**by), None, "Asia/Shanghai")

    yield move
    clock.configure(timedelta(), None, "Asia/Shanghai")


def test_beyond_the_limit_a_puzzle_lets_the_filing_in(app: Flask, client: FlaskClient) -> None:
    use_up(client)
    key = str(uuid4())
    asked = send_from(client, key=key)
    told = asked.get_json()
    assert asked.status_code == 429
    assert asked.headers["Retry-After"] == "30"
    assert told["code"] == "challenged"
    assert told["challenge"]["parameters"]["algorithm"] == "PBKDF2/SHA-256"
    answer = send_from(client, key=key, altcha=solve(asked))
    assert answer.status_code == 201
    assert filed(app) == MOST + 1


def test_neighbours_are_asked_nothing(client: FlaskClient) -> None:
    count_up(client)
    assert send_from(client).status_code == 429
    assert send_from(client, NEIGHBOUR).status_code == 201


def test_a_household_of_ipv6_counts_as_one(client: FlaskClient) -> None:
    for n in range(MOST):
        assert send_from(client, f"2001:db8:1:2::{n:x}").status_code == 201
    assert send_from(client, "2001:db8:1:2:ffff::1").status_code == 429
    assert send_from(client, "2001:db8:1:3::1").status_code == 201


def test_a_solution_is_good_once(client: FlaskClient) -> None:
    count_up(client)
    solution = solve(send_from(client))
    assert send_from(client, altcha=solution).status_code == 201
    again = send_from(client, altcha=solution)
    assert again.status_code == 429
    assert send_from(client, altcha=solve(again)).status_code == 201


def test_a_filing_with_faults_neither_counts_nor_uses_its_solution_up(client: FlaskClient) -> None:
    for _ in range(MOST + 5):
        assert send_from(client, description="短").status_code == 422
    use_up(client)
    solution = solve(send_from(client))
    assert send_from(client, description="短", altcha=solution).status_code == 422
    assert send_from(client, altcha=solution).status_code == 201


def test_the_repeated_request_of_a_filing_neither_counts_nor_is_asked(
    app: Flask, client: FlaskClient
) -> None:
    key = str(uuid4())
    first = send_from(client, key=key)
    for _ in range(MOST + 5):
        assert send_from(client, key=key).get_json() == first.get_json()
    use_up(client, filings=MOST - 1)
    assert send_from(client).status_code == 429
    assert send_from(client, key=key).get_json() == first.get_json()
    assert filed(app) == MOST


def forge(answer: TestResponse, **changes: Any) -> str:
    """The puzzle made easy by whoever should solve it."""
    puzzle = answer.get_json()["challenge"]
    puzzle["parameters"].update(changes)
    told = {"challenge": puzzle, "solution": {"counter": 0, "derivedKey": "00" * 32}}
    return base64.b64encode(json.dumps(told).encode()).decode()


@pytest.mark.parametrize(
    "changes",
    [{}, {"keyPrefix": "00"}, {"keySignature": None}, {"keySignature": "00", "cost": 1}],
)
def test_forged_solutions_are_worth_nothing(client: FlaskClient, changes: dict[str, Any]) -> None:
    count_up(client)
    forged = forge(send_from(client), **changes)
    assert send_from(client, altcha=forged).status_code == 429


@pytest.mark.parametrize(
    "rubbish",
    ["x", "wait.", "wait.x.y.z", "W10=", "e30=", "bnVsbA==", "eyJjaGFsbGVuZ2UiOltdfQ==",
     "eyJjaGFsbGVuZ2UiOnsicGFyYW1ldGVycyI6InMifSwic29sdXRpb24iOnt9fQ==", "A" * 9000, "é"],
)  # fmt: skip
def test_rubbish_is_asked_again(client: FlaskClient, rubbish: str) -> None:
    count_up(client)
    assert send_from(client, altcha=rubbish).status_code == 429


def test_another_portals_puzzle_is_worth_nothing(app: Flask, client: FlaskClient) -> None:
    count_up(client)
    theirs = altcha.create_challenge("PBKDF2/SHA-256", 1, counter=3, hmac_secret=b"theirs")
    solution = altcha.solve_challenge(theirs)
    assert solution
    given = altcha.Payload(theirs, solution).to_base64()
    assert send_from(client, altcha=given).status_code == 429


def test_a_solution_expires(client: FlaskClient, later: Any) -> None:
    count_up(client)
    solution = solve(send_from(client))
    later(minutes=11)
    assert send_from(client, altcha=solution).status_code == 429


def test_puzzles_get_a_little_harder(app: Flask) -> None:
    with app.app_context():
        at = clock.now()
        for excess, factor in ((1, 1), (10, 1), (11, 2), (41, 4), (5000, 8)):
            puzzle = altcha.Challenge.from_dict(proofs.new_puzzle(excess, at))
            solution = altcha.solve_challenge(puzzle)
            assert solution
            least, most = proofs.TRIES
            assert least * factor <= solution.counter <= most * factor


def test_a_ticket_is_good_after_the_wait_and_once(client: FlaskClient, later: Any) -> None:
    count_up(client)
    ticket = send_from(client).get_json()["ticket"]
    early = send_from(client, altcha=ticket)
    assert early.status_code == 429
    assert early.get_json()["ticket"] == ticket, "who comes too early keeps the ticket"
    later(seconds=20)
    assert int(send_from(client, altcha=ticket).headers["Retry-After"]) <= 10
    later(seconds=31)
    assert send_from(client, altcha=ticket).status_code == 201
    again = send_from(client, altcha=ticket)
    assert again.status_code == 429
    assert again.get_json()["ticket"] != ticket


def test_tickets_of_one_address_are_taken_one_after_the_other(
    client: FlaskClient, later: Any
) -> None:
    count_up(client)
    tickets = [send_from(client).get_json()["ticket"] for _ in range(2)]
    later(seconds=31)
    assert send_from(client, altcha=tickets[0]).status_code == 201
    waits = send_from(client, altcha=tickets[1])
    assert waits.status_code == 429
    assert waits.get_json()["ticket"] == tickets[1]
    assert 1 <= int(waits.headers["Retry-After"]) <= 30
    later(seconds=62)
    assert send_from(client, altcha=tickets[1]).status_code == 201


def test_a_ticket_cannot_be_written_by_hand(client: FlaskClient, later: Any) -> None:
    count_up(client)
    ticket = send_from(client).get_json()["ticket"]
    later(seconds=31)
    assert send_from(client, altcha=ticket[:-4] + "AAAA").status_code == 429


def test_one_phone_is_asked_wherever_it_files_from(client: FlaskClient) -> None:
    for n in range(limits.FILINGS_OF_PHONE[0].amount):
        assert send_from(client, f"198.51.100.{n}", **PHONE).status_code == 201
    spaced = {**PHONE, "contact_phone": "138 0013 8000"}
    asked = send_from(client, "198.51.100.99", **spaced)
    assert asked.status_code == 429
    assert "电话" in asked.get_json()["detail"]
    solved = send_from(client, "198.51.100.99", altcha=solve(asked), **spaced)
    assert solved.status_code == 201
    assert send_from(client, "198.51.100.99").status_code == 201


def test_tomorrow_nobody_remembers(client: FlaskClient, later: Any) -> None:
    count_up(client)
    later(hours=24)
    assert send_from(client).status_code == 201


def test_a_photo_beyond_the_limit_is_asked_too(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PHOTOS_OF_ADDRESS", limits.FILINGS_OF_PHONE)
    base = {"REMOTE_ADDR": HOME}
    for _ in range(limits.FILINGS_OF_PHONE[0].amount):
        sent = client.post("/report/photos", data={"photo": picture()}, environ_base=base)
        assert sent.status_code == 201
    asked = client.post("/report/photos", data={"photo": picture()}, environ_base=base)
    assert asked.status_code == 429
    fields = {"photo": picture(), "altcha": solve(asked)}
    assert client.post("/report/photos", data=fields, environ_base=base).status_code == 201


def test_above_the_ceiling_it_says_when_to_come_again(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = (RateLimitItemPerHour(2, namespace="low"),)
    monkeypatch.setattr("portal.web.citizen.attempts.FILING_CEILING", low)
    key = str(uuid4())
    assert send_from(client, key=key).status_code == 201
    assert send_from(client).status_code == 201
    full = send_from(client)
    assert full.status_code == 429
    assert "challenge" not in full.get_json()
    assert 3500 <= int(full.headers["Retry-After"]) <= 3600
    assert "12345" in full.get_json()["detail"]
    assert send_from(client, key=key).status_code == 201, "a receipt already earned"


def test_where_counts_cannot_be_kept_nobody_is_refused(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> int:
        raise StorageError(OSError("gone"))

    monkeypatch.setattr(type(app.extensions["portal.counters"]), "incr", broken)
    use_up(client, filings=MOST + 2)


def test_the_page_keeps_everything_and_its_ticket_works_without_scripts(
    app: Flask, client: FlaskClient, later: Any
) -> None:
    count_up(client, "127.0.0.1")
    fields = filing(form_token=token(client), contact_name="王")
    asked = client.post("/report", data={**fields, "photos": [picture()], **PHONE})
    page = asked.text
    assert asked.status_code == 429
    assert asked.headers["Retry-After"] == "30"
    assert "请等30秒" in page
    assert 'href="tel:12345"' in page
    assert filing()["description"] in page
    (photo,) = hidden(page, "photo_ids")
    (ticket,) = hidden(page, "altcha")
    assert hidden(page, "form_token") == [fields["form_token"]]
    later(seconds=31)
    again = {**fields, **PHONE, "photo_ids": photo, "altcha": ticket}
    assert client.post("/report", data=again).status_code == 303
    assert filed(app) == 1
    assert client.post("/report", data=again).status_code == 303, "pressed twice"
    assert filed(app) == 1


def test_the_schema_tells_programs(client: FlaskClient, send: Send) -> None:
    told = client.get("/report/schema.json").get_json()["challenge"]
    assert told["field"] == "altcha"
    assert told["algorithm"] == "PBKDF2/SHA-256"
