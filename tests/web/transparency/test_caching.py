"""Unchanged pages are not sent again; changed ones always are."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.domain.reports.states import Action
from portal.domain.reports.tracking import report_by_number
from tests.factories import drain, walk
from tests.web.transparency.conftest import Cases

PAGES = (
    *("/", "/open", "/open/reports", "/open/reports/{published}", "/about/scope"),
    "/open/inspections",
)


@pytest.mark.parametrize("page", PAGES)
def test_an_unchanged_page_is_not_sent_again(client: FlaskClient, cases: Cases, page: str) -> None:
    path = page.format(published=cases.published)
    first = client.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data
    assert "Cookie" in again.headers["Vary"]
    # Browsers take the headers of a 304 over the stored ones: the style must stay allowed.
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert "sha256-" in again.headers["Content-Security-Policy"]


def test_preferences_and_addresses_have_answers_of_their_own(
    client: FlaskClient, cases: Cases
) -> None:
    tags = [client.get("/open").headers["ETag"], client.get("/open?x=1").headers["ETag"]]
    for name, value in (("elder", "1"), ("lang", "en")):
        client.set_cookie(name, value)
        tags.append(client.get("/open").headers["ETag"])
    assert len(set(tags)) == 4


def test_a_change_is_seen_at_once(app: Flask, client: FlaskClient, cases: Cases) -> None:
    path = f"/open/reports/{cases.listed}"
    old = client.get(path).headers["ETag"]
    with app.app_context():
        report = report_by_number(cases.listed)
        assert report is not None
        walk(report, Action.SIGN)
    between = client.get(path, headers={"If-None-Match": old})
    with app.app_context():
        drain()
    fresh = client.get(path, headers={"If-None-Match": between.headers.get("ETag", old)})
    assert fresh.status_code == 200
    assert "办理中" in fresh.text


def test_pages_set_no_cookie(client: FlaskClient, cases: Cases) -> None:
    for page in PAGES:
        answer = client.get(page.format(published=cases.published))
        assert "Set-Cookie" not in answer.headers


def test_nothing_on_the_page_breaks_its_policy(client: FlaskClient, cases: Cases) -> None:
    for page in PAGES:
        text = client.get(page.format(published=cases.published)).text
        assert not re.search(r"<[^>]+\s(style|on\w+)=", text)
