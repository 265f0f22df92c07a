"""The public list: filters, pages, counts, cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.core.db import db
from portal.domain.reports.states import State
from tests.factories import at_state, city, drain
from tests.web.transparency.conftest import Cases

FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["listed", "published"]),
    ({"sort": "old"}, ["published", "listed"]),
    ({"sort": "days"}, ["published"]),
    ({"state": "dispatched"}, ["listed"]),
    ({"state": "open"}, ["listed"]),
    ({"state": "closed"}, ["published"]),
    ({"state": "overdue"}, []),
    ({"category": "water"}, ["listed", "published"]),
    ({"category": "water.outfall"}, ["published"]),
    ({"category": "air"}, []),
    ({"town": "999901001"}, ["listed", "published"]),
    ({"town": "999901002"}, []),
    ({"town": "nowhere"}, []),
    ({"department": "sl"}, ["listed"]),
    ({"department": "sthj", "state": "published"}, ["published"]),
    ({"q": "停产整改"}, ["published"]),
    ({"q": "东河镇 排污口"}, ["published"]),
    ({"q": "水利"}, ["listed"]),
    ({"q": "discharge"}, ["published"]),
    ({"q": "没有的字"}, []),
    ({"q": "\x00\x1f"}, ["listed", "published"]),
    ({"from": "2000-01-01", "to": "2001-01-01"}, []),
    ({"from": "2000-01-01"}, ["listed", "published"]),
    ({"from": "yesterday"}, ["listed", "published"]),
    ({"after": "nonsense"}, ["listed", "published"]),
    ({"after": "2026-01-01_" + "9" * 30}, ["listed", "published"]),
    ({"sort": "nonsense"}, ["listed", "published"]),
    ({"state": "nonsense"}, []),
]
NUMBER = re.compile(r'class="row" href="/open/reports/(SP\w+)["?]')


def numbers(client: FlaskClient, **query: str) -> list[str]:
    """The cases on the page, in order."""
    answer = client.get("/open/reports", query_string=query)
    assert answer.status_code == 200
    return NUMBER.findall(answer.text)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that runs meanwhile."""
    ran: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        ran.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield ran
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_filters(client: FlaskClient, cases: Cases) -> None:
    for query, expected in FILTERS:
        assert numbers(client, **query) == [getattr(cases, name) for name in expected], query


def test_a_number_is_found_however_it_is_typed(client: FlaskClient, cases: Cases) -> None:
    assert numbers(client, q=cases.listed.lower()) == [cases.listed]


def test_a_filter_can_be_taken_off(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/reports?category=water&state=open").text
    assert 'href="/open/reports?state=open"' in page
    assert 'href="/open/reports?category=water"' in page


@pytest.mark.parametrize("path", ["/open/reports", "/open/map"])
def test_a_date_that_makes_no_sense_is_told(client: FlaskClient, cases: Cases, path: str) -> None:
    page = client.get(f"{path}?from=2026-02-30&to=2026-03-01").text
    assert re.search(r'<section class="errs".*?<a href="#from">日期没有看懂', page, re.DOTALL)
    assert re.search(r'id="from"[^>]*aria-invalid="true"', page)
    page = client.get(f"{path}?from=2026-03-02&to=2026-03-01").text
    assert page.count("早于开始的日子") == 2


def test_words_are_escaped(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/reports", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_an_empty_answer_says_what_to_do(client: FlaskClient, cases: Cases) -> None:
    assert "没有找到" in client.get("/open/reports?q=没有的字").text


def test_pages_follow_each_other_without_gaps(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        filed = [at_state(State.ACCEPTED).number for _ in range(23)]
        drain()
    first = client.get("/open/reports")
    link = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert link
    second = client.get(link[1].replace("&amp;", "&"))
    shown = NUMBER.findall(first.text) + NUMBER.findall(second.text)
    assert shown == filed[::-1]
    assert 'rel="next"' not in second.text
    assert "23件" in first.text


def test_the_number_of_statements_does_not_grow(app: Flask, client: FlaskClient) -> None:
    def count(path: str) -> int:
        with statements(app) as ran:
            assert client.get(path).status_code == 200
        return len(ran)

    paths = ("/open/reports", "/open/reports?q=东河&state=open&town=999901001", "/", "/open")
    with app.app_context():
        city()
        at_state(State.PUBLISHED)
        drain()
    client.get("/report/grids.json")  # draws the sketch, which the process keeps
    few = [count(path) for path in paths]
    with app.app_context():
        for state in (State.ACCEPTED, State.HANDLING, State.PUBLISHED, State.DEREGISTERED) * 3:
            at_state(state)
        drain()
    assert [count(path) for path in paths] == few
    assert max(few) <= 14


def test_pictures_of_a_list_wait_until_they_come_near(client: FlaskClient, cases: Cases) -> None:
    """Lazy pictures alone are fetched three screens ahead on a slow network."""
    page = client.get("/open/reports").text
    small = re.findall(r"/media/\w+/160\.\w+", page)
    waiting = "".join(re.findall(r"<noscript data-late>(.*?)</noscript>", page))
    assert small
    assert re.findall(r"/media/\w+/160\.\w+", waiting) == small


def test_an_order_that_leaves_cases_out_says_so(client: FlaskClient, cases: Cases) -> None:
    told = "还没办结的没有用时"
    assert told in client.get("/open/reports?sort=days").text
    assert told in client.get("/open/reports?sort=days&state=open").text
    assert told not in client.get("/open/reports?sort=old").text
