"""曝光台: what may be exposed, by whom, for how long, and what the public sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import local, now
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.exposures.correcting import (
    confirm_correction,
    draft_correction,
    return_correction,
)
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.queries import (
    corrections_of,
    live_exposure,
    live_exposures,
    waiting_correction,
)
from portal.domain.exposures.services import (
    ExposureError,
    NewExposure,
    approve_exposure,
    propose_exposure,
    usual_end,
    withdraw_exposure,
)
from portal.domain.exposures.wording import Wording, words_of
from portal.domain.publication.correcting import Part, hide_part
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import SeparationError
from portal.domain.reports.states import Action
from portal.domain.reports.tracking import report_by_number
from tests.factories import drain, staff, walk, writing
from tests.web.transparency.conftest import PRIVATE, Cases


def report(number: str) -> Report:
    found = report_by_number(number)
    assert found is not None
    return found


def words(days: int = 100) -> NewExposure:
    until = local(now()).date() + timedelta(days=days)
    text = "夜间直排，电话13912345678的负责人已被约谈。"
    return NewExposure(Wording("东河镇直排案", "东河造纸厂", text, "示环罚〔2026〕7号"), until)


def propose(number: str) -> Exposure:
    with writing():
        return propose_exposure(report(number), words(), by=staff(Role.PUBLISHER), at=now())


@pytest.fixture
def live(app: Flask, cases: Cases) -> int:
    """An exposure that stands; its id."""
    with app.app_context():
        row = propose(cases.published)
        with writing():
            approve_exposure(row, by=staff(Role.PUBLISHER, username="publisher2"), at=now())
        return row.id


def test_it_is_read_by_everybody_without_private_words(
    client: FlaskClient, cases: Cases, live: int
) -> None:
    for path in ("/open/exposures", f"/open/exposures/{live}"):
        page = client.get(path).text
        assert "东河镇直排案" in page
        assert "东河造纸厂" in page
        assert not [private for private in PRIVATE if private in page]
    page = client.get(f"/open/exposures/{live}").text
    assert "示环罚〔2026〕7号" in page
    assert f"/open/exposures/{live}/objection" in page
    assert f"/media/{cases.public_key}/400.jpg" in page


def test_two_people_and_only_what_was_verified(app: Flask, cases: Cases) -> None:
    at = now()
    with app.app_context():
        publisher = staff(Role.PUBLISHER)
        with writing(), pytest.raises(ExposureError):
            propose_exposure(report(cases.listed), words(), by=publisher, at=at)
        with writing(), pytest.raises(NotAllowedError):
            propose_exposure(report(cases.published), words(), by=staff(Role.TRIAGE), at=at)
        for days in (0, 2000):
            with writing(), pytest.raises(InvalidFieldsError):
                propose_exposure(report(cases.published), words(days), by=publisher, at=at)
        row = propose(cases.published)
        assert not live_exposures(local(at).date()), "a draft is not public"
        with writing(), pytest.raises(SeparationError):
            approve_exposure(row, by=publisher, at=at)
        assert 364 <= (usual_end(at) - local(at).date()).days <= 366


def test_it_ends_by_itself(app: Flask, live: int) -> None:
    today = local(now()).date()
    with app.app_context():
        assert live_exposure(live, today + timedelta(days=100)) is not None
        assert live_exposure(live, today + timedelta(days=101)) is None


def test_withdrawn_is_gone(app: Flask, client: FlaskClient, live: int) -> None:
    with app.app_context():
        row = report_row(live)
        with writing():
            withdraw_exposure(row, "对象有误。", by=staff(Role.PUBLISHER), at=now())
        assert row.stage(local(now()).date()) is Stage.WITHDRAWN
        with writing(), pytest.raises(ExposureError):
            withdraw_exposure(row, "再撤。", by=staff(Role.PUBLISHER), at=now())
    gone = client.get(f"/open/exposures/{live}")
    assert (gone.status_code, "东河造纸厂" in gone.text) == (410, False)
    assert "东河造纸厂" not in client.get("/open/exposures").text
    assert client.get("/open/exposures/999").status_code == 404


def report_row(exposure_id: int) -> Exposure:
    return db.session.get_one(Exposure, exposure_id)


@pytest.mark.parametrize("step", ["hidden", "reopened"])
def test_a_case_in_doubt_is_not_exposed(
    app: Flask, client: FlaskClient, cases: Cases, live: int, step: str
) -> None:
    with app.app_context():
        if step == "hidden":
            with writing():
                by = staff(Role.PUBLISHER)
                hide_part(report(cases.published), Part(whole=True), by=by, at=now())
        else:
            walk(report(cases.published), Action.REOPEN)
        drain()
    assert "东河造纸厂" not in client.get("/open/exposures").text
    page = client.get(f"/open/exposures/{live}")
    assert (page.status_code, "先不显示" in page.text, "东河" in page.text) == (200, True, False)


OTHER = Wording("东河镇直排案", "东河纸业公司", "夜间直排，已经停产。", "示环罚〔2026〕7号")


def test_other_words_take_two_people(app: Flask, live: int) -> None:
    at = now()
    with app.app_context():
        drafter, second = staff(Role.PUBLISHER), staff(Role.PUBLISHER, username="publisher2")
        row = report_row(live)
        with writing(), pytest.raises(NotAllowedError):
            draft_correction(row, OTHER, "名称写错了。", by=staff(Role.TRIAGE), at=at)
        with writing(), pytest.raises(InvalidFieldsError):
            draft_correction(row, words_of(row), "没有变。", by=drafter, at=at)
        for reason, by in (("第一稿。", second), ("名称写错了。", drafter)):
            with writing():
                draft_correction(row, OTHER, reason, by=by, at=at)
        with writing(), pytest.raises(SeparationError):
            confirm_correction(row, by=drafter, at=at)
        assert row.party == "东河造纸厂", "a draft changes nothing"
        with writing():
            confirm_correction(row, by=second, at=at)
        (held,) = corrections_of(live)
        assert (held.before["party"], held.words["party"]) == ("东河造纸厂", "东河纸业公司")
        assert waiting_correction(live) is None
        with writing(), pytest.raises(ExposureError):
            return_correction(row, by=second, at=at)


def test_the_public_page_says_when_it_was_corrected(
    app: Flask, client: FlaskClient, live: int
) -> None:
    path = f"/open/exposures/{live}"
    before = client.get(path)
    with app.app_context():
        row, at = report_row(live), now()
        with writing():
            draft_correction(row, OTHER, "内部理由", by=staff(Role.PUBLISHER), at=at)
            second = staff(Role.PUBLISHER, username="publisher2")
            confirm_correction(row, by=second, at=at)
    page = client.get(path, headers={"If-None-Match": before.headers["ETag"]})
    assert page.status_code == 200, "who has the old page is told that there is another"
    for words in ("更正于", "东河纸业公司", "已经停产"):
        assert words in page.text
    assert "东河造纸厂" not in page.text
    assert "内部理由" not in page.text
    assert "更正于" in client.get("/open/exposures").text


def test_a_draft_may_be_put_aside(app: Flask, client: FlaskClient, live: int) -> None:
    at = now()
    with app.app_context():
        by, row = staff(Role.PUBLISHER), report_row(live)
        with writing():
            draft_correction(row, OTHER, "再想想。", by=by, at=at)
        with writing():
            return_correction(row, by=by, at=at)
        assert not corrections_of(live)
        with writing():
            withdraw_exposure(row, "改好了。", by=by, at=at)
        with writing(), pytest.raises(ExposureError):
            draft_correction(row, OTHER, "太晚。", by=by, at=at)
    assert "东河纸业" not in client.get("/open/exposures").text


def test_bulletins_have_a_place(client: FlaskClient, cases: Cases) -> None:
    assert "还没有发通报" in client.get("/open/bulletins").text
