"""Departments over HTTP: an assist signs and reports, the lead is warned, a head hands out."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask

from portal.core.db import db
from portal.domain.accounts.models import User
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import State
from tests.factories import at_state, jpeg, user
from tests.web.desk.conftest import Desk, Enter

TOWN = "zhen-01"
TOLD: dict[str, Any] = {
    "found": "镇里三家作坊没有装收集罩。",
    "done": "已责令停产，明天再查。",
    "measures[]": ["halt"],
}
PROPOSAL: dict[str, Any] = {
    "finding": "unfounded",
    "reply": "您反映的问题我们去看过了。",
    "public_text": "经现场核查，没有发现。",
}


def number_at(app: Flask, state: State) -> str:
    with app.app_context():
        return at_state(state).number


def test_an_assist_signs_and_reports(app: Flask, enter: Enter) -> None:
    town, lead = enter(Role.CLERK, department=TOWN), enter(Role.CLERK)
    number = number_at(app, State.HANDLING)
    page, path = f"/desk/reports/{number}", f"/desk/reports/{number}/parts/"
    assert "签收协办" in town.page(page).text
    assert town.send(f"{path}report", **TOLD).status_code == 409, "not signed yet"
    assert town.send(f"{path}sign").status_code == 303
    assert "报告协办情况" in town.page(page).text
    assert "1家协办，0家已报告" in lead.page(page).text
    assert "协办时限 · " in lead.page(page).text, "the clock says whose it is"
    bare = town.send(f"{path}report", done="停产了。", photos=(io.BytesIO(jpeg()), "a.jpg"))
    assert bare.status_code == 422
    assert "停产了。" in bare.text
    assert 'name="photo_ids[]"' in bare.text, "the photo is kept"
    assert town.send(f"{path}report", **TOLD).status_code == 303
    seen = lead.page(page).text
    for words in (TOLD["found"], TOLD["done"], "限产停产", "1家协办，1家已报告", "协办报告"):
        assert words in seen, words
    assert "再补充一次" in town.page(page).text


def test_the_lead_is_warned_and_may_go_on(app: Flask, enter: Enter) -> None:
    lead, town = enter(Role.CLERK), enter(Role.CLERK, department=TOWN)
    number = number_at(app, State.HANDLING)
    assert "还没有报告协办情况" in lead.page(f"/desk/reports/{number}").text
    refused = lead.act(number, "propose", **PROPOSAL)
    assert refused.status_code == 422
    assert "还有协办单位没有报告" in refused.text
    assert PROPOSAL["reply"] in refused.text
    assert lead.facts(number)["state"] == "handling"
    town.send(f"/desk/reports/{number}/parts/sign")
    town.send(f"/desk/reports/{number}/parts/report", **TOLD)
    assert "还没有报告协办情况" not in lead.page(f"/desk/reports/{number}").text
    assert lead.act(number, "propose", **PROPOSAL).status_code == 303
    other = number_at(app, State.HANDLING)
    sent = lead.act(other, "propose", **PROPOSAL, **{"without_parts[]": "1"})
    assert sent.status_code == 303
    assert "还没报告的协办：" in lead.page(f"/desk/reports/{other}").text


def test_rows_of_an_assist_show_its_own_part(app: Flask, enter: Enter) -> None:
    town = enter(Role.CLERK, department=TOWN)
    number_at(app, State.HANDLING)
    assert "协办" in rows(town, "to-sign")


def rows(desk: Desk, queue: str) -> str:
    text = desk.page(f"/desk/queue/{queue}").text
    return text[text.index('class="card qlist"') :]


def test_a_head_hands_out(app: Flask, enter: Enter) -> None:
    head, clerk = enter(Role.HEAD), enter(Role.CLERK)
    with app.app_context():
        other = user(Role.CLERK, username="clerk2")
        other.display_name = "韦小兰"
        db.session.commit()
        other_id = other.id
    number = number_at(app, State.DISPATCHED)
    page, path = f"/desk/reports/{number}", f"/desk/reports/{number}/handler"
    assert "还没分给承办员" in head.page(page).text
    assert "没分派" in rows(head, "to-sign")
    assert head.send(path, note="没选人").status_code == 422
    assert clerk.send(path, handler=str(other_id)).status_code == 403
    assert head.send(path, handler=str(other_id), note="你熟这一片。").status_code == 303
    seen = head.page(page).text
    assert "承办员：韦小兰" in seen
    assert "你熟这一片。" in seen
    assert "韦小兰" in rows(head, "to-sign")
    assert "没有" in head.page(f"/desk/queue/to-sign?handler={other_id}&q=没有这样的").text
    assert number in rows(head, f"to-sign?handler={other_id}")
    assert head.send(path, handler=str(other_id)).status_code == 422, "the same person"


def test_nobody_outside_reads_a_handler(app: Flask, enter: Enter) -> None:
    """Not the public, not another department, not the reporter."""
    head = enter(Role.HEAD)
    with app.app_context():
        other = user(Role.CLERK, username="clerk2")
        other.display_name = "韦小兰"
        db.session.commit()
        other_id = other.id
    number = number_at(app, State.HANDLING)
    sent = head.send(f"/desk/reports/{number}/handler", handler=str(other_id), note="你熟。")
    assert sent.status_code == 303
    for path in ("/open/reports", f"/open/reports/{number}", f"/track/{number}"):
        assert "韦小兰" not in app.test_client().get(path).text, path
    with app.app_context():
        assert db.session.get(User, other_id) is not None
    town = enter(Role.CLERK, department=TOWN).page(f"/desk/reports/{number}").text
    assert "承办员：韦小兰" not in town


def test_a_head_hands_out_many_at_once(app: Flask, enter: Enter) -> None:
    head, other = enter(Role.HEAD), enter(Role.HEAD, department="cg")
    with app.app_context():
        numbers = [at_state(State.DISPATCHED).number for _ in range(3)]
        clerk_id = str(user(Role.CLERK, username="clerk2").id)
    assert "分给承办员" in rows(head, "to-sign")
    page = head.page(f"/desk/hand-out?pick={numbers[0]}&pick={numbers[1]}&back=to-sign")
    assert numbers[1] in page.text
    assert numbers[2] not in page.text
    assert numbers[0] not in other.page(f"/desk/hand-out?pick={numbers[0]}").text
    sent: dict[str, Any] = {"pick": numbers[:2], "back": "to-sign", "handler": clerk_id}
    assert head.send("/desk/hand-out", **{**sent, "handler": ""}).status_code == 422
    done = head.send("/desk/hand-out", **sent, note="你们一起跑一趟。")
    assert (done.status_code, done.location) == (303, "/desk/queue/to-sign")
    assert "分好了2件" in head.page(done.location).text
    again = head.page(head.send("/desk/hand-out", **{**sent, "pick": numbers}).location).text
    assert "分好了1件" in again
    assert "已经是这位在办" in again
    assert other.send("/desk/hand-out", **sent).status_code == 422, "a clerk of somebody else's"
    assert enter(Role.CLERK).page("/desk/hand-out").status_code == 403
