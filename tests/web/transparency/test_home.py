"""The home page, the front of the public pages, and their figures."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from portal.config import Settings
from portal.core import clock
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.figures.models import FigureCell
from portal.domain.reports.states import State
from tests.factories import at_state, city, drain
from tests.web.transparency.conftest import Cases


@pytest.mark.parametrize("path", ["/", "/open", "/open/reports"])
@pytest.mark.parametrize("elder", ["0", "1"])
def test_an_empty_city_says_what_will_appear(client: FlaskClient, path: str, elder: str) -> None:
    client.set_cookie("elder", elder)
    page = client.get(path)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "会" in page.text


def test_home_leads_with_the_newest_pair(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/").text
    assert f"/open/reports/{cases.published}" in page
    assert cases.listed not in page
    for phone in ("110", "119", "120", "12345", "12369"):
        assert f'href="tel:{phone}"' in page


def test_the_elder_home_has_four_big_doors(client: FlaskClient, cases: Cases) -> None:
    client.set_cookie("elder", "1")
    page = client.get("/").text
    doors = re.search(r'<nav class="bigs".*?</nav>', page, re.DOTALL)
    assert doors
    assert re.findall(r'<a[^>]* href="([^"]+)"', doors[0]) == [
        "/report",
        "tel:12345",
        "/track",
        "/open",
    ]


def test_each_figure_leads_to_the_cases_it_counts(
    app: Flask, settings: Settings, client: FlaskClient
) -> None:
    with app.app_context():
        city()
        for state in (State.ACCEPTED, State.HANDLING, State.PUBLISHED, State.WITHHELD):
            at_state(state, at=clock.now() - timedelta(days=40))
        for state in (State.SUBMITTED, State.DECLINED, State.MERGED):
            at_state(state, at=clock.now() - timedelta(days=40))
        drain()
    page = client.get("/open").text
    figures = re.search(r'<div class="figs">(.*?)</div>', page, re.DOTALL)
    assert figures
    found = re.findall(r'<a href="([^"]+)">.*?<b class="num">([^<]*)', figures[1], re.DOTALL)
    assert len(found) == 4
    is_this_year = local(clock.now()).year == local(clock.now() - timedelta(days=40)).year
    accepted, resolved, _, overdue = (value for _, value in found)
    assert (accepted, resolved, overdue) == (("5", "2", "3") if is_this_year else ("0", "0", "3"))
    assert f"共收到{8 if is_this_year else 0}件举报" in page
    for href, value in found:
        listed = client.get(html.unescape(href)).text
        if "sort=days" not in href:
            assert f"{value}件" in listed, href


def test_home_and_desk_read_the_same_sums(app: Flask, client: FlaskClient) -> None:
    """A figure that nobody reported shows on the home page once it stands in the sums."""
    with app.app_context():
        city()
        at_state(State.HANDLING)
        drain()
        with transaction():
            db.session.execute(
                update(FigureCell).where(FigureCell.measure == "overdue").values(count=4321)
            )
    assert "4,321" in client.get("/open").text


def test_overdue_cases_stand_on_the_front(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        number = at_state(State.HANDLING, at=clock.now() - timedelta(days=60)).number
        drain()
    page = client.get("/open").text
    assert number in page
    assert "逾期" in page


def test_the_sketch_names_every_town(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open").text
    assert "示意图" in page
    assert ">东河镇</text>" in page
    assert 'href="/open/reports?town=999901001&amp;from=' in page


def test_the_hero_is_asked_for_before_the_page_is_read(client: FlaskClient, cases: Cases) -> None:
    answer = client.get("/")
    links = answer.headers.getlist("Link")
    assert len(links) == 2 * answer.text.count('fetchpriority="high"')
    for link in links:
        address = link.partition(">")[0].removeprefix("<")
        assert f'src="{address}"' in answer.text or f'srcset="{address}"' in answer.text
        assert "rel=preload; as=image" in link
