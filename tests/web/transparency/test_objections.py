"""更正/异议: from the form on a public case to what its page shows afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from portal.core.clock import now
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import has_open_objection
from portal.domain.objections.deciding import (
    AnsweredError,
    Draft,
    confirm_answer,
    draft_answer,
    hide_now,
    return_draft,
)
from portal.domain.objections.models import ObjectionState, PublicObjection
from portal.domain.objections.queries import objection_by_code
from portal.domain.publication.correcting import Part, released_photos
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError, SeparationError
from portal.domain.reports.states import Action
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import masked_contact_in
from tests.factories import drain, staff, walk, writing
from tests.web.transparency.conftest import Cases

WORDS = "照片里骑车的人是我，请去掉。"
PHONE = "13800138000"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


def send(client: FlaskClient, number: str, **more: str) -> tuple[int, str]:
    """Send the form as a browser does; the status and the page."""
    path = f"/open/reports/{number}/objection"
    found = _TOKEN.search(client.get(path).text)
    assert found
    form = {"form_token": found[1], "kind": "photo", "words": WORDS, **more}
    answer = client.post(path, data=form)
    return answer.status_code, answer.text


def keys(page: str) -> tuple[str, str]:
    """Number and code on a receipt."""
    number, code = re.findall(r'class="code[^"]*">([^<]+)<', page)
    return number, code


@pytest.fixture
def sent(client: FlaskClient, cases: Cases) -> tuple[str, str]:
    """An objection with a phone number; its number and code."""
    status, page = send(client, cases.published, contact_phone=PHONE, consent_contact="1")
    assert status == 201
    return keys(page)


def row() -> PublicObjection:
    return db.session.query(PublicObjection).one()


def both() -> list[PublicObjection]:
    return db.session.query(PublicObjection).order_by(PublicObjection.id).all()


def report(cases: Cases) -> Report:
    found = report_by_number(cases.published)
    assert found is not None
    return found


def test_the_sender_follows_it_and_stays_sealed(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str]
) -> None:
    number, code = sent
    assert re.fullmatch(r"YY\d{12}", number)
    with app.app_context():
        found = row()
        assert objection_by_code(number, code.lower()) is found
        assert objection_by_code(number, "0000-0000-0000-0000") is None
        assert objection_by_code("YY000000000000", code) is None
        masked = masked_contact_in(found, table="public_objection", row=found.id)
        assert masked is not None
        assert masked.phone == "138****8000"
        assert PHONE not in str(db.session.execute(text("SELECT * FROM public_objection")).all())
        # Fifteen working days take three weeks at least.
        assert found.due_at - found.received_at >= timedelta(days=20)
    page = client.get("/objection").text
    token = _TOKEN.search(page)
    assert token
    form = {"form_token": token[1], "number": number, "query_code": code}
    mine = client.post("/objection", data=form)
    assert WORDS in mine.text
    assert mine.headers["Cache-Control"] == "no-store"
    wrong = client.post("/objection", data={**form, "query_code": "0" * 16})
    assert (wrong.status_code, WORDS in wrong.text) == (422, False)


def test_a_wrong_code_reads_the_same_for_known_and_unknown_numbers(
    app: Flask, sent: tuple[str, str]
) -> None:
    def statements(number: str) -> list[str]:
        said: list[str] = []
        db.session.rollback()

        def hear(_c: object, _cur: object, sql: str, *_more: object) -> None:
            said.append(sql)

        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            assert objection_by_code(number, "0000-0000-0000-0000") is None
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        return said

    with app.app_context():
        known, unknown = statements(sent[0]), statements("YY000000000000")
    assert known == unknown
    assert "words" not in "".join(known)


def test_the_same_form_is_taken_once(app: Flask, client: FlaskClient, cases: Cases) -> None:
    path = f"/open/reports/{cases.published}/objection"
    token = _TOKEN.search(client.get(path).text)
    assert token
    form = {"form_token": token[1], "kind": "correction", "words": WORDS}
    first, second = (client.post(path, data=form) for _ in range(2))
    assert keys(first.text) == keys(second.text)
    assert client.post(path, data={**form, "words": "另外说的一段话"}).status_code == 409


def test_what_is_missing_is_told_and_kept(client: FlaskClient, cases: Cases) -> None:
    for more in ({"kind": ""}, {"words": "短"}, {"contact_phone": "123"}, {"form_token": "x"}):
        status, page = send(client, cases.published, **more)
        assert status == 422, more
        assert 'role="alert"' in page
    assert client.get(f"/open/reports/{cases.listed}/objection").status_code == 404
    assert client.get("/open/reports/SP2601010000010/objection").status_code == 404


def test_a_case_is_not_struck_off_meanwhile(
    app: Flask, cases: Cases, sent: tuple[str, str]
) -> None:
    with app.app_context():
        assert has_open_objection(report(cases))
        with pytest.raises(GuardError):
            walk(report(cases), Action.DEREGISTER)
        _answer(Draft(is_upheld=False, reasons="照片里没有人。"))
        assert not has_open_objection(report(cases))
        walk(report(cases), Action.DEREGISTER)


def _answer(draft: Draft, to: PublicObjection | None = None) -> None:
    at, asked = now(), to or row()
    with writing():
        draft_answer(asked, draft, by=staff(Role.PUBLISHER), at=at)
    with writing():
        confirm_answer(asked, by=staff(Role.SUPERVISOR), at=at)
    drain()


def test_hidden_at_once_and_back_when_refused(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str]
) -> None:
    path, shot = f"/open/reports/{cases.published}", f"/media/{cases.public_key}/400.jpg"
    with app.app_context():
        photo = next(p for p in released_photos(report(cases)) if p.public_key == cases.public_key)
        with writing():
            hide_now(row(), Part((photo.id,)), by=staff(Role.PUBLISHER), at=now())
        drain()
    assert client.get(shot).status_code == 404
    assert cases.public_key not in client.get(path).text
    with app.app_context():
        with writing():
            hide_now(row(), Part(whole=True), by=staff(Role.PUBLISHER), at=now())
        drain()
    page = client.get(path).text
    assert "有人提出异议，正在核实" in page
    assert "已责令停产整改" not in page
    with app.app_context():
        _answer(Draft(is_upheld=False, reasons="照片里没有人。"))
    again = client.get(path).text
    assert "已责令停产整改" in again
    assert "更正于" not in again
    assert client.get(shot, buffered=True).status_code == 200


@pytest.mark.parametrize(
    ("first", "other"), [("whole", "photo"), ("photo", "photo"), ("photo", "whole")]
)
def test_what_another_objection_took_down_stays_down(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str], first: str, other: str
) -> None:
    """Two people ask; the first is refused while the second still waits for an answer."""
    assert send(client, cases.published)[0] == 201
    shot = f"/media/{cases.public_key}/400.jpg"
    with app.app_context():
        photo = next(p for p in released_photos(report(cases)) if p.public_key == cases.public_key)
        parts = {"whole": Part(whole=True), "photo": Part((photo.id,))}
        one, two = both()
        with writing():
            hide_now(two, parts[other], by=staff(Role.PUBLISHER), at=now())
        with writing():
            hide_now(one, parts[first], by=staff(Role.PUBLISHER), at=now())
        refused = Draft(is_upheld=False, reasons="核实过，属实。")
        _answer(refused, one)
    assert client.get(shot).status_code == 404
    page = client.get(f"/open/reports/{cases.published}").text
    assert ("已责令停产整改" in page) == (other == "photo")
    with app.app_context():
        _answer(refused, both()[1])
    assert client.get(shot, buffered=True).status_code == 200
    assert "已责令停产整改" in client.get(f"/open/reports/{cases.published}").text


@pytest.mark.parametrize("part", ["whole", "photo"])
def test_publishing_again_does_not_bring_back_what_waits_for_an_answer(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str], part: str
) -> None:
    def shown() -> tuple[bool, int, int]:
        """Whether the text is out; what the photo's new key gives, and how often it is named."""
        page = client.get(f"/open/reports/{cases.published}").text
        key = client.get(f"/media/{photo_key()}/400.jpg", buffered=True)
        return "已责令停产整改" in page, key.status_code, page.count(photo_key())

    def photo_key() -> str:
        with app.app_context():
            found = {p.id: p.public_key for p in released_photos(report(cases))}
            return found[photo_id] or ""

    with app.app_context():
        photo = next(p for p in released_photos(report(cases)) if p.public_key == cases.public_key)
        photo_id = photo.id
        wanted = Part(whole=True) if part == "whole" else Part((photo_id,))
        with writing():
            hide_now(row(), wanted, by=staff(Role.PUBLISHER), at=now())
        walk(report(cases), Action.REOPEN, Action.PROPOSE, Action.SUBMIT, Action.RESOLVE)
        drain()
        walk(report(cases), Action.PUBLISH)
        drain()
    assert photo_key() != cases.public_key, "it was published anew"
    assert shown() == (part == "photo", 404, 0)
    with app.app_context():
        _answer(Draft(is_upheld=False, reasons="核实过，属实。"))
    text_is_out, status, found = shown()
    assert (text_is_out, status, found > 0) == (True, 200, True)


