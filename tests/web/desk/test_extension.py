"""Asking for more time and deciding, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.extensions import extensions_of
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from tests.factories import at_state
from tests.web.desk.conftest import Desk, Enter

WANTED: dict[str, Any] = {"days": "10", "reason": "testing", "note": "已采样送检，等报告。"}


def asked(number: str) -> int:
    report = report_by_number(number)
    assert report is not None
    return extensions_of(report.id)[-1].id


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A case in the hands of the lead, now."""
    enter(Role.TRIAGE)
    with app.app_context():
        return at_state(State.HANDLING, at=now()).number


def test_ask_and_grant(app: Flask, enter: Enter, number: str) -> None:
    clerk, supervisor = enter(Role.CLERK), enter(Role.SUPERVISOR)
    page = clerk.page(f"/desk/reports/{number}").text
    assert "申请延期" in page
    assert "怎么算的" in page
    assert "当天不算，休息日也算" in page
    path = f"/desk/reports/{number}/extension"
    assert clerk.send(path, **WANTED).status_code == 303
    assert "待批延期" in supervisor.page("/desk/queue/to-extend").text
    assert number in supervisor.page("/desk/queue/to-extend").text
    with app.app_context():
        row = asked(number)
    assert "批准延长10天" in supervisor.page(f"/desk/reports/{number}").text
    before = supervisor.facts(number)["due_at"]
    assert supervisor.send(f"{path}/grant", extension_id=str(row)).status_code == 303
    assert supervisor.facts(number)["due_at"] > before
    again = supervisor.send(f"{path}/grant", extension_id=str(row))
    assert again.status_code == 409
    assert "已经有人处理了" in again.text
    page = clerk.page(f"/desk/reports/{number}").text
    assert "已经延过一次期" in page
    assert "批准延长10天" in page


def test_refusing_needs_a_reason(app: Flask, enter: Enter, number: str) -> None:
    clerk, supervisor = enter(Role.CLERK), enter(Role.SUPERVISOR)
    path = f"/desk/reports/{number}/extension"
    clerk.send(path, **WANTED)
    with app.app_context():
        row = str(asked(number))
    bare = supervisor.send(f"{path}/refuse", extension_id=row)
    assert bare.status_code == 422
    assert "为什么不批准" in bare.text
    assert supervisor.send(f"{path}/refuse", extension_id=row, note="材料不够").status_code == 303
    assert "材料不够" in clerk.page(f"/desk/reports/{number}").text


@pytest.mark.parametrize(
    "wrong", [{"days": "31"}, {"days": ""}, {"reason": "whim"}, {"note": ""}, {"days": "x"}]
)
def test_a_form_in_need_of_mending_keeps_its_words(
    enter: Enter, number: str, wrong: dict[str, Any]
) -> None:
    clerk = enter(Role.CLERK)
    answer = clerk.send(f"/desk/reports/{number}/extension", **{**WANTED, **wrong})
    assert answer.status_code == 422
    assert 'id="extension-ask" open' in answer.text
    if "note" not in wrong:
        assert WANTED["note"] in answer.text


def test_who_may_what(app: Flask, enter: Enter, number: str) -> None:
    path = f"/desk/reports/{number}/extension"
    clerk = enter(Role.CLERK)

    def answers(desk: Desk) -> tuple[int, int, int]:
        return (
            desk.send(path, **WANTED).status_code,
            desk.send(f"{path}/grant", extension_id="999").status_code,
            desk.send(f"{path}/refuse", extension_id="999", note="不行").status_code,
        )

    assert answers(enter(Role.CLERK, department="cg")) == (404, 404, 404)
    assert answers(enter(Role.CLERK, department="zhen-01")) == (403, 403, 403)
    for role in (Role.TRIAGE, Role.REVIEWER, Role.PUBLISHER, Role.LEADER):
        assert answers(enter(role)) == (403, 403, 403)
    assert answers(enter(Role.SUPERVISOR)) == (403, 409, 409)
    for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR, Role.OBSERVER):
        assert answers(enter(role)) == (404, 404, 404)
    assert answers(clerk) == (303, 403, 403)
    own = enter(Role.HEAD)
    assert own.send(path, **WANTED).status_code == 409, "one request at a time"
