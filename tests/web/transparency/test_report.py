"""The page of one case."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from tests.factories import at_state, city, drain, walk
from tests.web.transparency.conftest import Cases


def test_a_published_case_tells_what_was_found(client: FlaskClient, cases: Cases) -> None:
    page = client.get(f"/open/reports/{cases.published}").text
    for words in (
        "东河镇·排污口",
        "属实",
        "责令改正",
        "已责令停产整改",
        "交办生态环境局",
        "已经遮盖",
    ):
        assert words in page
    image = re.search(r'property="og:image" content="http://localhost(/media/\w+/1600.jpg)"', page)
    assert image
    assert client.get(image[1], buffered=True).status_code == 200
    assert "/report?category=water.outfall&amp;grid=999901001001" in page


def test_numbers_are_forgiven(client: FlaskClient, cases: Cases) -> None:
    typed = f"{cases.published[:8].lower()}-{cases.published[8:]}"
    answer = client.get(f"/open/reports/{typed}")
    assert answer.headers["Location"] == f"/open/reports/{cases.published}"


def test_what_nobody_took_on_is_unknown(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        numbers = [
            at_state(state).number
            for state in (State.SUBMITTED, State.DECLINED, State.WITHDRAWN, State.MERGED)
        ]
        drain()
    for number in (*numbers, "SP2601010000010", "nonsense"):
        assert client.get(f"/open/reports/{number}").status_code == 404, number


def test_a_withheld_case_says_so(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        number = at_state(State.WITHHELD).number
        drain()
    page = client.get(f"/open/reports/{number}").text
    assert "依法不公开" in page
    assert "已责令停产整改" not in page
    assert "依法不公开" in client.get("/open/reports").text


def test_a_case_done_again_keeps_its_copy(app: Flask, client: FlaskClient, cases: Cases) -> None:
    with app.app_context():
        report = report_by_number(cases.published)
        assert report is not None
        walk(report, Action.REOPEN)
        drain()
    page = client.get(f"/open/reports/{cases.published}").text
    assert "重新办理" in page
    assert "已责令停产整改" in page
    assert cases.published not in client.get("/").text


def test_english_names_units(client: FlaskClient, cases: Cases) -> None:
    client.set_cookie("lang", "en")
    page = client.get(f"/open/reports/{cases.published}").text
    assert 'lang="en"' in page
    assert "Ecology and Environment Bureau" in page
