"""Texts ready to use over HTTP: kept by the supervisor, put into a form without sending it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import State
from portal.domain.triage.texts import TextKind, all_texts, seed_texts
from tests.factories import at_state
from tests.web.desk.conftest import Enter

NEW: dict[str, Any] = {
    "kind": "decline",
    "reason_code": "other_authority",
    "title": "找派出所",
    "text": "您好，{number}由公安机关管。",
    "where_to": "{town}派出所，电话110",
}


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A report just in, and the texts of the seed."""
    enter(Role.TRIAGE)
    with app.app_context():
        with transaction():
            seed_texts(now())
        return at_state(State.SUBMITTED, at=now()).number


def test_the_supervisor_writes_looks_and_keeps(enter: Enter, number: str) -> None:
    desk = enter(Role.SUPERVISOR)
    assert "情况不清，查不了" in desk.page("/desk/texts").text
    look = desk.send("/desk/texts/new", step="preview", **NEW)
    assert look.status_code == 200
    assert "SP261122000137K由公安机关管" in look.text
    assert "东河镇派出所，电话110" in look.text
    assert "找派出所" not in desk.page("/desk/texts").text
    assert desk.send("/desk/texts/new", step="save", **NEW).status_code == 303
    page = desk.page("/desk/texts").text
    assert "找派出所" in page


@pytest.mark.parametrize(
    "wrong", [{"where_to": ""}, {"reason_code": ""}, {"text": "您好，{phone}。"}, {"title": ""}]
)
def test_a_refusal_without_where_to_go_is_not_kept(
    enter: Enter, number: str, wrong: dict[str, str]
) -> None:
    desk = enter(Role.SUPERVISOR)
    answer = desk.send("/desk/texts/new", step="save", **NEW | wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_text_fills_the_form_and_sends_nothing(app: Flask, enter: Enter, number: str) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        text_id = next(r.id for r in all_texts() if r.title == "邻里噪声，找公安" or r.reason_code)
    assert "套用" in desk.page(f"/desk/reports/{number}").text
    path = f"/desk/reports/{number}/texts/decline"
    version = str(desk.facts(number)["version"])
    page = desk.send(path, template=str(text_id), version=version)
    assert page.status_code == 200
    assert f"您反映的情况（{number}）不属于环境污染" in page.text
    assert 'id="action-decline" open' in page.text
    assert desk.facts(number)["state"] == State.SUBMITTED
    # A text of another step, or none at all, changes nothing.
    assert desk.send(path, template="0").status_code == 303
    assert desk.send(f"/desk/reports/{number}/texts/ask", template=str(text_id)).status_code == 303


def test_a_text_out_of_use_is_offered_no_more(app: Flask, enter: Enter, number: str) -> None:
    supervisor, desk = enter(Role.SUPERVISOR), enter(Role.TRIAGE)
    with app.app_context():
        row = next(r for r in all_texts() if r.kind is TextKind.ASK and not r.category_code)
        text_id, title = row.id, row.title
    assert title in desk.page(f"/desk/reports/{number}").text
    assert supervisor.send(f"/desk/texts/{text_id}/use", active="0").status_code == 303
    assert title not in desk.page(f"/desk/reports/{number}").text


def test_who_keeps_texts_and_who_does_not(enter: Enter, number: str) -> None:
    for role in (Role.TRIAGE, Role.ADMIN, Role.CLERK):
        desk = enter(role)
        assert desk.page("/desk/texts").status_code == 403
        assert desk.send("/desk/texts/new", step="save", **NEW).status_code == 403
    clerk = enter(Role.CLERK)
    assert clerk.send(f"/desk/reports/{number}/texts/decline", template="1").status_code == 404
    reviewer = enter(Role.REVIEWER)
    assert reviewer.send(f"/desk/reports/{number}/texts/decline", template="1").status_code == 403
