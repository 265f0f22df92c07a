"""Open data: the same cases as the list, in three formats that other programs read."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from frictionless import Package
from werkzeug.http import http_date

from portal.core import clock
from portal.core.db import db
from portal.core.text import inert
from portal.domain.publication import exports
from portal.domain.publication.models import PublicCase
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.web.transparency.opendata import views
from portal.web.transparency.opendata.columns import COLUMNS, NAMES
from tests.factories import at_state, city, drain, walk, writing
from tests.web.transparency.conftest import PRIVATE, Cases
from tests.web.transparency.test_list import FILTERS

BULK = (
    "service_request_id requested_datetime updated_datetime closed_date status_description"
    " status_notes source service_name service_subtype description agency_responsible address"
    " lat long"
).split()
FORMATS = ("csv", "geojson", "atom")


def path(kind: str) -> str:
    return f"/open/data/reports.{kind}"


def table(client: FlaskClient, **query: str) -> list[dict[str, str]]:
    answer = client.get(path("csv"), query_string=query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def features(client: FlaskClient, **query: str) -> list[dict[str, Any]]:
    whole = json.loads(client.get(path("geojson"), query_string=query).text)
    assert whole["type"] == "FeatureCollection"
    return list(whole["features"])


def feed(client: FlaskClient, **query: str) -> Any:
    found = feedparser.parse(client.get(path("atom"), query_string=query).data)
    assert not found.bozo
    return found


def test_every_filter_gives_the_cases_of_the_list(client: FlaskClient, cases: Cases) -> None:
    for query, names in FILTERS:
        expected = [getattr(cases, name) for name in names]
        if query.get("after") not in {None, "nonsense"} or query.get("from") == "yesterday":
            continue
        assert [row["service_request_id"] for row in table(client, **query)] == expected, query
        assert [one["id"] for one in features(client, **query)] == expected, query
        told = {entry.link.rpartition("/")[2] for entry in feed(client, **query).entries}
        assert told == set(expected), query


@pytest.mark.parametrize("kind", FORMATS)
def test_days_that_cannot_be_read_are_refused(client: FlaskClient, cases: Cases, kind: str) -> None:
    """All cases would pass for those of the days; the page says it beside the field instead."""
    for query in ({"from": "2026-13-01"}, {"from": "2026-02-01", "to": "2026-01-01"}):
        answer = client.get(path(kind), query_string=query)
        assert answer.status_code == 400
        assert answer.mimetype == "application/problem+json"
        page = client.get("/open/reports", query_string=query)
        assert path(kind) not in page.text.partition("<main")[2]


def test_data_behind_a_figure_follows_the_hour(
    client: FlaskClient, cases: Cases, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the figures call late changes without an event."""
    late = {"figure": "overdue"}
    first = client.get(path("csv"), query_string=late)
    assert "Last-Modified" not in first.headers
    at = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(views, "now", lambda: at)
    later = client.get(path("csv"), query_string=late)
    assert later.headers["ETag"] != first.headers["ETag"]


