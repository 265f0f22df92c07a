"""What is known near by before a filing is sent, and 「我也遇到」."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.core.clock import now
from portal.core.db import db
from portal.domain.accounts.permissions import Role
from portal.domain.publication.models import Rounding
from portal.domain.publication.services import (
    PhotoDecision,
    Release,
    decidable_photos,
    publish_report,
)
from portal.domain.reports.models import Report, Support
from portal.domain.reports.states import Action, State
from tests.factories import PATHS, drain, file, photo, staff, walk, writing
from tests.web.citizen.conftest import JSON, filing, hidden, token

HERE = {"category": "air.dust", "lat": "30.4001", "lng": "112.4", "description": "工地扬尘很大"}
SECRET = "隔壁姓欧阳的工地，电话13912345678"


@dataclass(frozen=True)
class Known:
    """A published case and one that is only listed, at the same place."""

    published: str
    listed: str


@pytest.fixture
def known(app: Flask, city: None) -> Known:
    """File both, publish the first with its photo."""
    with app.app_context():
        at = now() - timedelta(days=3)
        with writing():
            report = file("air.dust", description=SECRET, photos=[photo(at=at)], at=at)
        drain()
        walk(report, *PATHS[State.RESOLVED])
        drain()
        _publish(report.number)
        with writing():
            listed = file("air.dust", description=SECRET, at=now() - timedelta(hours=2))
            walk(listed, Action.ACCEPT)
        drain()
        return Known(report.number, listed.number)


def _publish(number: str) -> None:
    with writing():
        report = db.session.scalars(select(Report).where(Report.number == number)).one()
        decisions = {p.upload_id: PhotoDecision(True) for p in decidable_photos(report)}
        release = Release(decisions, Rounding.STREET)
        by = staff(Role.PUBLISHER)
        publish_report(report, release, expected=report.version, by=by, at=now())
    drain()


def test_a_published_case_is_shown_with_photo_distance_and_age(
    client: FlaskClient, known: Known
) -> None:
    page = client.get("/report/nearby", query_string=HERE).text
    assert known.published in page
    assert known.listed not in page
    for words in ("扬尘", "约50米", "办结", "/media/", "我也遇到", "仍要举报", "已公开"):
        assert words in page, words
    assert "<html" not in page
    assert "欧阳" not in page


def test_programs_get_json(client: FlaskClient, known: Known) -> None:
    answer = client.get("/report/nearby", query_string=HERE, headers=JSON).get_json()
    assert [case["number"] for case in answer["cases"]] == [known.published]
    assert answer["cases"][0]["photo"]["src"].startswith("/media/")
    assert answer["under_way"] is None
    assert client.post("/report/nearby", data=HERE, headers=JSON).get_json() == answer


@pytest.mark.parametrize(
    "change",
    [{"category": ""}, {"category": "water.outfall"}, {"lat": "30.5"}, {"lat": "x"}, {"lat": ""}],
)
def test_nothing_near_is_no_content(
    client: FlaskClient, known: Known, change: dict[str, str]
) -> None:
    answer = client.get("/report/nearby", query_string={**HERE, **change})
    assert answer.status_code == 204


def test_what_is_not_published_is_a_number_only_from_three_on(
    app: Flask, client: FlaskClient, city: None
) -> None:
    for count, expected in ((1, None), (2, None), (3, 3)):
        with app.app_context(), writing():
            walk(file("air.odor", description=SECRET, at=now()), Action.ACCEPT)
        answer = client.get("/report/nearby", query_string=HERE, headers=JSON).get_json()
        assert answer == {"cases": [], "under_way": expected}, count
    page = client.get("/report/nearby", query_string=HERE).text
    assert "附近500米近7天已有3件同类举报在办" in page
    assert "我也遇到" not in page


def test_a_phone_supports_once_and_the_public_page_counts(
    app: Flask, client: FlaskClient, known: Known
) -> None:
    address = f"/open/reports/{known.published}"
    assert "人也遇到" not in client.get(address).text
    for _ in range(2):
        answer = _support(client, known.published)
        assert answer == {"thanks": "谢谢您，记下了。处理的人会知道又有人遇到。"}
    assert "1人也遇到" in client.get(address).text
    _support(app.test_client(), known.published)
    etag = client.get(address).headers["ETag"]
    _support(app.test_client(), known.published)
    again = client.get(address, headers={"If-None-Match": etag})
    assert again.status_code == 200
    assert "3人也遇到" in again.text
    assert "3人也遇到" in client.get("/report/nearby", query_string=HERE).text


def test_support_answers_alike_whatever_it_is_asked(
    app: Flask, client: FlaskClient, known: Known
) -> None:
    answers = [_support(client, number) for number in (known.published, known.listed, "nonsense")]
    assert answers[0] == answers[1] == answers[2]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Support)) == 1
        row = db.session.scalars(select(Support)).one()
    cookie = client.get_cookie("phone")
    assert cookie
    assert cookie.value not in row.phone_hash


def test_support_works_by_the_form_alone_and_wants_its_token(
    client: FlaskClient, known: Known
) -> None:
    page = client.get("/report/nearby", query_string=HERE).text
    fields = {"number": known.published, "form_token": hidden(page, "form_token")[0]}
    answer = client.post("/report/support", data=fields)
    assert answer.status_code == 200
    assert re.search(r"<h1>谢谢您</h1>", answer.text)
    refused = client.post("/report/support", data={"number": known.published}, headers=JSON)
    assert refused.status_code == 422


def test_filing_is_never_interrupted(client: FlaskClient, known: Known) -> None:
    fields = filing(address="", lat="30.4001", lng="112.4", form_token=token(client))
    answer = client.post("/report", data=fields)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/report/done"


def _support(client: FlaskClient, number: str) -> object:
    fields = {"number": number, "form_token": token(client)}
    return client.post("/report/support", data=fields, headers=JSON).get_json()


def test_who_has_no_script_may_look_before_sending(client: FlaskClient, known: Known) -> None:
    """The page comes back with what is known near by, everything kept, and nothing filed."""
    with client.application.app_context():
        before = db.session.scalar(select(func.count()).select_from(Report))
    fields = filing(form_token=token(client), ask="near", **HERE)
    page = client.post("/report", data=fields)
    assert page.status_code == 200
    words = page.get_data(as_text=True)
    assert f"/open/reports/{known.published}" in words
    assert known.listed not in words
    assert "仍要举报" in words
    assert HERE["description"] in words
    sent = client.post("/report", data={k: v for k, v in fields.items() if k != "ask"})
    assert sent.status_code == 303
    with client.application.app_context():
        assert db.session.scalar(select(func.count()).select_from(Report)) == (before or 0) + 1


def test_looking_around_says_when_there_is_nothing(client: FlaskClient, city: None) -> None:
    fields = filing(form_token=token(client), ask="near", **HERE)
    page = client.post("/report", data=fields).get_data(as_text=True)
    assert "附近近期没有公开的同类举报" in page
