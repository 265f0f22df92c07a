"""The page of air and water: the newest value beside its limit, in words and shape."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.domain.quality.limits import seed_limits
from portal.domain.quality.reading import ReadingRow
from portal.domain.quality.services import import_readings
from tests.factories import writing

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
ROWS = [
    ReadingRow("城东站", "pm2_5", OCTOBER, 42.0),
    ReadingRow("城东站", "pm2_5", date(2025, 10, 1), 50.0),
    ReadingRow("城东站", "o3", SEPTEMBER, 170.0),
    ReadingRow("平湖站", "pm2_5", OCTOBER, 20.0),
    ReadingRow("出境断面", "do", OCTOBER, 4.0),
    ReadingRow("出境断面", "phenol", OCTOBER, 0.0003, is_below=True),
    ReadingRow("出境断面", "ph", OCTOBER, 7.5),
]


@pytest.fixture
def measured(app: Flask) -> None:
    with app.app_context(), writing():
        seed_limits()
        import_readings(ROWS, "十月.csv", by=None, at=now())


def cells(page: str, station: str) -> dict[str, list[str]]:
    """The table of a station: its indicators with value, limit and words."""
    whole = page.partition(f">{station}</a>")[2].partition("</table>")[0]
    found = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", whole, re.DOTALL):
        name, *rest = (re.sub(r"<[a-z/][^>]*>", " ", cell).split() for cell in row.split("<td"))
        found[name[0]] = [" ".join(words).rpartition(">")[2].strip() for words in rest]
    return found


@pytest.mark.usefixtures("measured")
def test_values_stand_beside_their_limits(client: FlaskClient) -> None:
    page = html.unescape(client.get("/open/quality").text)
    air, water = cells(page, "城东站"), cells(page, "出境断面")
    assert air["细颗粒物PM2.5"] == ["42", "≤35", "超0.20倍"]
    assert air["臭氧"][0] == "170 2026年9月"
    assert water["溶解氧"] == ["4", "≥5", "太低"]
    assert water["挥发酚"] == ["<0.0003", "≤0.005", "没超"]
    assert water["酸碱度pH"] == ["7.5", "6–9", "没超"]
    assert "2026年10月，2个站点里1个有超过限值的" in page
    assert page.index("城东站") < page.index("平湖站"), "those beyond a limit come first"
    assert "GB 3095-2012 二级" in page
    assert "比去年同月低" in page


@pytest.mark.usefixtures("measured")
def test_a_station_in_full(client: FlaskClient) -> None:
    page = client.get("/open/quality", query_string={"station": "城东站"}).text
    assert page.count('<figure class="chart') == 2
    assert "各月监测值" in page
    assert client.get("/open/quality?station=nowhere").status_code == 404


def test_before_anything_was_measured(client: FlaskClient) -> None:
    assert "还没有监测数据" in client.get("/open/quality").text


@pytest.mark.usefixtures("measured")
def test_a_new_file_shows_at_once(app: Flask, client: FlaskClient) -> None:
    first = client.get("/open/quality")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/open/quality", headers=known).status_code == 304
    with app.app_context(), writing():
        import_readings(
            [ReadingRow("城东站", "pm2_5", OCTOBER, 30.0)], "更正.csv", by=None, at=now()
        )
    assert client.get("/open/quality", headers=known).status_code == 200
