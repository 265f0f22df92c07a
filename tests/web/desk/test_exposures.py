"""曝光 on the desk over HTTP: propose, approve, correct, end early, without scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import State
from tests.factories import at_state, drain
from tests.web.desk.conftest import Desk, Enter

SAID: dict[str, Any] = {
    "title": "东河镇直排案",
    "party": "东河造纸厂",
    "text": "夜间直排，已经责令停产。",
    "basis": "示环罚〔2026〕7号",
}


@pytest.fixture
def path(app: Flask, enter: Enter) -> str:
    """Where an exposure stands on the desk that a first publisher proposed."""
    first = enter(Role.PUBLISHER)
    with app.app_context():
        number = at_state(State.PUBLISHED, at=now() - timedelta(days=20)).number
        drain()
    offered = first.page("/desk/exposures").text
    assert f'href="/desk/reports/{number}/exposure"' in offered
    until = (local(now()).date() + timedelta(days=90)).isoformat()
    sent = first.send(f"/desk/reports/{number}/exposure", **SAID, expires_on=until)
    assert sent.status_code == 303, sent.text
    return sent.location


@pytest.fixture
def second(enter: Enter) -> Desk:
    return enter(Role.PUBLISHER, username="publisher2")


def public(desk: Desk, path: str) -> str:
    return desk.page(path.replace("/desk/", "/open/")).text


def test_from_the_draft_to_the_early_end(path: str, second: Desk, enter: Enter) -> None:
    first = enter(Role.PUBLISHER)
    assert '/exposure"' not in first.page("/desk/exposures").text, "it is exposed already"
    assert first.send(f"{path}/approve").status_code == 403
    assert second.send(f"{path}/approve").status_code == 303
    other = {**SAID, "party": "东河纸业公司"}
    unsaid = first.send(f"{path}/correction", **other)
    assert unsaid.status_code == 422
    assert "东河纸业公司" in unsaid.text, "what was typed is kept"
    sent = first.send(f"{path}/correction", **other, reason="名称写错了。")
    assert sent.status_code == 303
    assert "要由另一位同事审定" in first.page(path).text
    assert first.send(f"{path}/correction/confirm").status_code == 403
    page = second.page(path).text
    assert "<del>东河造纸厂</del>" in page
    assert "<ins>东河纸业公司</ins>" in page
    assert second.send(f"{path}/correction/confirm").status_code == 303
    assert "东河纸业公司" in public(second, path)
    assert second.send(f"{path}/withdraw", reason="提前整改好了。").status_code == 303
    assert "提前整改好了" in first.page(path).text
    assert "东河" not in public(second, path)
    again = first.send(f"{path}/withdraw", reason="再撤一次。")
    assert again.status_code == 409


def test_a_correction_may_be_put_aside(path: str, second: Desk, enter: Enter) -> None:
    second.send(f"{path}/approve")
    enter(Role.PUBLISHER).send(f"{path}/correction", **{**SAID, "title": "别的标题"}, reason="试试")
    assert second.send(f"{path}/correction/confirm", back="1").status_code == 303
    assert "起草的更正" not in second.page(path).text
    assert "东河镇直排案" in public(second, path)