def test_the_list_leads_to_its_own_data(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/reports?category=water&state=open").text
    for kind in FORMATS:
        assert page.count(f'href="/open/data/reports.{kind}?category=water&amp;state=open"') == 2


def test_the_table_has_the_columns_of_open311(client: FlaskClient, cases: Cases) -> None:
    assert list(NAMES[:14]) == BULK
    (published, listed) = sorted(table(client), key=lambda row: row["level"], reverse=True)
    assert published["status"] == "closed"
    assert published["service_subtype"] == "排污口"
    assert published["agency_responsible"] == "生态环境局"
    assert published["finding"] == "verified"
    assert published["photo_before"].endswith(f"/media/{cases.public_key}/1600.jpg")
    assert listed["service_name"] == "水污染"
    assert listed["address"] == "东河镇"
    only_published = {column.name for column in COLUMNS if column.published_only}
    assert not [name for name in only_published if listed[name]]


def test_places_are_as_coarse_as_they_were_released(client: FlaskClient, cases: Cases) -> None:
    by_id = {one["id"]: one["geometry"] for one in features(client)}
    assert by_id[cases.listed] is None
    assert by_id[cases.published] == {"type": "Point", "coordinates": [112.401, 30.401]}
    row = next(row for row in table(client) if row["service_request_id"] == cases.published)
    assert (row["lat"], row["long"]) == ("30.401", "112.401")
    (entry,) = [e for e in feed(client).entries if e.link.endswith(cases.published)]
    assert entry.where["coordinates"] == (112.401, 30.401)


@pytest.mark.parametrize("kind", FORMATS)
def test_each_says_on_which_terms_it_comes(client: FlaskClient, cases: Cases, kind: str) -> None:
    answer = client.get(path(kind))
    known = client.get(path(kind), headers={"If-None-Match": answer.headers["ETag"]})
    for one in (answer, known, client.head(path(kind))):
        assert '<http://localhost/about/licence>; rel="license"' in one.headers["Link"]
        assert "Link" in one.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_private(client: FlaskClient, cases: Cases, kind: str) -> None:
    for query in ({}, {"q": "东河"}, {"figure": "contact_on_time"}):
        text = client.get(path(kind), query_string=query).text
        assert not [words for words in PRIVATE if words in text]
        assert cases.withheld_key not in text


TEXTS = (
    '=HYPERLINK("http://x")',
    "＝1+1",
    "+86",
    "－1",
    "@a",
    "\t=1",
    "一，二",
    '他说"好"\r\n第二行',
)


def test_cells_start_no_formula(client: FlaskClient, app: Flask, cases: Cases) -> None:
    for text in TEXTS:
        with app.app_context(), writing():
            row = db.session.query(PublicCase).filter_by(number=cases.published).one()
            row.text = text
        (told,) = table(client, q=cases.published)
        assert told["description"] == inert(text)
        assert told["description"].endswith(text)
        assert told["description"][0] not in "=+-@\t＝＋－＠"
    raw = client.get(path("csv")).data
    assert raw.count(b"\r\n") == raw.count(b"\n")


def test_excel_gets_its_mark_and_programs_do_not(client: FlaskClient, cases: Cases) -> None:
    assert client.get(path("csv")).data.startswith(b"service_request_id,")
    marked = client.get(path("csv") + "?bom=1").data
    assert marked == b"\xef\xbb\xbf" + client.get(path("csv")).data


def test_big_sets_are_read_by_key(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        city()
        filed = [at_state(State.RESOLVED if n % 2 else State.ACCEPTED).number for n in range(7)]
        drain()
    whole = {sort: table(client, sort=sort) for sort in ("new", "old", "days")}
    assert {row["service_request_id"] for row in whole["new"]} == set(filed)
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    for sort, rows in whole.items():
        assert table(client, sort=sort) == rows
    assert client.get(path("csv")).is_streamed
    assert client.get(path("geojson")).is_streamed


def test_an_unchanged_set_is_not_sent_again(app: Flask, client: FlaskClient, cases: Cases) -> None:
    first = client.get(path("csv"))
    for kind in FORMATS:
        first = client.get(path(kind))
        assert first.headers["Access-Control-Allow-Origin"] == "*"
        same = client.get(path(kind), headers={"If-None-Match": first.headers["ETag"]})
        assert same.status_code == 304
        assert same.headers["Access-Control-Allow-Origin"] == "*"
    with app.app_context():
        number = at_state(State.ACCEPTED, at=clock.now() - timedelta(days=1)).number
        owing = client.get(path("csv"))
        assert "Last-Modified" not in owing.headers, "a row is still on its way"
        drain()
    answer = client.get(path("csv"), headers={"If-None-Match": first.headers["ETag"]})
    assert answer.status_code == 200
    assert number in answer.text


def test_who_asks_by_date_gets_every_change(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        city()
        report = at_state(State.ACCEPTED)
        drain()
        last = report.state_since
    first = client.get(path("csv")).headers["Last-Modified"]
    assert first == http_date(last.replace(microsecond=0) + timedelta(seconds=1))
    asked = {"If-Modified-Since": first}
    assert client.get(path("csv"), headers=asked).status_code == 304
    with app.app_context():
        moved = report_by_number(report.number)
        assert moved is not None
        walk(moved, Action.DISPATCH)
        drain()
    assert client.get(path("csv"), headers=asked).status_code == 200


def test_what_is_taken_back_vanishes_everywhere(
    app: Flask, client: FlaskClient, cases: Cases
) -> None:
    with app.app_context():
        merged = at_state(State.ACCEPTED).number
        drain()
        assert merged in client.get(path("csv")).text
        report = report_by_number(merged)
        assert report is not None
        walk(report, Action.WITHDRAW)
        published = report_by_number(cases.published)
        assert published is not None
        again = (Action.PROPOSE, Action.SUBMIT, Action.RESOLVE, Action.WITHHOLD)
        walk(published, Action.REOPEN, *again)
        drain()
    for kind in FORMATS:
        text = client.get(path(kind)).text
        assert merged not in text
        assert cases.published in text
        assert "停产整改" not in text
        assert cases.public_key not in text
        assert "112.401" not in text


def test_the_package_describes_the_table(client: FlaskClient, cases: Cases, tmp_path: Path) -> None:
    (tmp_path / "reports.csv").write_bytes(client.get(path("csv")).data)
    described = json.loads(client.get("/open/data/datapackage.json").text)
    resource = described["resources"][0]
    assert resource["path"] == "http://localhost/open/data/reports.csv"
    resource |= {"path": "reports.csv"}
    resource.pop("scheme")
    (tmp_path / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    found = Package(str(tmp_path / "datapackage.json")).validate()
    assert found.valid, found.flatten(["type", "note"])
    assert found.tasks[0].stats["rows"] == 2
    broken = (tmp_path / "reports.csv").read_text("utf-8").replace(",closed,", ",closed,x,", 1)
    (tmp_path / "reports.csv").write_text(broken, encoding="utf-8")
    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def test_the_page_explains_every_column(client: FlaskClient, cases: Cases) -> None:
    page = client.get("/open/data").text
    for column in COLUMNS:
        assert f"<code>{column.name}</code>" in page
        assert column.about in page
    for kind in FORMATS:
        assert path(kind) in page


def test_the_feed_shows_the_newest_change_first(
    app: Flask, client: FlaskClient, cases: Cases
) -> None:
    entries = feed(client).entries
    assert [e.updated for e in entries] == sorted((e.updated for e in entries), reverse=True)
    assert len({e.id for e in entries}) == len(entries) == 2
    whole = feed(client, category="water")
    assert "水污染" in whole.feed.title
    assert whole.feed.links[0].href == "http://localhost/open/data/reports.atom?category=water"
    assert any(link.rel == "enclosure" for entry in entries for link in entry.links)
