"""An objection to an exposure: its form and clock, hidden meanwhile, put right or taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import local, now
from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import has_open_objection
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.queries import corrections_of
from portal.domain.exposures.services import (
    NewExposure,
    approve_exposure,
    propose_exposure,
    withdraw_exposure,
)
from portal.domain.exposures.wording import Wording, words_of
from portal.domain.objections.deciding import Draft, confirm_answer, draft_answer, hide_now
from portal.domain.objections.models import PublicObjection
from portal.domain.publication.correcting import Part
from portal.domain.reports.tracking import report_by_number
from tests.factories import drain, staff, writing
from tests.web.transparency.conftest import Cases

SAID = Wording("东河镇直排案", "东河造纸厂", "夜间直排，已经责令停产。", "示环罚〔2026〕7号")
OTHER = Wording("西河镇直排案", "西河造纸厂", "夜间直排，已经责令停产。", "示环罚〔2026〕7号")
WORDS = "我们是东河造纸厂，直排的是西河造纸厂。"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@pytest.fixture
def live(app: Flask, cases: Cases) -> int:
    """An exposure that stands; its id."""
    with app.app_context():
        report, at = report_by_number(cases.published), now()
        assert report is not None
        with writing():
            new = NewExposure(SAID, local(at).date() + timedelta(days=90))
            row = propose_exposure(report, new, by=staff(Role.PUBLISHER), at=at)
            approve_exposure(row, by=staff(Role.PUBLISHER, username="publisher2"), at=at)
        return row.id


def send(client: FlaskClient, live: int, **more: str) -> tuple[int, str]:
    path = f"/open/exposures/{live}/objection"
    found = _TOKEN.search(client.get(path).text)
    assert found
    form = {"form_token": found[1], "kind": "correction", "relation": "mistaken", "words": WORDS}
    answer = client.post(path, data={**form, **more})
    return answer.status_code, answer.text


def follow(client: FlaskClient, receipt: str) -> str:
    """The answer's page, with number and code of the receipt."""
    number, code = re.findall(r'class="code[^"]*">([^<]+)<', receipt)
    token = _TOKEN.search(client.get("/objection").text)
    assert token
    form = {"form_token": token[1], "number": number, "query_code": code}
    return client.post("/objection", data=form).text


@pytest.fixture
def receipt(client: FlaskClient, live: int) -> str:
    status, page = send(client, live)
    assert status == 201
    return page


def asked() -> list[PublicObjection]:
    return db.session.query(PublicObjection).order_by(PublicObjection.id).all()


def exposure(live: int) -> Exposure:
    return db.session.get_one(Exposure, live)


def answer(draft: Draft, to: PublicObjection) -> None:
    with writing():
        draft_answer(to, draft, by=staff(Role.PUBLISHER), at=now())
    with writing():
        confirm_answer(to, by=staff(Role.SUPERVISOR), at=now())
    drain()


def test_the_form_says_whom_it_is_about_and_has_a_clock_of_its_own(
    app: Flask, client: FlaskClient, cases: Cases, live: int
) -> None:
    page = client.get(f"/open/exposures/{live}/objection").text
    for words in ("<title>对曝光有异议", SAID.party, SAID.basis, "您是谁", "10个工作日内答复"):
        assert words in page
    assert "照片拍到了我" not in page
    status, receipt = send(client, live)
    assert status == 201
    assert "收到您对曝光的异议" in receipt
    with app.app_context():
        (row,) = asked()
        assert (row.exposure_id, row.relation) == (live, "mistaken")
        assert row.due_at == term_for(Clock.EXPOSURE_ANSWER, None, row.received_at).due_at
        assert has_open_objection(row.report)
    mine = follow(client, receipt)
    assert "对曝光的异议" in mine
    assert f"/open/exposures/{live}" in mine


@pytest.mark.parametrize(
    "more", [{"relation": ""}, {"relation": "x"}, {"kind": "photo"}, {"kind": ""}, {"words": "短"}]
)
def test_what_is_missing_is_told(client: FlaskClient, live: int, more: dict[str, str]) -> None:
    status, page = send(client, live, **more)
    assert status == 422
    assert 'role="alert"' in page


def test_nothing_to_contest(app: Flask, client: FlaskClient, live: int) -> None:
    assert client.get("/open/exposures/999/objection").status_code == 404
    with app.app_context(), writing():
        withdraw_exposure(exposure(live), "改好了。", by=staff(Role.PUBLISHER), at=now())
    assert client.get(f"/open/exposures/{live}/objection").status_code == 404


def test_hidden_until_the_last_of_two_is_refused(
    app: Flask, client: FlaskClient, cases: Cases, live: int, receipt: str
) -> None:
    path, refused = f"/open/exposures/{live}", Draft(is_upheld=False, reasons="核实过，属实。")
    assert send(client, live, words="我也觉得写错了。")[0] == 201
    with app.app_context():
        for one in asked():
            with writing():
                hide_now(one, Part(whole=True), by=staff(Role.PUBLISHER), at=now())
        assert exposure(live).stage(local(now()).date()) is Stage.HIDDEN
    assert "东河造纸厂" not in client.get("/open/exposures").text
    page = client.get(path)
    assert ("先不显示" in page.text, "东河" in page.text) == (True, False)
    assert "曝光已经先撤下" in follow(client, receipt)
    assert "已责令停产整改" in client.get(f"/open/reports/{cases.published}").text, "the case stays"
    with app.app_context():
        answer(refused, asked()[0])
    assert "东河" not in client.get(path).text, "the other one still waits"
    with app.app_context():
        answer(refused, asked()[1])
    assert "东河造纸厂" in client.get(path).text


@pytest.mark.engine
def test_upheld_puts_the_words_right_or_takes_it_back(
    app: Flask, client: FlaskClient, cases: Cases, live: int, receipt: str
) -> None:
    path = f"/open/exposures/{live}"
    assert send(client, live, kind="put_right", words="上个月就改好了。")[0] == 201
    with app.app_context():
        first = asked()[0]
        nothing = Draft(is_upheld=True, reasons="改好了。", words=words_of(exposure(live)))
        with writing(), pytest.raises(InvalidFieldsError):
            draft_answer(first, nothing, by=staff(Role.PUBLISHER), at=now())
        answer(Draft(is_upheld=True, reasons="确实认错了。", words=OTHER), first)
        (held,) = corrections_of(live)
        assert (held.before["party"], held.reason) == ("东河造纸厂", "确实认错了。")
        assert held.drafted_by_id != held.decided_by_id
    page = client.get(path).text
    assert "西河造纸厂" in page
    assert "更正于" in page
    assert "东河造纸厂" not in page
    assert "公开的文字改好了" in follow(client, receipt)
    with app.app_context():
        answer(Draft(is_upheld=True, reasons="核实已改好。", whole=True), asked()[1])
    assert client.get(path).status_code == 410
    assert "公开的文字改好了" in follow(client, receipt)
