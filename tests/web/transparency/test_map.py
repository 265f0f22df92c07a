"""/open/map and /open/map/cells: the contract, with and without a view, for people and programs."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.clock import local, now
from tests.web.transparency.conftest import Cases
from tests.web.transparency.test_list import statements

CITY = "bbox=112.0,30.0,113.0,31.0"
BAD = (
    "bbox=1,2,3", "bbox=a,b,c,d", "bbox=113,30,112,31", "bbox=112,31,113,30", "bbox=nan,30,113,31",
    "bbox=112,30,113,91", "bbox=112,30,inf,31", "zoom=x", "zoom=-1", "zoom=999", "from=yesterday",
)  # fmt: skip


def cells(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"/open/map/cells?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/geo+json"
    found: dict[str, Any] = answer.get_json(force=True)
    return found


def counted(found: dict[str, Any]) -> int:
    return sum(f["properties"].get("count", 1) for f in found["features"])


@pytest.mark.parametrize("zoom", [0, 7, 8, 14, 15, 18, 22])
def test_every_zoom_counts_everything(client: FlaskClient, cases: Cases, zoom: int) -> None:
    found = cells(client, f"{CITY}&zoom={zoom}")
    assert (found["type"], found["total"], found["located"]) == ("FeatureCollection", 2, 1)
    assert found["unlocated"] == {"999901001": 1}
    assert counted(found) == 1
    (feature,) = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [112.401, 30.401]}
    assert feature["properties"] == {
        "number": cases.published,
        "category": "water.outfall",
        "state": "published",
    }
    assert cases.listed not in str(found)


def test_the_view_is_snapped_outwards_and_coarsened(client: FlaskClient, cases: Cases) -> None:
    here = cells(client, "bbox=112.4001,30.4001,112.4002,30.4002&zoom=12")
    west, south, east, north = here["bbox"]
    assert (west < 112.4001, east > 112.4002) == (True, True)
    assert (south < 30.4001, north > 30.4002) == (True, True)
    assert east - west == pytest.approx(360 / 2**14, abs=1e-6)
    assert here["zoom"] == 12
    again = cells(client, f"bbox={west + 1e-6},{south + 1e-6},{east - 1e-6},{north - 1e-6}&zoom=12")
    assert again["bbox"] == here["bbox"]
    world = cells(client, "bbox=-180,-85,180,85&zoom=18")
    assert world["zoom"] < 18
    assert (world["total"], counted(world)) == (2, 1)


def test_elsewhere_is_empty(client: FlaskClient, cases: Cases) -> None:
    found = cells(client, "bbox=10,10,11,11&zoom=12")
    assert (found["total"], found["features"], found["unlocated"]) == (0, [], {})


def test_filters_of_the_list_hold(client: FlaskClient, cases: Cases) -> None:
    month = local(now()).strftime("%Y-%m-01")
    for query, total in (
        ("category=water", 2), ("category=air", 0), ("category=water.outfall", 1),
        ("state=open", 1), ("state=closed", 1), ("state=overdue", 0), ("department=sl", 1),
        ("town=999901001", 2), ("town=999901002", 0), ("q=停产整改", 1), ("to=2001-01-01", 0),
        (f"q={cases.listed}", 1), ("from=2001-01-15", 2), ("state=nonsense", 0), ("sort=days", 2),
    ):  # fmt: skip
        found = cells(client, f"{CITY}&zoom=11&{query}")
        assert found["total"] == total, query
        page = client.get(f"/open/map?{query}").text
        assert f"一共{total}件" in page, query
    assert client.get(f"/open/map?from={month}").status_code == 200


@pytest.mark.parametrize("query", BAD)
def test_what_cannot_be_read_is_told(client: FlaskClient, cases: Cases, query: str) -> None:
    answer = client.get(f"/open/map/cells?{query}", headers={"Accept": "*/*"})
    assert answer.status_code == 400
    assert answer.content_type.startswith("application/problem+json")
    assert answer.get_json(force=True)["code"] == "bad_view"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    page = client.get(f"/open/map?{query}")
    assert page.status_code == 200


def test_other_sites_may_read_and_keep_it(client: FlaskClient, cases: Cases) -> None:
    first = client.get(f"/open/map/cells?{CITY}&zoom=10")
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    tag = first.headers["ETag"]
    again: TestResponse = client.get(
        f"/open/map/cells?{CITY}&zoom=10", headers={"If-None-Match": tag}
    )
    assert again.status_code == 304
    assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_the_page_says_it_all_without_script(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/map").text
    assert "一共2件" in page
    assert "1件公开了位置" in page
    assert 'href="/open/reports?town=999901001"' in page
    assert cases.published in page
    assert cases.listed in page
    here = client.get(f"/open/map?{CITY}&zoom=12&state=published").text
    assert cases.published in here
    assert f"/open/reports/{cases.listed}" not in here
    assert 'name="bbox" value="112.0,30.0,113.0,31.0"' in here
    month = local(now()).strftime("%Y-%m-01")
    assert f"from={month}" in here
    assert "bbox=112.0" in here


def test_a_view_costs_few_statements(app: Flask, client: FlaskClient, cases: Cases) -> None:
    client.get("/open/map")
    for path in (f"/open/map/cells?{CITY}&zoom=12", f"/open/map?{CITY}&zoom=12"):
        with statements(app) as seen:
            client.get(path)
        assert len(seen) <= 14, (path, len(seen))
