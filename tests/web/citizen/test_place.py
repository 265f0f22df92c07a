"""Whose place it is, told before anything is sent; and what a page with a map allows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.config import Settings
from tests.apps import application
from tests.web.citizen.conftest import JSON

INSIDE = {"lat": "30.4000", "lng": "112.4000"}
OUTSIDE = {"lat": "31.5", "lng": "112.4"}


def ask(client: FlaskClient, given: dict[str, str], **headers: str) -> TestResponse:
    return client.post("/report/place", data=given, headers={**JSON, **headers})


@pytest.mark.usefixtures("city")
def test_a_place_inside_names_town_village_and_unit(client: FlaskClient) -> None:
    told = ask(client, INSIDE).get_json()
    assert told["inside"] is True
    assert [grid["code"] for grid in told["grids"]] == ["999901001", "999901001001"]
    assert told["owner"] == "东河镇"
    assert told["words"] == "这里属于东河镇网格999901001001，由东河镇负责。"


@pytest.mark.usefixtures("city")
def test_a_grid_without_a_unit_is_named_alone(client: FlaskClient) -> None:
    told = ask(client, {"lat": "30.8", "lng": "112.8"}).get_json()
    assert told["owner"] is None
    assert told["words"] == "这里属于网格999901002。"


@pytest.mark.usefixtures("city")
def test_english(client: FlaskClient) -> None:
    client.get("/lang?to=en")
    words = ask(client, INSIDE).get_json()["words"]
    assert words.startswith("This is Grid 999901001001, Grid 999901001")


@pytest.mark.usefixtures("city")
def test_a_place_outside_is_told_where_to_go(client: FlaskClient) -> None:
    told = ask(client, OUTSIDE).get_json()
    assert told["inside"] is False
    assert told["grids"] == []
    for words in ("不在示例市", "12369", "12345"):
        assert words in told["words"]


@pytest.mark.usefixtures("city")
def test_other_datums_are_understood(client: FlaskClient) -> None:
    # 31.0 N is the city's northern border; GCJ-02 shifts it some 250 m to the south here.
    border = {"lat": "30.9995", "lng": "112.9"}
    assert ask(client, border).get_json()["inside"] is True
    assert ask(client, {**border, "crs": "gcj02"}).get_json()["inside"] is False


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"lat": "30.4"},
        {"lat": "north", "lng": "112.4"},
        {"lat": "95", "lng": "112.4"},
        {"lat": "nan", "lng": "inf"},
        {"lat": "30.4", "lng": "112.4", "crs": "mars"},
    ],
)
def test_garbage_is_a_problem_and_no_crash(client: FlaskClient, given: dict[str, str]) -> None:
    answer = ask(client, given)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


@pytest.mark.usefixtures("city")
def test_other_sites_may_not_ask(client: FlaskClient) -> None:
    assert ask(client, INSIDE, Origin="https://elsewhere.example").status_code == 403


@pytest.mark.usefixtures("city")
def test_a_position_never_stands_in_an_address(client: FlaskClient) -> None:
    assert client.get("/report/place", query_string=INSIDE).status_code == 405


def test_a_city_without_outlines_turns_nobody_away(client: FlaskClient) -> None:
    told = ask(client, OUTSIDE).get_json()
    assert told == {"inside": True, "grids": [], "owner": None, "words": ""}


def test_the_sketch_says_that_it_is_one(client: FlaskClient) -> None:
    told = client.get("/report/map.json").get_json()
    assert told["tiles"] is None
    assert told["tag"] == "示意图"
    assert "img-src 'self' data: blob:;" in _policy(client)


def test_a_base_map_is_named_numbered_and_allowed(settings: Settings) -> None:
    chosen = replace(settings, basemap="amap", map_approval_no="GS(2026)1234号")
    hosts = " ".join(f"https://webrd0{n}.is.autonavi.com" for n in range(1, 5))
    with application(chosen) as app:
        client = app.test_client()
        told = client.get("/report/map.json").get_json()
        assert told["tag"] == "高德地图·审图号：GS(2026)1234号"
        assert told["tiles"]["datum"] == "gcj02"
        assert f"img-src 'self' data: blob: {hosts};" in _policy(client)
        assert "autonavi" not in _policy(client, "/about/scope")
        assert "高德地图" in client.get("/about/privacy").text


def test_the_number_of_a_sketch_is_its_own(settings: Settings) -> None:
    numbered = replace(settings, map_approval_no="鄂S(2026)1号")
    with application(numbered) as app:
        client = app.test_client()
        assert client.get("/report/map.json").get_json()["tag"] == "示意图·审图号：鄂S(2026)1号"
        assert "地图，图片来自" not in client.get("/about/privacy").text


def _policy(client: FlaskClient, path: str = "/report") -> str:
    return client.get(path).headers["Content-Security-Policy"]