def test_upheld_puts_it_right_for_good(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str]
) -> None:
    with app.app_context():
        photo = next(p for p in released_photos(report(cases)) if p.public_key == cases.public_key)
        new = "已责令限期整改，电话13912345678。"
        draft = Draft(is_upheld=True, reasons="改好了。", text=new, photos=(photo.id,))
        _answer(draft)
        assert row().standing is ObjectionState.UPHELD
    page = client.get(f"/open/reports/{cases.published}").text
    assert "更正于" in page
    assert "公开的内容作了更正" in page
    assert "已责令限期整改" in page
    assert "13912345678" not in page
    assert "已责令停产整改" not in page
    assert client.get(f"/media/{cases.public_key}/400.jpg").status_code == 404


def test_all_of_it_may_go(
    app: Flask, client: FlaskClient, cases: Cases, sent: tuple[str, str]
) -> None:
    with app.app_context():
        _answer(Draft(is_upheld=True, reasons="全部撤下。", whole=True))
    page = client.get(f"/open/reports/{cases.published}").text
    assert "公开的内容撤下了" in page
    assert "已责令停产整改" not in page
    assert client.get(f"/open/reports/{cases.published}/objection").status_code == 404


@pytest.mark.engine
def test_one_drafts_another_decides(app: Flask, cases: Cases, sent: tuple[str, str]) -> None:
    at, refused = now(), Draft(is_upheld=False, reasons="核实过，属实。")
    with app.app_context():
        drafter, second = staff(Role.PUBLISHER), staff(Role.SUPERVISOR)
        with writing(), pytest.raises(AnsweredError):
            confirm_answer(row(), by=second, at=at)
        with writing(), pytest.raises(NotAllowedError):
            draft_answer(row(), refused, by=staff(Role.TRIAGE), at=at)
        with writing(), pytest.raises(InvalidFieldsError):
            draft_answer(row(), Draft(is_upheld=True, reasons="成立"), by=drafter, at=at)
        with writing(), pytest.raises(InvalidFieldsError):
            hide_now(row(), Part(), by=drafter, at=at)
        with writing():
            draft_answer(row(), refused, by=drafter, at=at)
        with writing(), pytest.raises(SeparationError):
            confirm_answer(row(), by=drafter, at=at)
        with writing():
            return_draft(row(), by=second, at=at)
        with writing():
            draft_answer(row(), refused, by=drafter, at=at)
        with writing():
            confirm_answer(row(), by=second, at=at)
        with writing(), pytest.raises(AnsweredError):
            hide_now(row(), Part(whole=True), by=drafter, at=at)
