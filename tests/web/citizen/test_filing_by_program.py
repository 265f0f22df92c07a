"""POST /report as another program uses it (contracts.md, Filing over HTTP)."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import original_key, photo_store, photos_of
from portal.domain.reports.tracking import report_by_number
from tests.web.citizen.conftest import JSON, Send, filing, picture, token

CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")


def stored(app: Flask, number: str) -> Report:
    found = report_by_number(number)
    assert found is not None
    return found


def errors(answer: object) -> dict[str, list[str]]:
    body = answer.get_json()  # type: ignore[attr-defined]
    return {name: [fault["code"] for fault in group] for name, group in body["errors"].items()}


def test_the_answer_has_every_field_of_the_contract(send: Send) -> None:
    answer = send(photos=[picture()], wants_reward="1", lat="30.4", lng="112.4")
    assert answer.status_code == 201
    body = answer.get_json()
    assert set(body) == {
        "number", "query_code", "reward_code", "track_url", "upload_token", "received_at",
        "photos", "receipt",
    }  # fmt: skip
    assert re.fullmatch(r"SP\d{12}[0-9A-Z]", body["number"])
    assert CODE.fullmatch(body["query_code"])
    assert CODE.fullmatch(body["reward_code"])
    assert body["track_url"].endswith(f"/track/{body['number']}")
    assert body["received_at"].endswith("+08:00")
    assert [photo["status"] for photo in body["photos"]] == ["received"]
    assert re.fullmatch(r"[0-9a-f]{64}", body["receipt"]["leaf"])
    assert body["receipt"]["photo_count"] == 1


def test_the_commitment_can_be_checked_by_the_reporter(send: Send) -> None:
    body = send(photos=[picture(data=b"\xff\xd8\xff" + b"p" * 2000)]).get_json()["receipt"]
    content = {
        "number": body["number"],
        "received_at": body["received_at"],
        "categories": ["air.dust"],
        "description": "工地土堆没盖，刮风就扬尘。",
        "place": [None, None, None, "人民路建设路口"],
        "grid": None,
        "photos": [hashlib.sha256(b"\xff\xd8\xff" + b"p" * 2000).hexdigest()],
    }
    words = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    own = hmac.new(bytes.fromhex(body["nonce"]), words.encode(), hashlib.sha256).hexdigest()
    assert body["content_commitment"] == own


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "0001-01-01T00:00:00+08:00"])
def test_a_time_no_clock_has_is_a_wrong_input(send: Send, typed: str) -> None:
    refused = send(occurred="at", occurred_at=typed)
    assert refused.status_code == 422
    assert set(refused.get_json()["errors"]) == {"occurred_at"}


def test_place_and_time_are_kept_as_sent_and_converted(app: Flask, send: Send) -> None:
    body = send(
        lat="30.400000", lng="112.405000", crs="gcj02", location_source="pin", accuracy_m="18",
        occurred="at", occurred_at="2026-03-01T08:30",
    ).get_json()  # fmt: skip
    with app.app_context():
        report = stored(app, body["number"])
        assert (report.raw_lat, report.raw_lng, report.crs) == (30.4, 112.405, "gcj02")
        assert report.lat is not None
        assert 0.0001 < abs(report.lat - 30.4) < 0.01
        assert report.grid is not None
        assert report.grid.code == "999901001001"
        assert report.occurred_at is not None
        assert local(report.occurred_at).isoformat() == "2026-03-01T08:30:00+08:00"


@pytest.mark.parametrize(
    ("minutes", "occurred"), [(0, "now"), (29, "now"), (31, "at"), (90_000, "now"), (-60, "now")]
)
def test_now_is_when_it_was_sent_off_however_long_it_waited(
    app: Flask, send: Send, minutes: int, occurred: str
) -> None:
    pressed = (now() - timedelta(minutes=minutes)).replace(microsecond=0)
    number = send(occurred="now", pressed_at=pressed.isoformat()).get_json()["number"]
    with app.app_context():
        report = stored(app, number)
        assert report.occurred == occurred
        assert report.occurred_at == (pressed if occurred == "at" else None)


def test_an_hour_that_is_none_is_no_fault(send: Send) -> None:
    for typed in ("gestern", "0001-01-01T00:00", "2026-02-30T00:00:00Z"):
        assert send(pressed_at=typed).status_code == 201


def test_same_key_and_body_give_the_same_answer(client: FlaskClient, send: Send) -> None:
    key = str(uuid4())
    first = send(key=key, photos=[picture(data=b"\xff\xd8\xff" + b"a" * 900)])
    again = send(
        key=key, form_token=token(client), photos=[picture(data=b"\xff\xd8\xff" + b"a" * 900)]
    )
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()


def test_same_key_with_another_body_is_refused(send: Send) -> None:
    key = str(uuid4())
    send(key=key)
    other = send(key=key, description="完全是另一件事情。")
    assert other.status_code == 409
    assert other.get_json()["code"] == "idempotency_key_reused"


def test_without_a_key_the_form_token_is_the_key(client: FlaskClient, send: Send) -> None:
    once = token(client)
    first, again = send(form_token=once), send(form_token=once)
    assert first.get_json() == again.get_json()
    assert send(form_token=once, description="换了内容再交一次。").status_code == 409


def test_a_token_serves_one_filing_whatever_the_key(client: FlaskClient, send: Send) -> None:
    once = token(client)
    assert send(key=str(uuid4()), form_token=once).status_code == 201
    other = send(key=str(uuid4()), form_token=once, description="换了内容再交一次。")
    assert other.status_code == 409


def test_a_refused_filing_leaves_its_key_free(send: Send) -> None:
    key = str(uuid4())
    assert send(key=key, description="短").status_code == 422
    assert send(key=key).status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"category": None}, {"category": ["required"]}),
        ({"category": "air.nothing"}, {"category": ["unknown"]}),
        ({"description": "四个字了"}, {"description": ["too_short"]}),
        ({"description": "字" * 501}, {"description": ["too_long"]}),
        ({"address": None}, {"address": ["required"]}),
        ({"address": "路口"}, {"address": ["too_short"]}),
        ({"lat": "30.4"}, {"lng": ["required"]}),
        ({"lat": "nan", "lng": "112.4"}, {"lat": ["invalid"]}),
        ({"lat": "130", "lng": "112.4"}, {"lat": ["invalid"]}),
        ({"lat": "30.4", "lng": "112.4", "crs": "mars"}, {"crs": ["unknown"]}),
        ({"grid_code": "110101"}, {"grid_code": ["unknown"]}),
        ({"occurred": "sometimes"}, {"occurred": ["unknown"]}),
        ({"occurred": "at"}, {"occurred_at": ["required"]}),
        ({"occurred": "at", "occurred_at": "昨天"}, {"occurred_at": ["invalid"]}),
        ({"occurred": "at", "occurred_at": "2099-01-01T00:00"}, {"occurred_at": ["future"]}),
        ({"accused_name": "厂" * 101}, {"accused_name": ["too_long"]}),
        ({"consent": None}, {"consent": ["required"]}),
        ({"consent": "1999"}, {"consent": ["version"]}),
        ({"contact_phone": "13800138000"}, {"consent_contact": ["required"]}),
        (
            {"contact_phone": "1380013800", "consent_contact": "1"},
            {"contact_phone": ["invalid"]},
        ),
        ({"contact_email": "a@b", "consent_contact": "1"}, {"contact_email": ["invalid"]}),
        (
            {"lat": "30.4", "lng": "112.4", "location_source": "gps"},
            {"consent_location": ["required"]},
        ),
        ({"website": "http://spam.example"}, {"website": ["honeypot"]}),
        ({"photo_ids": "f" * 32}, {"photo_ids": ["unknown_photo"]}),
        ({"photos_expected": "10"}, {"photos_expected": ["invalid"]}),
        ({"form_token": "forged"}, {"form_token": ["invalid"]}),
        ({"form_token": None}, {}),
    ],
    ids=str,
)
def test_each_field_is_refused_by_name(
    send: Send, client: FlaskClient, changes: dict[str, str | None], expected: dict[str, list[str]]
) -> None:
    if changes == {"form_token": None}:
        answer = client.post("/report", data=filing(), headers=JSON)
        expected = {"form_token": ["required"]}
    else:
        answer = send(**changes)
    assert answer.status_code == 422
    assert answer.content_type.startswith("application/problem+json")
    assert errors(answer) == expected


def test_a_wrong_phone_is_told_its_length(send: Send) -> None:
    body = send(contact_phone="1380013800", consent_contact="1").get_json()
    assert body["errors"]["contact_phone"][0]["message"] == "电话应是11位，现在是10位"


def test_outside_the_city_says_where_to_go(send: Send) -> None:
    answer = send(lat="31.5", lng="112.4")
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "outside_area"
    assert "12345" in answer.get_json()["errors"]["lat"][0]["message"]


def test_bad_photos_never_refuse_a_report(send: Send) -> None:
    sent = [picture(), picture("坏.pdf", b"%PDF-1.7 nothing"), (io.BytesIO(), "空.jpg")]
    answer = send(photos=sent)
    assert answer.status_code == 201
    photos = answer.get_json()["photos"]
    assert [photo["status"] for photo in photos] == ["received", "refused", "refused"]
    assert photos[1]["name"] == "坏.pdf"
    assert "JPEG" in photos[1]["reason"]


def test_a_tenth_photo_is_refused_and_nine_are_kept(send: Send) -> None:
    photos = send(photos=[picture(f"{n}.jpg") for n in range(10)]).get_json()["photos"]
    assert [photo["status"] for photo in photos] == ["received"] * 9 + ["refused"]


def test_the_finer_category_wins_and_the_first_is_primary(app: Flask, send: Send) -> None:
    body = send(category=["noise", "noise.social", "air.cooking"]).get_json()
    with app.app_context():
        assert stored(app, body["number"]).category.code == "noise.social"
    unsure = send(category="water").get_json()
    with app.app_context():
        assert stored(app, unsure["number"]).category.code == "water"


def test_answers_to_the_categorys_questions_are_kept(app: Flask, send: Send) -> None:
    body = send(
        category="air.odor", **{"answers[smell]": "chemical", "answers[plate]": "not asked here"}
    ).get_json()
    with app.app_context():
        assert stored(app, body["number"]).answers == {"smell": "chemical"}
    refused = send(category="air.odor", **{"answers[smell]": "roses"})
    assert errors(refused) == {"answers[smell]": ["unknown"]}


def test_a_photo_sent_ahead_is_claimed_once(app: Flask, client: FlaskClient, send: Send) -> None:
    key = {**JSON, "Idempotency-Key": str(uuid4())}
    data = b"\xff\xd8\xff" + b"q" * 999
    sent = [
        client.post("/report/photos", data={"photo": picture(data=data)}, headers=key)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in sent] == [201, 201]
    assert sent[0].get_json() == sent[1].get_json()
    photo_id = sent[0].get_json()["id"]
    body = send(photo_ids=photo_id).get_json()
    assert [photo["id"] for photo in body["photos"]] == [photo_id]
    assert errors(send(photo_ids=photo_id)) == {"photo_ids": ["unknown_photo"]}
    with app.app_context():
        assert len(photos_of(stored(app, body["number"]))) == 1


def test_a_photo_sent_ahead_is_taken_back(app: Flask, client: FlaskClient, send: Send) -> None:
    """Somebody saw a face in it: nothing of it stays, and nobody takes back what a report has."""
    ids = [
        client.post("/report/photos", data={"photo": picture()}, headers=JSON).get_json()["id"]
        for _ in range(2)
    ]
    number = send(photo_ids=ids[1]).get_json()["number"]
    with app.app_context():
        photo = db.session.scalars(select(Photo).where(Photo.upload_id == ids[0])).one()
        key = original_key(photo.key)
        assert photo_store().size(key)
    for photo_id in (*ids, ids[0], "unknown", ""):
        assert client.post("/report/photos/discard", data={"id": photo_id}).status_code == 204
    with app.app_context():
        assert photo_store().size(key) is None
        assert [photo.upload_id for photo in photos_of(stored(app, number))] == [ids[1]]
    assert errors(send(photo_ids=ids[0])) == {"photo_ids": ["unknown_photo"]}


def test_a_late_photo_joins_its_report(app: Flask, client: FlaskClient, send: Send) -> None:
    body = send(photos_expected="1").get_json()
    late = {"photo": picture(), "upload_token": body["upload_token"]}
    assert client.post("/report/photos", data=late, headers=JSON).status_code == 201
    with app.app_context():
        report = stored(app, body["number"])
        assert len(photos_of(report)) == 1
        assert report.photos_expected == 0


def test_what_is_no_photo_is_415(client: FlaskClient, city: None) -> None:
    answer = client.post("/report/photos", data={"photo": picture("a.svg", b"<svg/>")})
    assert answer.status_code == 415
    assert answer.get_json()["code"] == "photo_refused"


def test_a_foreign_origin_is_403_and_a_missing_one_is_fine(client: FlaskClient, city: None) -> None:
    fields = filing(form_token=token(client))
    foreign = {**JSON, "Origin": "https://evil.example"}
    assert client.post("/report", data=fields, headers=foreign).status_code == 403
    assert client.post("/report", data=fields, headers=JSON).status_code == 201


def test_a_body_that_is_no_form_is_unparsable(client: FlaskClient, city: None) -> None:
    assert client.post("/report", json=filing(), headers=JSON).status_code == 400
    torn = {**JSON, "Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/report", data=b"--x\r\nContent-Dis", headers=torn)
    assert answer.status_code == 400
    assert answer.get_json()["code"] == "unparsable"


def test_a_photo_that_is_too_large_is_413_ahead_and_refused_with_a_report(
    client: FlaskClient, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.incoming_photos.MOST_BYTES", 1000)
    large = b"\xff\xd8\xff" + bytes(2000)
    answer = client.post("/report/photos", data={"photo": picture(data=large)})
    assert answer.status_code == 413
    photos = send(photos=[picture(data=large)]).get_json()["photos"]
    assert "20MB" in photos[0]["reason"]


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 201),
        ("application/json, text/plain, */*", 201),
        ("*/*", 303),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 303),
    ],
)
def test_who_asks_for_json_first_gets_json(
    client: FlaskClient, city: None, accept: str, status: int
) -> None:
    fields = filing(form_token=token(client))
    assert client.post("/report", data=fields, headers={"Accept": accept}).status_code == status


def test_the_schema_says_what_may_be_filed(client: FlaskClient, city: None) -> None:
    answer = client.get("/report/schema.json")
    body = answer.get_json()
    codes = {category["code"]: category for category in body["categories"]}
    assert codes["air"]["level"] == 1
    assert codes["air.dust"]["parent"] == "air"
    assert codes["air.odor"]["photo_required"] is False
    assert body["consent"]["version"]
    assert body["limits"]["photos_most"] == 9
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/report/schema.json", headers=tag).status_code == 304


def test_the_sketch_of_the_grids_can_be_cached(client: FlaskClient, city: None) -> None:
    answer = client.get("/report/grids.json")
    assert len(answer.get_json()["features"]) == 4
    assert answer.headers["Cache-Control"].startswith("public")
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/report/grids.json", headers=tag).status_code == 304
