"""Pressure over HTTP: issuing, answering, lifting; who sees what; the public page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import State
from tests.factories import at_state
from tests.web.desk.conftest import Enter

SECRET = "每天半夜两点气味最重，我家在三楼。"


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A case in the hands of the lead, now."""
    enter(Role.TRIAGE)
    with app.app_context():
        return at_state(State.HANDLING, at=now(), description=SECRET).number


def form(**more: Any) -> dict[str, Any]:
    today = local(now()).date()
    return {"level": "yellow", "demand": "请在本周办结。", "due_on": today.isoformat(), **more}


def test_issue_answer_and_lift(enter: Enter, number: str) -> None:
    supervisor, clerk = enter(Role.SUPERVISOR), enter(Role.CLERK)
    press = f"/desk/reports/{number}/press"
    assert "发出督办单" in supervisor.page(press).text
    sent = supervisor.send(f"{press}/order", **form())
    assert sent.status_code == 303
    order = sent.headers["Location"]
    for desk in (supervisor, clerk):
        assert "督〔" in desk.page("/desk/orders").text
        assert "请在本周办结" in desk.page(f"/desk/reports/{number}").text
    assert clerk.page(f"{order}.docx").headers["Content-Disposition"].startswith("attachment")
    assert clerk.send(f"{order}/answer", answer="少").status_code == 422
    assert clerk.send(f"{order}/lift", reason="自己解除").status_code == 403
    assert clerk.send(f"{order}/answer", answer="设备周五装完。").status_code == 303
    assert "设备周五装完" in supervisor.page(order).text
    assert clerk.send(f"{order}/answer", answer="再答一次。").status_code == 409
    assert supervisor.send(f"{order}/lift", reason="").status_code == 422
    assert supervisor.send(f"{order}/lift", reason="已经办结。").status_code == 303
    assert "已解除" in clerk.page(order).text


def test_urge_and_talk(enter: Enter, number: str) -> None:
    supervisor, clerk = enter(Role.SUPERVISOR), enter(Role.CLERK)
    press = f"/desk/reports/{number}/press"
    assert supervisor.send(f"{press}/urge", words="请抓紧办。").status_code == 303
    talk: dict[str, Any] = {"person_post": "分管副局长", "record": "要求本周内完成整改。"}
    today = local(now()).date().isoformat()
    assert supervisor.send(f"{press}/talk", held_on="2099-01-01", **talk).status_code == 422
    assert supervisor.send(f"{press}/talk", held_on=today, **talk).status_code == 303
    page = clerk.page(f"/desk/reports/{number}").text
    assert "请抓紧办" in page
    assert "分管副局长" in page
    assert clerk.page(press).status_code == 403


def test_a_public_order_needs_a_leader_and_tells_nothing_private(enter: Enter, number: str) -> None:
    supervisor = enter(Role.SUPERVISOR)
    assert "现在没有挂牌督办的问题" in supervisor.client.get("/open/orders").text
    press = f"/desk/reports/{number}/press/order"
    assert supervisor.send(press, **form(level="public")).status_code == 422
    named = {"title": "河边作坊异味问题", "leader_name": "韦明", "leader_post": "副市长"}
    assert supervisor.send(press, **form(level="public", **named)).status_code == 303
    page = supervisor.client.get("/open/orders").text
    assert "河边作坊异味问题" in page
    assert "副市长 韦明" in page
    assert number not in page
    assert SECRET[:8] not in page


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.PUBLISHER, Role.ADMIN, Role.AUDITOR])
def test_others_read_no_orders(enter: Enter, role: Role) -> None:
    assert enter(role).page("/desk/orders").status_code == 403
