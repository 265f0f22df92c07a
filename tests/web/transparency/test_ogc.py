"""OGC API - Features core: what GIS software asks, page by page and refused where it must be."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from portal.config import Settings
from portal.domain.reports.states import State
from tests.apps import application
from tests.factories import at_state, city, drain
from tests.web.transparency.conftest import PRIVATE, Cases

ROOT = "/open/ogc"
COLLECTION = f"{ROOT}/collections/reports"
ITEMS = f"{COLLECTION}/items"
PAGES = (ROOT, f"{ROOT}/conformance", f"{ROOT}/collections", COLLECTION, ITEMS)


def ask(client: FlaskClient, path: str, **query: str) -> dict[str, Any]:
    answer = client.get(path, query_string=query or None)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def hrefs(document: dict[str, Any], rel: str) -> list[str]:
    return [
        way["href"].removeprefix("http://localhost")
        for way in document["links"]
        if way["rel"] == rel
    ]


def numbers(client: FlaskClient, **query: str) -> list[str]:
    return [one["id"] for one in ask(client, ITEMS, **query)["features"]]


def test_everything_is_found_from_the_landing_page(client: FlaskClient, cases: Cases) -> None:
    landing = ask(client, ROOT)
    assert {way["rel"] for way in landing["links"]} >= {
        "self", "alternate", "service-desc", "conformance", "data",
    }  # fmt: skip
    (conformance,) = hrefs(landing, "conformance")
    core = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
    assert core in ask(client, conformance)["conformsTo"]
    (data,) = hrefs(landing, "data")
    (collection,) = ask(client, data)["collections"]
    assert collection == ask(client, COLLECTION)
    assert collection["extent"]["spatial"]["bbox"][0][0] < 112.4
    first = next(way["href"] for way in collection["links"] if way["rel"] == "items")
    page = ask(client, first.removeprefix("http://localhost"))
    assert page["numberReturned"] == 2
    assert page["timeStamp"].endswith("+08:00")
    for feature in page["features"]:
        one = client.get(f"{ITEMS}/{feature['id']}")
        assert one.content_type == "application/geo+json"
        assert json.loads(one.text)["properties"] == feature["properties"]
        assert hrefs(json.loads(one.text), "collection") == [COLLECTION]


def test_every_link_opens(client: FlaskClient, cases: Cases) -> None:
    for path in (*PAGES, f"{ITEMS}/{cases.published}"):
        for way in ask(client, path)["links"]:
            answer = client.get(way["href"].removeprefix("http://localhost"), buffered=True)
            assert answer.status_code == 200, way
            if way["type"] in {"text/html", "application/json", "application/geo+json"}:
                assert answer.mimetype == way["type"], way


def test_a_box_holds_what_lies_inside(client: FlaskClient, cases: Cases) -> None:
    assert numbers(client, bbox="112.3,30.3,112.5,30.5") == [cases.published]
    assert numbers(client, bbox="112.3,30.3,0,112.5,30.5,9") == [cases.published]
    assert numbers(client, bbox="112.401,30.401,112.401,30.401") == [cases.published]
    assert numbers(client, bbox="113,31,114,32") == []


def test_days_of_receipt(client: FlaskClient, cases: Cases) -> None:
    days = {
        one["id"]: one["properties"]["requested_datetime"] for one in ask(client, ITEMS)["features"]
    }
    on = days[cases.published]
    assert numbers(client, datetime=on) == [cases.published]
    assert numbers(client, datetime=f"../{on}") == [cases.published]
    assert cases.published in numbers(client, datetime=f"{on}T12:00:00+08:00/")
    assert numbers(client, datetime=f"{on}T04:00:00Z") == [cases.published]
    assert numbers(client, datetime="2030-01-01/..") == []


def test_filters_of_the_portal(client: FlaskClient, cases: Cases) -> None:
    assert numbers(client, category="water", state="open") == [cases.listed]
    assert numbers(client, q="停产整改") == [cases.published]
    assert numbers(client, town="999901002") == []


def test_pages_follow_each_other_by_key(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        city()
        filed = [at_state(State.ACCEPTED).number for _ in range(7)]
        drain()
    path, found = f"{ITEMS}?limit=3&category=air", []
    for expected in (3, 3, 1):
        page = ask(client, path)
        found += [one["id"] for one in page["features"]]
        assert page["numberReturned"] == expected
        path = (hrefs(page, "next") or [""])[0]
        assert "category=air" in path or not path
    assert path == ""
    assert found == filed[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "bbox=1,2,3", "bbox=a,b,c,d", "bbox=112,40,113,30", "bbox=0,0,200,1", "bbox=nan,0,1,1",
        "limit=0", "limit=-1", "limit=x", "datetime=yesterday", "datetime=2026-13-01",
        "bbox-crs=EPSG:4326", "f=xml", "colour=red", "from=2026-01-01",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
    assert json.loads(answer.text)["code"] == "bad_parameter"


def test_unknown_things_are_not_found(client: FlaskClient, cases: Cases) -> None:
    for path in (f"{ITEMS}/SP2601010000010", f"{ITEMS}/x", f"{ROOT}/collections/people"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert client.get(f"{COLLECTION}?limit=3").status_code == 400


def test_more_than_the_most_is_the_most(client: FlaskClient, cases: Cases) -> None:
    assert ask(client, ITEMS, limit="99999999999")["numberReturned"] == 2


@pytest.mark.parametrize("path", PAGES)
def test_people_get_a_page(client: FlaskClient, cases: Cases, path: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = client.get(path, headers=browser)
    assert page.mimetype == "text/html"
    assert "Accept" in page.headers["Vary"]
    assert client.get(f"{path}?f=html").mimetype == "text/html"
    assert "json" in (client.get(f"{path}?f=json", headers=browser).mimetype or "")
    again = client.get(f"{path}?f=html")
    known = {"If-None-Match": again.headers["ETag"]}
    unchanged = client.get(f"{path}?f=html", headers=known)
    assert unchanged.status_code == 304
    assert "sha256-" in unchanged.headers["Content-Security-Policy"]
    for href in re.findall(r'<a href="(http://localhost/[^"]+|/open/ogc[^"]*)">', page.text):
        opened = client.get(
            href.replace("&amp;", "&").removeprefix("http://localhost"), buffered=True
        )
        assert opened.status_code == 200, href


def test_nothing_private(client: FlaskClient, cases: Cases) -> None:
    for path in (*PAGES, f"{ITEMS}/{cases.published}", f"{ITEMS}/{cases.listed}"):
        for form in ("json", "html"):
            text = client.get(path, query_string={"f": form}).text
            assert not [words for words in PRIVATE if words in text]


@pytest.fixture
def served(settings: Settings) -> Iterator[str]:
    """A server of the same database; its address is the portal's."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    there = dataclasses.replace(settings, base_url=f"http://127.0.0.1:{port}")
    with application(there) as app:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}{ROOT}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
def test_gdal_reads_it(cases: Cases, served: str) -> None:
    def ogrinfo(*options: str) -> str:
        command = ["ogrinfo", "-ro", "-al", *options, f"OAPIF:{served}", "reports"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return done.stdout

    whole = ogrinfo("-oo", "PAGE_SIZE=1")
    assert "Feature Count: 2" in whole
    assert f"service_request_id (String) = {cases.published}" in whole
    assert f"service_request_id (String) = {cases.listed}" in whole
    assert "POINT (112.401 30.401)" in whole
    inside = ogrinfo("-spat", "112.3", "30.3", "112.5", "30.5")
    assert cases.published in inside
    assert cases.listed not in inside
