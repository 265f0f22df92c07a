"""What other programs rely on: JSON, problem documents, idempotency, refusals with a way out."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.album import MUD, SKY, phone_jpeg
from tests.journeys.people import CODE, HERE, NUMBER, Resident
from tests.journeys.visitor import Answer, File, Visitor
from tests.live import LivePortal

pytestmark = pytest.mark.journey
OUTSIDE = ("31.5000", "112.4000")


@pytest.fixture
def program(city: LivePortal) -> Visitor:
    """A program without cookies or pages."""
    return Visitor(city.base_url)


def filing(program: Visitor, **changes: str) -> list[tuple[str, str]]:
    """Fields that may be filed, with `changes`; an empty change leaves the field out."""
    version = program.json("/report/schema.json")["consent"]["version"]
    fields = {
        "category": "water.black_odorous",
        "description": "河水发黑发臭，岸边漂着死鱼。",
        "lat": HERE[0],
        "lng": HERE[1],
        "consent": version,
        **changes,
    }
    return [(name, value) for name, value in fields.items() if value]


def post(program: Visitor, pairs: list[tuple[str, str]], *files: File, key: str = "") -> Answer:
    headers = {"Accept": "application/json", "Idempotency-Key": key or str(uuid4())}
    return program.post("/report", pairs, files, headers=headers)


def test_the_same_key_files_once(program: Visitor) -> None:
    key, pairs = str(uuid4()), filing(program, wants_reward="1")
    photo = File("photos", "river.jpg", phone_jpeg(SKY))
    first = post(program, pairs, photo, key=key).expect(201).json
    assert NUMBER.fullmatch(first["number"])
    assert CODE.fullmatch(first["query_code"])
    assert CODE.fullmatch(first["reward_code"])
    assert first["query_code"] != first["reward_code"]
    assert first["received_at"].endswith("+08:00")
    assert [p["status"] for p in first["photos"]] == ["received"]
    assert first["receipt"]["photo_count"] == 1
    assert len(first["receipt"]["leaf"]) == 64
    assert post(program, pairs, photo, key=key).expect(201).json == first
    refused = post(program, [*pairs, ("address", "别处的桥头")], photo, key=key).expect(409)
    _is_problem(refused)


def test_a_place_outside_the_city_says_where_to_go(program: Visitor) -> None:
    answer = post(program, filing(program, lat=OUTSIDE[0], lng=OUTSIDE[1])).expect(422)
    problem = _is_problem(answer)
    assert problem["code"] == "outside_area"
    told = [fault["message"] for faults in problem["errors"].values() for fault in faults]
    assert any("12345" in words for words in told)


def test_a_picture_that_is_none_keeps_the_report(program: Visitor) -> None:
    files = [
        File("photos", "notes.jpg", b"this is no picture at all", "image/jpeg"),
        File("photos", "river.jpg", phone_jpeg(SKY)),
    ]
    photos = post(program, filing(program), *files).expect(201).json["photos"]
    assert [p["status"] for p in photos] == ["refused", "received"]
    assert photos[0]["reason"]


def test_a_refused_form_keeps_words_and_photos(resident: Resident) -> None:
    form = resident.filing_form("黑烟", address="河西路17号后门", accused_name="某印染厂")
    photo = File("photos", "smoke.jpg", phone_jpeg(MUD))
    again = resident.web.send(form, [photo], status=422).page.form("/report")
    assert again.value("description") == "黑烟"
    assert again.value("address") == "河西路17号后门"
    assert again.value("accused_name") == "某印染厂"
    assert again.value("category") == "air.dust"
    kept = again.value("photo_ids")
    assert kept
    receipt = resident.send(again.fill(description="黑烟从后门的烟囱冒出来"))
    done = resident.web.page("/report/done").words
    assert receipt.number in done
    assert "已收1张" in done


def _is_problem(answer: Answer) -> dict[str, Any]:
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json
    assert problem["status"] == answer.status
    assert problem["type"] == f"/about/problems#{problem['code']}"
    assert problem["title"]
    assert problem["request_id"]
    return problem
