"""The duty roster on the desk, and the banner that must be acknowledged."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from flask import Flask

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from tests.factories import drain, file, user
from tests.web.desk.conftest import Enter


def _id_of(app: Flask, name: str) -> int:
    with app.app_context():
        found = user_by_name(name)
        assert found is not None
        return found.id


def test_the_supervisor_keeps_the_roster(app: Flask, enter: Enter) -> None:
    with app.app_context():
        user(Role.LEADER)
    keeper, triage = enter(Role.SUPERVISOR), enter(Role.TRIAGE)
    monday = local(now()).date() - timedelta(days=local(now()).weekday())
    fields: dict[str, Any] = {
        "on": monday.isoformat(),
        "part": "whole",
        "officer": _id_of(app, "triage"),
        "leader": _id_of(app, "leader"),
    }
    assert "还没有人值班" in keeper.page("/desk/duty").text
    assert triage.send("/desk/duty", **fields).status_code == 403
    assert keeper.send("/desk/duty", **fields).status_code == 303
    assert "测试triage" in triage.page("/desk/duty").text
    twice = keeper.send("/desk/duty", **fields)
    assert twice.status_code == 422
    assert "已经有人值班" in twice.text
    assert keeper.send("/desk/duty", part="never").status_code == 422
    following = (monday + timedelta(days=7)).isoformat()
    assert keeper.send("/desk/duty/copy", week=following).status_code == 303
    page = keeper.page(f"/desk/duty?week={following}").text
    assert "测试leader" in page
    shift = re.search(r"/desk/duty/([0-9]+)/remove", page)
    assert shift is not None
    assert keeper.send(f"/desk/duty/{shift[1]}/remove", week=following).status_code == 303
    assert keeper.page("/desk/duty?week=never").status_code == 200
    assert keeper.send("/desk/duty/words", words="恶臭、死鱼").status_code == 303
    assert "恶臭、死鱼" in keeper.page("/desk/duty").text


def test_an_alert_stands_on_every_page_until_it_is_acknowledged(app: Flask, enter: Enter) -> None:
    with app.app_context():
        number = file("water.drinking", at=now()).number
        drain()
    triage, reviewer = enter(Role.TRIAGE), enter(Role.REVIEWER)
    for path in ("/desk/help", "/desk/queue/all", f"/desk/reports/{number}"):
        assert "紧急举报，请马上处理" in triage.page(path).text
        assert "紧急举报，请马上处理" not in reviewer.page(path).text
    form = re.search(r"/desk/alerts/[0-9]+/acknowledge", triage.page("/desk/help").text)
    assert form is not None
    assert reviewer.send(form[0]).status_code == 403
    assert triage.send(form[0]).location == f"/desk/reports/{number}"
    assert "紧急举报，请马上处理" not in triage.page("/desk/help").text
    assert "值班确认紧急提醒" in triage.page(f"/desk/reports/{number}").text
    assert triage.send("/desk/alerts/999999/acknowledge").status_code == 404
