"""servicerequestupdates: public steps going out, a system's own words coming in."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import Settings
from portal.core.clock import now
from portal.core.db import db
from portal.domain.publication.models import PublicUpdate
from portal.domain.reports.models import Report, ThreadKind
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.thread import thread_of
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import masked_contact
from tests.city import jpeg
from tests.factories import drain, file, walk
from tests.web.open311.conftest import BASE, KEY, SENSOR_KEY, Ask, Cases, Send, the_error, tree
from tests.web.transparency.conftest import _report as report_of

UPDATES = f"{BASE}/servicerequestupdates"
UPDATE = {
    "api_key": KEY,
    "update_id": "501",
    "status": "OPEN",
    "updated_datetime": "2026-11-22T08:00:00Z",
    "description": "今晚又有了。",
}


def own(send: Send) -> str:
    """A request of the app's own."""
    return str(send().get_json()[0]["service_request_id"])


def infos(app: Flask, number: str) -> list[str]:
    with app.app_context():
        return [entry.text for entry in thread_of(report_of(number), ThreadKind.INFO)]


def test_steps_become_updates(app: Flask, client: FlaskClient, ask: Ask, cases: Cases) -> None:
    begun = now().replace(microsecond=0)
    with app.app_context():
        walk(report_of(cases.listed), Action.SIGN)
        drain()
    steps = ask("servicerequestupdates", start_date=begun.isoformat())  # others of that second too
    (step,) = (one for one in steps if one["external_status_code"] == State.HANDLING)
    assert step["service_request_id"] == cases.listed
    assert step["status"] == "IN_PROGRESS"
    assert step["description"] == "办理中"
    assert step["media_url"] is None
    whole = tree(client.get(f"{UPDATES}.xml"))
    assert whole.tag == "service_request_updates"
    assert {child.tag for child in whole} == {"request_update"}


def test_a_published_case_says_what_was_done(ask: Ask, cases: Cases) -> None:
    steps = ask("servicerequestupdates", service_request_id=cases.published)
    assert [step["external_status_code"] for step in steps][-1] == "published"
    assert steps[-1]["status"] == "FIXED"
    assert "停产" in steps[-1]["description"]
    assert steps[-1]["media_url"].startswith("http://localhost/media/")


def test_ids_are_unique_and_pages_follow_each_other(ask: Ask, cases: Cases) -> None:
    steps = ask("servicerequestupdates")
    assert len({step["update_id"] for step in steps}) == len(steps) >= 2
    one_by_one = [
        ask("servicerequestupdates", page=n + 1, page_size=1)[0] for n in range(len(steps))
    ]
    assert one_by_one == steps
    later = (now() + timedelta(hours=1)).isoformat()
    assert ask("servicerequestupdates", start_date=later) == []


def test_what_is_not_public_any_more_has_no_updates(app: Flask, ask: Ask, cases: Cases) -> None:
    with app.app_context():
        number = walk(file(), Action.ACCEPT).number
        drain()
        assert db.session.query(PublicUpdate).count()
        walk(report_of(number), Action.WITHDRAW)
        drain()
    assert ask("servicerequestupdates", service_request_id=number) == []


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_system_adds_to_its_own(app: Flask, client: FlaskClient, send: Send, form: str) -> None:
    number = own(send)
    told: dict[str, Any] = {
        **UPDATE,
        "service_request_id": number,
        "media_url": "https://elsewhere.example/a.jpg",
        "media": (io.BytesIO(jpeg()), "a.jpg"),
    }
    answer = client.post(f"{UPDATES}.{form}", data=told)
    assert answer.status_code == 200
    assert "501" in answer.text
    again = {**UPDATE, "service_request_id": number, "description": "换了说法。"}
    assert client.post(f"{UPDATES}.{form}", data=again).status_code == 200
    (words,) = infos(app, number)
    assert "今晚又有了。" in words
    assert "https://elsewhere.example/a.jpg" in words
    with app.app_context():
        assert len(photos_of(report_of(number))) == 1


def test_who_tells_it_is_not_kept(
    app: Flask, client: FlaskClient, send: Send, settings: Settings
) -> None:
    number = own(send)
    who = {"first_name": "路人甲", "phone": "13700001111", "email": "lu@example.org"}
    told = {**UPDATE, **who, "service_request_id": number}
    assert client.post(f"{UPDATES}.json", data=told).status_code == 200
    (words,) = infos(app, number)
    assert "还附了联系方式，这里没有保存" in words
    with app.app_context():
        assert masked_contact(report_of(number)) is None
    for path in settings.instance_path.glob("portal.db*"):
        assert not [word for word in who.values() if word.encode() in path.read_bytes()]


def test_it_answers_the_question_of_the_city(app: Flask, client: FlaskClient, send: Send) -> None:
    number = own(send)
    with app.app_context():
        walk(report_of(number), Action.ASK)
    client.post(f"{UPDATES}.json", data={**UPDATE, "service_request_id": number})
    with app.app_context():
        report: Report | None = report_by_number(number)
        assert report is not None
        assert report.state == State.SUBMITTED
        assert len(thread_of(report, ThreadKind.ANSWER)) == 1


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"api_key": SENSOR_KEY}, 404, "service_request_id"),
        ({"service_request_id": ""}, 400, "service_request_id"),
        ({"service_request_id": "SP1"}, 404, "service_request_id"),
        ({"update_id": ""}, 400, "update_id"),
        ({"status": "HAPPY"}, 400, "status"),
        ({"updated_datetime": ""}, 400, "updated_datetime"),
        ({"updated_datetime": "today"}, 400, "updated_datetime"),
        ({"description": ""}, 400, "description"),
    ],
)
def test_refusals(
    app: Flask,
    client: FlaskClient,
    send: Send,
    changes: dict[str, str],
    status: int,
    named: str,
) -> None:
    number = own(send)
    answer = client.post(
        f"{UPDATES}.json", data={**UPDATE, "service_request_id": number, **changes}
    )
    assert answer.status_code == status
    assert named in the_error(answer, str(status))
    assert infos(app, number) == []


def test_what_others_filed_is_403_as_far_as_it_is_public(client: FlaskClient, cases: Cases) -> None:
    answer = client.post(f"{UPDATES}.json", data={**UPDATE, "service_request_id": cases.published})
    assert answer.status_code == 403


def test_what_is_over_takes_no_more_words(app: Flask, client: FlaskClient, send: Send) -> None:
    number = own(send)
    with app.app_context():
        walk(report_of(number), Action.DECLINE)
    answer = client.post(f"{UPDATES}.json", data={**UPDATE, "service_request_id": number})
    assert answer.status_code == 400
    the_error(answer, "400")
