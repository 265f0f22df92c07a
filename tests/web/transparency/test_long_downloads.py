"""Downloads of everything run a few at a time; short ones, and what is still fresh, always."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.domain.publication import exports
from portal.web.transparency.opendata.turns import AT_ONCE, Turns
from tests.web.transparency.conftest import Cases

CSV, GEOJSON = "/open/data/reports.csv", "/open/data/reports.geojson"


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cases are more than one portion."""
    monkeypatch.setattr(exports, "AT_ONCE", 1)


@pytest.fixture
def running(client: FlaskClient, cases: Cases, long: None) -> list[TestResponse]:
    """As many as may run, none of them read yet."""
    return [client.get(path) for path in (CSV, GEOJSON)[:AT_ONCE]]


def test_one_more_is_asked_to_come_again(client: FlaskClient, running: list[TestResponse]) -> None:
    assert [answer.status_code for answer in running] == [200] * AT_ONCE
    for path in (CSV, GEOJSON):
        answer = client.get(path)
        assert answer.status_code == 503
        assert answer.content_type == "application/problem+json; charset=utf-8"
        assert answer.json is not None
        assert answer.json["code"] == "downloads_busy"
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Content-Disposition" not in answer.headers
    page = client.get(CSV, headers={"Accept": "text/html"})
    assert (page.status_code, "过半分钟再来" in page.text) == (503, True)


def test_what_is_fresh_or_short_takes_no_place(
    client: FlaskClient, cases: Cases, running: list[TestResponse]
) -> None:
    known = {"If-None-Match": running[0].headers["ETag"]}
    assert client.get(CSV, headers=known).status_code == 304
    assert client.get(CSV, query_string={"category": "water", "state": "open"}).status_code == 200
    assert client.get("/open/data/reports.atom").status_code == 200


def test_the_place_is_given_back_when_it_ends_or_breaks_off(
    client: FlaskClient, running: list[TestResponse]
) -> None:
    whole, broken = running
    assert whole.data
    whole.close()
    assert client.get(CSV).status_code == 200
    broken.close()
    assert client.get(CSV).status_code == 200


def test_asking_for_the_head_alone_holds_nothing(
    client: FlaskClient, cases: Cases, long: None
) -> None:
    for _ in range(AT_ONCE + 1):
        answer = client.head(CSV)
        assert (answer.status_code, answer.data) == (200, b"")
        answer.close()


def test_a_place_is_given_back_once() -> None:
    turns = Turns(1)
    turn = turns.take()
    turn.give_back()
    turn.give_back()
    turns.take().give_back()


@pytest.mark.parametrize("path", [CSV, GEOJSON])
def test_it_is_packed_while_it_is_sent(
    app: Flask, client: FlaskClient, cases: Cases, path: str, long: None
) -> None:
    plain = client.get(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.vary
    assert gzip.decompress(packed.data) == plain.data
