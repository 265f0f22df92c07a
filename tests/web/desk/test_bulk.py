"""Many reports at once: announced one by one, done one by one, and never by force."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask

from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.reports.models import AccusedDepartment, Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.routing.services import NewRule, save_rule
from tests.factories import at_state, file, make_category, make_department, take, walk
from tests.web.desk.conftest import Desk, Enter
from tests.web.desk.test_queues import statements
from tests.web.desk.test_triage import numbers

_TICKET = re.compile(r'name="pick" value="([^"]+)"')


def routed(lead: str = "sthj") -> None:
    """Bad smells go to one department."""
    with transaction():
        kind = make_category("air.odor").id
        save_rule(NewRule(kind, None, make_department(lead).id, []))


def preview(desk: Desk, step: str, *picked: str) -> str:
    """What is announced about these reports."""
    query = "&".join(f"pick={number}" for number in picked)
    page = desk.page(f"/desk/bulk/{step}?back=to-accept&{query}")
    assert page.status_code == 200
    return page.text


def send(desk: Desk, step: str, announced: str, **fields: Any) -> tuple[int, str]:
    """Send what was announced: the status and the page."""
    fields = {"pick": _TICKET.findall(announced), "back": "to-accept", **fields}
    answer = desk.send(f"/desk/bulk/{step}", **fields)
    return answer.status_code, answer.text


def state(desk: Desk, number: str) -> str:
    """Where a report stands."""
    return str(desk.facts(number)["state"])


def found(number: str) -> Report:
    """The row of a report."""
    report = report_by_number(number)
    assert report is not None
    return report


def test_many_are_accepted_and_dispatched_as_announced(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        first, second, third = numbers(3)
    assert f'value="{third}" form="bulk"' in desk.page("/desk/queue/to-accept").text
    page = preview(desk, "take_on", third, first)
    assert page.index(third) < page.index(first)
    assert "生态环境局主办" in page
    assert second not in page
    status, done = send(desk, "take_on", page, note="请查处。")
    assert status == 200
    assert "办好2件" in done
    assert [state(desk, n) for n in (first, second, third)] == [
        "dispatched", "submitted", "dispatched",
    ]  # fmt: skip


def test_what_cannot_be_done_is_said_before(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        make_category("air")
        with transaction():
            open_kind = file("air").number
        handled = at_state(State.HANDLING).number
        back = at_state(State.RETURNED).number
    page = preview(desk, "take_on", open_kind, handled)
    assert "具体类型还没有选定" in page
    assert "现在的状态不能做这一步" in page
    assert not _TICKET.findall(page)
    assert "请单独办" in preview(desk, "dispatch", back)


def test_a_stale_one_is_listed_and_not_forced(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        first, second = numbers(2)
    page = preview(desk, "accept", first, second)
    with app.app_context():
        walk(found(first), Action.ASK, Action.ANSWER)
    _status, done = send(desk, "accept", page)
    assert "办好1件，1件没有办" in done
    assert "您打开后有人改过" in done
    assert (state(desk, first), state(desk, second)) == ("submitted", "accepted")
    _status, again = send(desk, "accept", page)
    assert "办好0件，2件没有办" in again


def test_a_rule_that_changed_since_is_not_followed_unseen(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        number = numbers(1)[0]
    page = preview(desk, "take_on", number)
    with app.app_context():
        routed("cg")
    _status, done = send(desk, "take_on", page, note="请查处。")
    assert "分派规则变了" in done
    assert state(desk, number) == "submitted"


def test_many_are_declined_with_the_same_words(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        first, second = numbers(2)
    page = preview(desk, "decline", first, second)
    status, wrong = send(desk, "decline", page, text="不归我们管。")
    assert status == 422
    assert "请选择“理由”" in wrong
    assert "不归我们管。" in wrong
    words = {"reason_code": "not_pollution", "text": "不属于污染。", "where_to": "12345"}
    assert send(desk, "decline", wrong, **words)[0] == 200
    assert {state(desk, first), state(desk, second)} == {"declined"}


def test_many_are_merged_into_one(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        main, *others = numbers(3)
    page = preview(desk, "merge", main, *others)
    _status, done = send(desk, "merge", page, main_number=main.lower())
    assert "办好2件，1件没有办" in done
    assert "主件自己不动" in done
    assert {desk.facts(number)["main_number"] for number in others} == {main}
    assert state(desk, main) == "submitted"


def test_a_refusal_of_one_holds_up_no_other(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        first, second = numbers(2)
        lead = make_department("sthj")
        with transaction():
            take(found(first), Action.ACCEPT)
            take(found(second), Action.ACCEPT)
        lead_id = lead.id
    page = preview(desk, "dispatch", first, second)
    with app.app_context(), transaction():
        row = AccusedDepartment(report_id=found(first).id, department_id=lead_id)
        db.session.add(row)
    _status, done = send(desk, "dispatch", page, note="请查处。")
    assert "办好1件，1件没有办" in done
    assert (state(desk, first), state(desk, second)) == ("accepted", "dispatched")


def test_only_triage_and_only_what_it_sees(app: Flask, enter: Enter) -> None:
    desk, clerk = enter(Role.TRIAGE), enter(Role.CLERK, department="cg")
    with app.app_context():
        number = numbers(1)[0]
    assert clerk.page(f"/desk/bulk/accept?pick={number}").status_code == 403
    assert clerk.send("/desk/bulk/accept", pick=f"{number}:1:x").status_code == 403
    assert desk.page("/desk/bulk/sign?pick=x").status_code == 404
    assert "还没有选" in preview(desk, "accept")
    _status, done = send(desk, "accept", "", pick="SP000:1:x")
    assert "没有找到" in done
    assert 'form="bulk"' not in clerk.page("/desk/queue/all").text


def test_looking_ahead_takes_as_many_statements_however_many(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        routed()
        one, *many = numbers(20)
    path = "/desk/bulk/take_on?pick="
    few = statements(app, desk, path + one)
    assert statements(app, desk, path + "&pick=".join(many)) == few
    assert few <= 20
