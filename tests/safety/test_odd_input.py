"""Input that no form of ours sends: every address that reads answers, and never with a 5xx."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.writers.services import seed_demo_writers
from tests.factories import file_full
from tests.web.desk.conftest import Enter

NUMBERS = ("9223372036854775808", "9" * 18, "9" * 40, "0")
WORDS = ("%00", "a%00b", "%ED%A0%80", "SP%00", "x" * 200)
# Every name that some page or program reads from its address.
NAMES = (
    *("q", "category", "town", "department", "state", "sort", "figure", "after", "kind", "key"),
    *("by", "view", "number", "leaf", "size", "first", "second", "bbox", "zoom", "limit", "page"),
    *("page_size", "lat", "long", "radius", "service_code", "service_request_id", "pick", "back"),
    *("colour", "handler", "grid", "source", "lang", "locale", "next", "week", "accused", "due"),
)
MOMENTS = ("from", "to", "datetime", "start_date", "end_date", "updated_after", "updated_before")
DAYS = ("0001-01-01", "9999-12-31", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00%2B14:00")
PAIRS = (
    "figure=received&from=2026-01-01&to=9999-12-31",
    "figure=received&from=0001-01-01&to=9999-12-31",
    "figure=received&from=9999-12-01&to=9999-12-31",
    "from=0001-01&to=9999-12",
    f"sort=days&after={'9' * 18}_1",
    f"sort=days&after=1_{'9' * 18}",
    "kind=town&key=%00",
    "kind=department&key=a%00",
    "kind=category&key=%00",
    "datetime=9999-12-31T23:59:59Z",
    "datetime=0001-01-01T00:00:00%2B14:00",
)


def addresses(app: Flask) -> list[str]:
    """Every address that is read, with odd ids and words in its path."""
    found = []
    for rule in app.url_map.iter_rules():
        is_page = rule.endpoint != "static" and rule.rule != "/readyz"  # 503 without a worker
        if is_page and "GET" in (rule.methods or set()):
            found += _filled(rule)
    return sorted(set(found))


def _filled(rule: Rule) -> list[str]:
    if not rule.arguments:
        return [rule.rule]
    odd = zip(NUMBERS, WORDS, strict=False)
    return [_fill(rule, number, word) for number, word in odd]


def _fill(rule: Rule, number: str, word: str) -> str:
    known = {"int": number, "any": "json"}
    filled = re.sub(r"<name>", "all", rule.rule)  # of a queue
    return re.sub(r"<(?:(\w+)[^:>]*:)?\w+>", lambda m: known.get(m[1], word), filled)


def broken(client: FlaskClient, addresses: list[str]) -> list[tuple[int, str]]:
    """Those that were answered with a 5xx."""
    answers = [(client.get(address).status_code, address) for address in addresses]
    return [(status, address) for status, address in answers if status >= 500]


def queries(path: str) -> list[str]:
    words = "&".join(f"{name}=a%00b" for name in NAMES)
    numbers = "&".join(f"{name}={'9' * 40}" for name in NAMES)
    days = ["&".join(f"{name}={day}" for name in MOMENTS) for day in DAYS]
    return [f"{path}?{query}" for query in (words, numbers, *days, *PAIRS)]


def test_no_address_breaks_for_the_public(app: Flask, enter: Enter) -> None:
    client = app.test_client()
    paths = addresses(app)
    assert broken(client, paths) == []
    readable = [path for path in paths if client.get(path).status_code == 200]
    assert len(readable) > 30
    assert broken(client, [query for path in readable for query in queries(path)]) == []


def test_no_address_breaks_for_staff(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE, Role.REVIEWER, Role.PUBLISHER, Role.SUPERVISOR)
    head = enter(Role.HEAD, department="cg")
    paths = [path for path in addresses(app) if path.startswith("/desk")]
    for client in (desk.client, head.client):
        assert broken(client, paths) == []
        readable = [path for path in paths if client.get(path).status_code == 200]
        assert len(readable) > 8
        assert broken(client, [query for path in readable for query in queries(path)]) == []


DEEP = "[" * 19_000
HALF: dict[str, Any] = dict.fromkeys(
    ("leaf", "number", "nonce", "content_commitment", "received_at"), "00"
)


@pytest.mark.parametrize("receipt", [DEEP, json.dumps({**HALF, "number": "\ud800"})])
def test_no_receipt_breaks_the_check(client: FlaskClient, receipt: str) -> None:
    answer = client.post("/open/log", data={"receipt": receipt})
    assert answer.status_code == 422
    assert "不是回执文件里的内容" in answer.text


def test_an_objection_is_sought_by_letters_and_digits(client: FlaskClient) -> None:
    page = client.get("/objection").text
    token = page.partition('name="form_token" value="')[2].partition('"')[0]
    form = {"form_token": token, "number": "YY\0ß1", "query_code": "\0"}
    assert client.post("/objection", data=form).status_code == 422


FIELDS = (
    *("category", "description", "address", "lat", "lng", "crs", "location_source", "accuracy_m"),
    *("grid_code", "occurred", "occurred_at", "occurred_note", "accused_name", "contact_name"),
    *("contact_phone", "contact_email", "photo_ids", "photos_expected", "consent", "website"),
    *("altcha", "form_token", "number", "query_code", "words", "kind", "receipt", "leaf", "id"),
    *("api_key", "service_code", "service_request_id", "update_id", "status", "media_url"),
    *("updated_datetime", "username", "password", "next", "code", "upload_token", "source"),
    *("reason", "text", "note", "handler", "name", "role", "title", "template", "extension_id"),
    *("pick", "back", "version", "main_number", "monday", "effective_on", "expires_on", "value"),
)
ODD_VALUES = ("a\0b", "9" * 40, "9999-12-31", "nan")


def sent_to(app: Flask) -> list[str]:
    """Every address that a form is sent to, with odd ids and words in its path."""
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()):
            found += _filled(rule)
    return sorted(set(found))


def refused(client: FlaskClient, paths: list[str], **more: str) -> list[tuple[int, str, str]]:
    """Those that answer 5xx to a form of odd values."""
    found = []
    for path in paths:
        for value in ODD_VALUES:
            status = client.post(path, data={**dict.fromkeys(FIELDS, value), **more}).status_code
            found += [(status, path, value)] if status >= 500 else []
    return found


def test_no_form_breaks_for_the_public(app: Flask, enter: Enter) -> None:
    client = app.test_client()
    paths = [path for path in sent_to(app) if not path.startswith("/desk/")]
    assert refused(client, [*paths, "/desk/login"]) == []
    token = client.get("/report/token").json
    assert token is not None
    fresh = {"form_token": token["form_token"]}
    assert refused(client, ["/track", "/objection"], **fresh) == []
    csrf = client.get("/desk/login").text.partition('name="csrf_token" value="')[2]
    assert refused(client, ["/desk/login"], csrf_token=csrf.partition('"')[0]) == []
    with app.app_context(), transaction():
        seed_demo_writers(now())
    keyed = {"api_key": "demo-open311"}
    assert refused(client, [path for path in paths if "open311" in path], **keyed) == []


def test_no_form_breaks_for_staff(app: Flask, enter: Enter) -> None:
    with app.app_context():
        number = file_full().report.number
    paths = [path for path in sent_to(app) if path.startswith("/desk/")]
    paths = [path for path in paths if "log" not in path.split("/")[2]]  # in and out
    paths += [path.replace("SP%00", number).replace("%00", number) for path in paths]
    for desk in (
        enter(Role.TRIAGE, Role.REVIEWER, Role.PUBLISHER, Role.SUPERVISOR),
        enter(Role.HEAD, department="cg"),
    ):
        assert refused(desk.client, sorted(set(paths)), csrf_token=desk.token()) == []
