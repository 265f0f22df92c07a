"""The checklist of GeoReport v2, writing: each test names the line it shows."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Settings
from portal.core.db import db
from portal.domain.reports.models import Channel, Identity, Report, ThreadKind
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action
from portal.domain.reports.thread import thread_of
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import masked_contact
from portal.web.desk.facts import matter_facts
from tests.city import jpeg
from tests.factories import walk
from tests.web.open311.conftest import (
    BASE,
    KEY,
    SENSOR_KEY,
    TOKEN_KEY,
    Ask,
    Send,
    as_data,
    the_error,
    tree,
)

FORMS = ("xml", "json")


def report_in(app: Flask, number: str) -> Report:
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert report.category.code
        db.session.expunge_all()
        return report


def number_in(answer: Any) -> str:
    """The number of the one request in an answer."""
    assert answer.status_code == 200, answer.text
    if answer.is_json:
        (row,) = answer.get_json()
    else:
        (row,) = as_data(tree(answer))
    assert set(row) == {"service_request_id", "service_notice", "account_id"}
    assert row["service_notice"]
    return str(row["service_request_id"])


@pytest.mark.parametrize("form", FORMS)
def test_c10_c13_a_form_is_filed(app: Flask, send: Send, form: str) -> None:
    report = report_in(app, number_in(send(form)))
    assert (report.category.code, report.description) == ("air.odor", "夜里有臭味。")
    assert (report.lat, report.lng, report.crs) == (30.4, 112.4, "wgs84")
    assert report.grid is not None
    assert report.channel == Channel.OPEN311
    assert report.consent_version == "open311-2026-11"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", [None, "", "wrong", "demo-open311"])
def test_c10_without_a_good_key_403(send: Send, form: str, key: str | None) -> None:
    answer = send(form, api_key=key)
    assert answer.status_code == 403
    assert "api_key" in the_error(answer, "403")


def test_c23_the_key_may_stand_in_the_address(client: FlaskClient, send: Send) -> None:
    fields = {"service_code": "air", "lat": "30.4", "long": "112.4"}
    assert number_in(client.post(f"{BASE}/requests.json?api_key={KEY}", data=fields))


@pytest.mark.parametrize(
    "place",
    [
        {"lat": "30.4", "long": "112.4"},
        {"lat": None, "long": None, "address_string": "东河路3号"},
        {"lat": None, "long": None, "address_id": "999901001001"},
    ],
)
def test_c11_any_place_is_enough(send: Send, place: dict[str, Any]) -> None:
    assert number_in(send(**place))


def test_c11_attributes(app: Flask, send: Send) -> None:
    answer = send(
        **{"attribute[smell]": "rotten", "attribute[time_of_day][]": "night", "attribute[x]": "1"}
    )
    report = report_in(app, number_in(answer))
    assert report.answers == {"smell": "rotten", "time_of_day": "night"}


def test_c12_the_optional_fields(app: Flask, send: Send) -> None:
    answer = send(
        email="wang@example.org",
        phone="13912345678",
        first_name="小明",
        last_name="王",
        device_id="abc",
        account_id="77",
        description="第一行\r\n第二行" + "长" * 3000,
    )
    number = number_in(answer)
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert report.description.startswith("第一行\n第二行")
        contact = masked_contact(report)
        assert contact is not None
        assert (contact.name, contact.phone) == ("王**", "139****5678")
        assert contact.email == "w***@example.org"
        assert report.has_contact
        assert report.wants_reply


def test_c12_a_phone_of_no_known_kind_is_no_reason_to_refuse(app: Flask, send: Send) -> None:
    number = number_in(send(phone="111111111", first_name="Jane", last_name="Doe"))
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert db.session.get(Identity, report.id) is not None
        contact = masked_contact(report)
        assert contact is not None
        assert contact.name == "J**"


def test_c12_without_words_the_kind_speaks(app: Flask, send: Send) -> None:
    report = report_in(app, number_in(send(description=None)))
    assert report.description.startswith("恶臭异味")


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "none"}, 404, "service_code"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": None}, 400, "long"),
        ({"lat": "north"}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": "31.5"}, 400, "12345"),
        ({"address_id": "123"}, 400, "address_id"),
        ({"description": "长" * 4001}, 400, "description"),
        ({"email": "nobody"}, 400, "email"),
        ({"media_url": "file:///etc/passwd"}, 400, "media_url"),
        ({"media_url": "http://[bad"}, 400, "media_url"),
        ({"attribute[smell]": "roses"}, 400, "smell"),
        ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id"),
    ],
)
@pytest.mark.parametrize("form", FORMS)
def test_c14_refusals(
    send: Send, form: str, changes: dict[str, Any], status: int, named: str
) -> None:
    answer = send(form, **changes)
    assert answer.status_code == status
    assert named in the_error(answer, str(status))


def test_c14_a_required_attribute_is_named(app: Flask, send: Send) -> None:
    with app.app_context():
        from portal.core.db import transaction
        from tests.factories import make_category

        with transaction():
            category = make_category("air.odor")
            first, *others = category.questions
            category.questions = [{**first, "required": True}, *others]
    answer = send()
    assert answer.status_code == 400
    assert first["code"] in the_error(answer, "400")
    assert number_in(send(**{"attribute[smell]": "rotten"}))


def test_c15_a_token_gives_the_number(app: Flask, ask: Ask, send: Send) -> None:
    (row,) = send(api_key=TOKEN_KEY).get_json()
    assert "service_request_id" not in row
    found = ask(f"tokens/{row['token']}")
    assert found == [{"service_request_id": found[0]["service_request_id"], "token": row["token"]}]
    assert report_in(app, found[0]["service_request_id"]).channel == Channel.HOTLINE
    ask("tokens/none", 404)
    assert send(api_key=TOKEN_KEY).get_json()[0]["token"] == row["token"]


def test_c18_what_was_filed_is_public_only_once_accepted(ask: Ask, send: Send) -> None:
    number = number_in(send())
    ask(f"requests/{number}", 404)
    assert ask("requests", service_request_id=number) == []


def test_c20_other_media_types_are_415(client: FlaskClient) -> None:
    for form in FORMS:
        answer = client.post(f"{BASE}/requests.{form}", json={"api_key": KEY})
        assert answer.status_code == 415
        the_error(answer, "415")


def test_c20_too_large_a_body_is_413(app: Flask) -> None:
    client = app.test_client()
    large = {"api_key": KEY, "description": "a" * 3_000_000}
    for form in FORMS:
        answer = client.post(f"{BASE}/requests.{form}", data=large)
        assert answer.status_code == 413
        the_error(answer, "413")


def test_c20_too_often_is_429(app: Flask, send: Send) -> None:
    with app.app_context():
        from portal.core.db import transaction
        from portal.domain.writers.queries import writer_by_name

        with transaction():
            writer = writer_by_name("app")
            assert writer is not None
            writer.per_hour = 2
    assert [send("xml").status_code for _ in range(2)] == [200, 200]
    answer = send("xml")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    the_error(answer, "429")
    assert send(api_key=SENSOR_KEY).status_code == 200


def test_photos_by_any_name(app: Flask, send: Send) -> None:
    files = {
        "media": (io.BytesIO(jpeg()), "a.jpg"),
        "media[]": (io.BytesIO(jpeg()), "b.jpg"),
        "photo1": (io.BytesIO(jpeg()), "c.jpg"),
    }
    number = number_in(send(**files))
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert len(photos_of(report)) == 3


def test_nothing_is_left_of_photos_that_no_report_takes(
    app: Flask, client: FlaskClient, send: Send, settings: Settings
) -> None:
    picture = jpeg()

    def lying() -> int:
        return sum(path.is_file() for path in (settings.instance_path / "media").rglob("*"))

    def photo() -> tuple[io.BytesIO, str]:
        return io.BytesIO(picture), "a.jpg"

    headers = {"Idempotency-Key": "1f0c"}
    number = number_in(send(media=photo(), headers=headers))
    kept = lying()
    assert kept
    assert number_in(send(media=photo())) == number  # known already
    assert number_in(send(media=photo(), headers=headers)) == number
    assert send(media=photo(), headers=headers, description="另一件事。").status_code == 400
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        walk(report, Action.DECLINE)
    update = {"api_key": KEY, "service_request_id": number, "update_id": "1", "status": "OPEN"}
    update |= {"updated_datetime": "2026-11-22T08:00:00Z", "description": "还在。"}
    told = {**update, "media": photo()}
    assert client.post(f"{BASE}/servicerequestupdates.json", data=told).status_code == 400
    assert lying() == kept


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_that_cannot_be_taken_is_told(send: Send, form: str) -> None:
    answer = send(form, media=(io.BytesIO(b"no picture"), "notes.jpg"))
    assert answer.status_code == 400
    assert "notes.jpg" in the_error(answer, "400")


def test_links_are_kept_for_staff_and_not_fetched(app: Flask, send: Send) -> None:
    links = ["https://elsewhere.example/a.jpg", "http://127.0.0.1:9/b.jpg"]
    number = number_in(send(media_url=links))
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        (note,) = thread_of(report, ThreadKind.INFO)
        assert all(link in note.text for link in links)
        assert photos_of(report) == []


def test_the_same_within_the_window_is_one_report(app: Flask, send: Send) -> None:
    first, picture = number_in(send()), jpeg()
    for _ in range(2):
        assert number_in(send(media=(io.BytesIO(picture), "a.jpg"))) == first
    with app.app_context():
        report = report_by_number(first)
        assert report is not None
        assert len(photos_of(report)) == 1
    assert number_in(send(description="另一件事。")) != first
    assert number_in(send(service_code="air.smoke")) != first
    assert number_in(send(lat="30.41")) != first


def test_a_window_of_nothing_takes_each_for_itself(app: Flask, send: Send) -> None:
    numbers = [number_in(send(api_key=SENSOR_KEY)) for _ in range(2)]
    assert numbers[0] != numbers[1]
    assert report_in(app, numbers[0]).channel == Channel.SENSOR


def test_an_idempotency_key_files_once(send: Send) -> None:
    headers = {"Idempotency-Key": "7b0c1a8e"}
    first = number_in(send(api_key=SENSOR_KEY, headers=headers))
    assert number_in(send(api_key=SENSOR_KEY, headers=headers)) == first
    refused = send(api_key=SENSOR_KEY, headers=headers, description="另一件事。")
    assert refused.status_code == 400
    assert number_in(send(api_key=SENSOR_KEY)) != first


def test_the_desk_says_which_system_it_came_by(app: Flask, send: Send) -> None:
    number = number_in(send(api_key=SENSOR_KEY))
    with app.test_request_context():
        report = report_by_number(number)
        assert report is not None
        assert ("来源", "监测预警（sensor）") in matter_facts(report, ())


def test_a_page_of_another_site_cannot_write(send: Send) -> None:
    answer = send(headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    the_error(answer, "403")


def test_the_test_endpoint_keeps_nothing(app: Flask, client: FlaskClient, send: Send) -> None:
    base = "/open311/test/v2"
    with app.app_context():
        before = db.session.query(Report).count()
    number = number_in(send(base=base, media=(io.BytesIO(jpeg()), "a.jpg")))
    assert number.startswith("TEST-")
    assert send(base=base, lat="31.5").status_code == 400
    assert send(base=base, api_key="wrong").status_code == 403
    assert client.get(f"{base}/requests/{number}.json").status_code == 404
    told = {
        "api_key": KEY,
        "update_id": "1",
        "service_request_id": number,
        "status": "OPEN",
        "updated_datetime": "2026-11-22T08:00:00Z",
        "description": "还在。",
    }
    assert client.post(f"{base}/servicerequestupdates.json", data=told).status_code == 200
    with app.app_context():
        assert db.session.query(Report).count() == before
