"""The checklist of GeoReport v2, reading: each test names the line it shows."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.domain.reports.states import Action
from tests.factories import drain, make_category, walk
from tests.web.open311.conftest import BASE, Ask, Cases, as_data, the_error, tree
from tests.web.transparency.conftest import PRIVATE
from tests.web.transparency.conftest import _report as report_of

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
PATHS = ("services", "services/air.odor", "requests", "servicerequestupdates")


@pytest.mark.parametrize("path", PATHS)
def test_c01_c02_both_formats_by_suffix(client: FlaskClient, cases: Cases, path: str) -> None:
    as_xml, as_json = (client.get(f"{BASE}/{path}.{form}") for form in ("xml", "json"))
    assert as_xml.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert as_json.headers["Content-Type"] == "application/json; charset=utf-8"
    assert as_xml.data.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert b"xmlns" not in as_xml.data
    assert b"xsi:" not in as_xml.data
    assert tree(as_xml) is not None
    json.loads(as_json.data)


def test_c03_json_drops_the_wrapper(client: FlaskClient, ask: Ask, cases: Cases) -> None:
    assert isinstance(ask("services"), list)
    assert isinstance(ask(f"requests/{cases.published}"), list)
    assert isinstance(ask("requests/SP", 404), list)
    assert set(ask("services/air.odor")) == {"service_code", "attributes"}
    assert isinstance(client.get("/open311/discovery.json").get_json(), dict)


def test_c03_xml_keeps_it(client: FlaskClient, cases: Cases) -> None:
    whole = tree(client.get(f"{BASE}/requests.xml"))
    assert (whole.tag, {child.tag for child in whole}) == ("service_requests", {"request"})
    listed = tree(client.get(f"{BASE}/services.xml"))
    assert (listed.tag, {child.tag for child in listed}) == ("services", {"service"})
    asked = tree(client.get(f"{BASE}/services/air.odor.xml"))
    assert [child.tag for child in asked] == ["service_code", "attributes"]


def test_c04_types(client: FlaskClient, ask: Ask, cases: Cases) -> None:
    (row,) = ask(f"requests/{cases.published}")
    assert isinstance(row["service_request_id"], str)
    assert isinstance(row["lat"], float)
    assert isinstance(row["long"], float)
    attribute = ask("services/air.odor")["attributes"][0]
    assert attribute["variable"] is True
    assert attribute["required"] is False
    assert isinstance(attribute["order"], int)
    assert all(isinstance(service["metadata"], bool) for service in ask("services"))
    words = client.get(f"{BASE}/services/air.odor.xml").text
    assert "<variable>true</variable>" in words
    assert "<required>false</required>" in words


def test_c05_moments_have_a_zone_and_no_fraction(ask: Ask, cases: Cases) -> None:
    for row in ask("requests", extensions="true"):
        for name in ("requested_datetime", "updated_datetime"):
            assert MOMENT.fullmatch(row[name]), row[name]
        assert row["expected_datetime"] is None or MOMENT.fullmatch(row["expected_datetime"])


def test_c06_an_empty_argument_is_absent(ask: Ask, cases: Cases) -> None:
    names = (
        *("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date"),
        *("status", "page", "page_size", "bbox", "lat", "long", "q", "updated_after"),
    )
    assert ask("requests", **dict.fromkeys(names, "")) == ask("requests")


def test_c07_services(ask: Ask, cases: Cases) -> None:
    services = {service["service_code"]: service for service in ask("services")}
    odor, top = services["air.odor"], services["air"]
    assert odor["service_name"] == "恶臭异味"
    assert odor["group"] == top["group"] == "大气污染"
    assert odor["metadata"] is True
    assert odor["type"] == "realtime"
    assert "Bad smell" in odor["keywords"].split(",")
    assert all(
        {"service_name", "description", "metadata", "type", "keywords", "group"} <= set(service)
        for service in services.values()
    )
    assert "说不清" in top["description"]


def test_c07_in_english(ask: Ask, client: FlaskClient, cases: Cases) -> None:
    client.set_cookie("lang", "en")
    chinese = {service["service_name"] for service in ask("services")}
    english = {service["service_name"] for service in ask("services", locale="en")}
    assert "Bad smell" in english - chinese
    assert "恶臭异味" in chinese - english


def test_c08_definition(ask: Ask, cases: Cases) -> None:
    whole = ask("services/air.odor")
    assert whole["service_code"] == "air.odor"
    orders = [attribute["order"] for attribute in whole["attributes"]]
    assert orders == list(range(1, len(orders) + 1))
    for attribute in whole["attributes"]:
        assert set(attribute) == {
            *("variable", "code", "datatype", "required", "datatype_description", "order"),
            *("description", "values"),
        }
        assert attribute["datatype_description"] == ""
    smell = whole["attributes"][0]
    assert smell["datatype"] == "singlevaluelist"
    assert {"key": "rotten", "name": "腐臭、粪便味"} in smell["values"]


@pytest.mark.parametrize(
    "path", ["services/none", "services/air.none", "requests/SP000000000000K", "tokens/none"]
)
@pytest.mark.parametrize("form", ["xml", "json"])
def test_c09_c18_unknown_things_are_404(
    client: FlaskClient, cases: Cases, path: str, form: str
) -> None:
    answer = client.get(f"{BASE}/{path}.{form}")
    assert answer.status_code == 404
    the_error(answer, "404")


def test_c09_another_jurisdiction_is_404(ask: Ask, cases: Cases) -> None:
    assert ask("services", jurisdiction_id="localhost")
    for path in ("services", "services/air.odor", "requests", f"requests/{cases.published}"):
        assert ask(path, 404, jurisdiction_id="elsewhere.example")[0]["code"] == "404"


def test_c16_ids_override_everything_else(ask: Ask, cases: Cases) -> None:
    both = f"{cases.published},{cases.listed},SP260101000000X"
    rows = ask("requests", service_request_id=both, status="closed", start_date="2020-01-01")
    assert {row["service_request_id"] for row in rows} == {cases.published, cases.listed}


def test_c16_service_code_and_status(ask: Ask, cases: Cases) -> None:
    def numbers(**query: str) -> set[str]:
        return {row["service_request_id"] for row in ask("requests", **query)}

    assert numbers(service_code="water.outfall") == {cases.published}
    assert numbers(service_code="water") == {cases.listed}
    assert numbers(service_code="air.odor,water.outfall") == {cases.published}
    assert numbers(service_code="nothing") == set()
    assert numbers(status="open") == {cases.listed}
    assert numbers(status="closed") == {cases.published}
    assert numbers(status="open,closed") == {cases.listed, cases.published}


def test_c16_dates(ask: Ask, cases: Cases) -> None:
    (row,) = ask(f"requests/{cases.published}")
    at = datetime.fromisoformat(row["requested_datetime"])

    def is_there(**query: str) -> bool:
        rows = ask("requests", **query)
        return cases.published in {row["service_request_id"] for row in rows}

    assert is_there(start_date=at.isoformat(), end_date=at.isoformat())
    assert is_there(start_date=at.isoformat().replace("+", " "))
    assert is_there(start_date=at.isoformat()[:19])
    assert is_there(start_date=at.date().isoformat())
    assert not is_there(start_date=(at + timedelta(seconds=1)).isoformat())
    assert not is_there(end_date=(at - timedelta(seconds=1)).isoformat())
    assert not is_there(end_date=(at + timedelta(days=91)).isoformat())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start_date", "yesterday"),
        ("start_date", "2026-02-30"),
        ("end_date", "2026-13-01T00:00:00Z"),
        ("status", "fixed"),
        ("page", "0"),
        ("page_size", "many"),
        ("bbox", "1,2,3"),
        ("bbox", "nan,1,2,3"),
        ("lat", "30"),
        ("radius", "x"),
    ],
)
def test_c20_what_cannot_be_understood_is_400(
    client: FlaskClient, cases: Cases, name: str, value: str
) -> None:
    query = {"long": "112", "lat": "30", name: value} if name == "radius" else {name: value}
    for form in ("xml", "json"):
        answer = client.get(f"{BASE}/requests.{form}", query_string=query)
        assert answer.status_code == 400
        assert name in the_error(answer, "400")


def test_c16_at_most_ninety_days(ask: Ask, cases: Cases) -> None:
    start = datetime.fromisoformat("2026-01-01T00:00:00+08:00")
    end = start + timedelta(days=90)
    ask("requests", start_date=start.isoformat(), end_date=end.isoformat())
    later = (end + timedelta(seconds=1)).isoformat()
    assert (
        "90" in ask("requests", 400, start_date=start.isoformat(), end_date=later)[0]["description"]
    )


def test_c17_newest_first_and_pages_are_never_short(ask: Ask, cases: Cases) -> None:
    rows = ask("requests")
    assert [row["service_request_id"] for row in rows] == [cases.listed, cases.published]
    pages = [ask("requests", page=n, page_size=1) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [1, 1, 0]
    assert pages[0] + pages[1] == rows
    assert ask("requests", page_size="999999") == rows


def test_c18_one_request_is_an_array_of_one(ask: Ask, client: FlaskClient, cases: Cases) -> None:
    assert len(ask(f"requests/{cases.published}")) == 1
    whole = tree(client.get(f"{BASE}/requests/{cases.published}.xml"))
    assert [child.tag for child in whole] == ["request"]


def test_c19_a_published_case(ask: Ask, cases: Cases) -> None:
    (row,) = ask(f"requests/{cases.published}")
    assert row["status"] == "closed"
    assert row["service_code"] == "water.outfall"
    assert row["service_name"] == "排污口"
    assert "责令停产" in row["description"]
    assert "属实" in row["status_notes"]
    assert (row["lat"], row["long"]) == (30.401, 112.401)
    assert row["address_id"] == "999901001001"
    assert row["media_url"] == f"http://localhost/media/{cases.public_key}/1600.jpg"
    assert row["expected_datetime"] is None
    with_time = datetime.fromisoformat(row["updated_datetime"])
    assert with_time >= datetime.fromisoformat(row["requested_datetime"])


def test_c19_closed_means_the_time_of_closing(app: Flask, ask: Ask, cases: Cases) -> None:
    (row,) = ask(f"requests/{cases.published}")
    with app.app_context():
        resolved_at = report_of(cases.published).resolved_at
        assert resolved_at is not None
        expected = local(resolved_at).isoformat("T", "seconds")
    assert row["updated_datetime"] == expected


def test_c19_a_listed_case_has_its_listed_facts_and_no_more(ask: Ask, cases: Cases) -> None:
    (row,) = ask(f"requests/{cases.listed}", extensions="true")
    assert row["status"] == "open"
    assert row["service_code"] == "water"
    assert row["agency_responsible"] == "水利局"
    assert row["address"] == "东河镇"
    for name in ("description", "lat", "long", "media_url", "status_notes"):
        assert row[name] is None
    assert row["extended_attributes"]["photos"] == row["notes"] == []


def test_c19_nothing_personal_or_unreleased_in_any_answer(
    client: FlaskClient, cases: Cases
) -> None:
    for form in ("xml", "json"):
        for path in ("requests", f"requests/{cases.published}"):
            whole = client.get(f"{BASE}/{path}.{form}?extensions=true").text
            assert not [words for words in PRIVATE if words in whole]
            assert cases.withheld_key not in whole
            for field in ("email", "phone", "first_name", "last_name"):
                assert field not in whole


@pytest.mark.parametrize(("path", "status"), [("nothing", 404), ("services/a/b", 404)])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_c20_errors_of_the_framework(
    client: FlaskClient, path: str, status: int, form: str
) -> None:
    answer = client.get(f"{BASE}/{path}.{form}")
    assert answer.status_code == status
    the_error(answer, str(status))


@pytest.mark.parametrize("form", ["xml", "json"])
def test_c20_other_methods_are_405(client: FlaskClient, form: str) -> None:
    answer = client.delete(f"{BASE}/services.{form}")
    assert answer.status_code == 405
    the_error(answer, "405")


@pytest.mark.parametrize("form", ["xml", "json"])
def test_c20_an_accident_is_told_in_the_format(
    app: Flask, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "open311.v2.service_list", _break)
    answer = app.test_client().get(f"{BASE}/services.{form}")
    assert answer.status_code == 500
    the_error(answer, "500")


def _break(form: str) -> str:
    raise RuntimeError(form)


@pytest.mark.parametrize("form", ["xml", "json"])
def test_c21_discovery(client: FlaskClient, form: str) -> None:
    answer = client.get(f"/open311/discovery.{form}")
    found = answer.get_json() if form == "json" else as_data(tree(answer))
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert MOMENT.fullmatch(found["changeset"])
    kinds = {endpoint["type"]: endpoint for endpoint in found["endpoints"]}
    assert set(kinds) == {"production", "test"}
    assert kinds["production"]["url"] == "http://localhost/open311/v2"
    for endpoint in kinds.values():
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert MOMENT.fullmatch(endpoint["changeset"])
        path = endpoint["url"].removeprefix("http://localhost")
        assert client.get(f"{path}/services.{form}").status_code == 200


def test_c22_any_page_may_read(client: FlaskClient, cases: Cases) -> None:
    for path in ("services.json", "requests.xml", "requests/none.json", "nothing"):
        answer = client.get(f"{BASE}/{path}", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/report").headers


def test_c24_unknown_arguments_are_let_be(ask: Ask, cases: Cases) -> None:
    plain = ask("requests")
    assert ask("requests", callback="f", foo="bar", api_key="whatever", extensions="no") == plain


def test_extensions_only_when_asked(ask: Ask, client: FlaskClient, cases: Cases) -> None:
    (plain,) = ask(f"requests/{cases.published}")
    (whole,) = ask(f"requests/{cases.published}", extensions="true")
    assert set(whole) - set(plain) == {"extended_attributes", "attributes", "notes"}
    more = whole["extended_attributes"]
    assert more["detailed_status"] == "PROCESSED"
    assert more["media_urls"][0] == whole["media_url"]
    assert {"media_url", "title", "width", "height", "created_at"} == set(more["photos"][0])
    kinds = [note["type"] for note in whole["notes"]]
    assert kinds[0] == Action.ACCEPT
    assert Action.PUBLISH in kinds
    assert {"datetime", "description", "type", "summary"} == set(whole["notes"][0])
    page = tree(client.get(f"{BASE}/requests/{cases.published}.xml?extensions=true"))
    urls = page.findall("request/extended_attributes/media_urls/media_url")
    assert [url.text for url in urls] == more["media_urls"]


def test_changes_since(app: Flask, ask: Ask, cases: Cases) -> None:
    def numbers(**query: str) -> set[str]:
        return {row["service_request_id"] for row in ask("requests", **query)}

    rows = ask("requests")
    for row in rows:
        at = datetime.fromisoformat(row["updated_datetime"])
        assert row["service_request_id"] in numbers(updated_after=at.isoformat())
        later = (at + timedelta(seconds=1)).isoformat()
        assert row["service_request_id"] not in numbers(updated_after=later)
        assert row["service_request_id"] in numbers(updated_before=at.isoformat())
    before = now().replace(microsecond=0)
    with app.app_context():
        walk(report_of(cases.listed), Action.SIGN)
        drain()
    assert numbers(updated_after=before.isoformat()) == {cases.listed}


def test_places(ask: Ask, cases: Cases) -> None:
    def numbers(**query: str) -> set[str]:
        return {row["service_request_id"] for row in ask("requests", **query)}

    assert numbers(bbox="112.3,30.3,112.5,30.5") == {cases.published}
    assert numbers(bbox="112.5,30.3,112.6,30.5") == set()
    assert numbers(lat="30.4", long="112.4", radius="200") == {cases.published}
    assert numbers(lat="30.4", long="112.4", radius="100") == set()
    assert numbers(lat="30.4", long="112.4") == {cases.published}


def test_words(ask: Ask, cases: Cases) -> None:
    assert [row["service_request_id"] for row in ask("requests", q="停产")] == [cases.published]
    assert ask("requests", q="绿色废水") == []


def test_what_is_known_is_not_sent_again(client: FlaskClient, cases: Cases) -> None:
    first = client.get(f"{BASE}/requests.json")
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{BASE}/requests.json", headers=known).status_code == 304
    other = client.get(f"{BASE}/requests.json?status=open", headers=known)
    assert other.status_code == 200


def test_a_category_that_is_not_offered_is_no_service(app: Flask, ask: Ask) -> None:
    with app.app_context(), transaction():
        make_category("air.odor").is_active = False
    assert "air.odor" not in {service["service_code"] for service in ask("services")}
    ask("services/air.odor", 404)
