"""The pages of terms and calendar: everybody on the desk reads, the supervisor sets."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.queries import is_announced, work_calendar
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.queries import rule_for, rules
from tests.web.desk.conftest import Enter

YEAR = local(now()).year
NEXT = YEAR + 1
TOMORROW = (local(now()) + timedelta(days=1)).date()
FILE = f"on,kind,name\n{NEXT}-01-01,放假,元旦\n{NEXT}-01-02,放假,元旦\n"
WANTED: dict[str, Any] = {
    "deadline_class": "ordinary",
    "amount": "20",
    "unit": "calendar_days",
    "effective_on": TOMORROW.isoformat(),
}


def test_every_term_has_a_page(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    page = desk.page("/desk/terms")
    assert page.status_code == 200
    with app.app_context():
        clocks = {rule.clock for rule in rules()}
    for clock in clocks:
        assert f"/desk/terms/{clock}" in page.text
        assert desk.page(f"/desk/terms/{clock}").status_code == 200
    assert desk.page("/desk/terms/whatever").status_code == 404
    assert "若今天开始，一般件到期" in desk.page("/desk/terms/resolve").text


def test_every_term_has_an_english_name(enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    desk.client.set_cookie("lang", "en")
    table = desk.page("/desk/terms").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Accept by" in table
    assert re.findall(r"[\u4e00-\u9fff]+", table) == []


def test_preview_then_set_then_take_back(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    seen = desk.send("/desk/terms/resolve", **WANTED, step="preview")
    assert seen.status_code == 200
    assert 'role="status"' in seen.text
    with app.app_context():
        count = len(rules())
    assert desk.send("/desk/terms/resolve", **WANTED, step="save").status_code == 303
    page = desk.page("/desk/terms/resolve").text
    assert "20天" in page
    assert "测试supervisor" in page
    with app.app_context():
        assert rule_for(Clock.RESOLVE, DeadlineClass.ORDINARY, TOMORROW).amount == 20
        rule_id = max(rule.id for rule in rules())
    assert desk.send(f"/desk/terms/resolve/{rule_id}/take-back").status_code == 303
    with app.app_context():
        assert len(rules()) == count


@pytest.mark.parametrize(
    ("clock", "wrong", "words"),
    [
        ("resolve", {"amount": "61"}, "环保举报热线工作管理办法"),
        ("publish", {"amount": "60", "unit": "calendar_days"}, "政府信息公开条例"),
        ("resolve", {"amount": ""}, "长度"),
        ("resolve", {"amount": "0"}, "整数"),
        ("resolve", {"unit": "moons"}, "单位"),
        ("resolve", {"effective_on": "2020-01-01"}, "早于今天"),
        ("resolve", {"effective_on": "soon"}, "日期"),
        ("resolve", {"effective_on": ""}, "从哪天起"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    app: Flask, enter: Enter, clock: str, wrong: dict[str, Any], words: str
) -> None:
    answer = enter(Role.SUPERVISOR).send(f"/desk/terms/{clock}", step="save", **{**WANTED, **wrong})
    assert answer.status_code == 422
    assert words in answer.text
    with app.app_context():
        assert rule_for(Clock.RESOLVE, DeadlineClass.ORDINARY, TOMORROW).amount == 15


def test_others_read_and_do_not_set(enter: Enter) -> None:
    for role in (Role.ADMIN, Role.TRIAGE, Role.CLERK, Role.LEADER, Role.AUDITOR):
        desk = enter(role)
        page = desk.page("/desk/terms/resolve")
        assert page.status_code == 200
        assert 'name="amount"' not in page.text
        assert desk.send("/desk/terms/resolve", step="save", **WANTED).status_code == 403
        assert desk.page("/desk/calendar").status_code == 200
        day: dict[str, Any] = {"on": f"{YEAR}-06-01", "kind": "holiday"}
        assert desk.send("/desk/calendar/day", **day).status_code == 403
        assert desk.send("/desk/calendar/import", rows=FILE, step="save").status_code == 403


def test_holidays_have_english_names(enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    assert "国庆节" in desk.page("/desk/calendar").text
    desk.client.set_cookie("lang", "en")
    page = desk.page("/desk/calendar").text
    assert "National Day" in page
    assert "国庆节" not in page


def test_one_day_is_changed(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    day = TOMORROW + timedelta(days=400)
    for kind, works in (("holiday", False), ("working", True), ("usual", day.weekday() < 5)):
        sent = desk.send("/desk/calendar/day", on=day.isoformat(), kind=kind, name="测试日")
        assert sent.status_code == 303
        with app.app_context():
            assert work_calendar().is_working_day(day) is works
    wrongs: list[dict[str, Any]] = [
        {"on": "x"},
        {"on": "1999-01-01"},
        {"kind": "party"},
        {"on": ""},
    ]
    for wrong in wrongs:
        form: dict[str, Any] = {"on": day.isoformat(), "kind": "holiday", **wrong}
        assert desk.send("/desk/calendar/day", **form).status_code == 422


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_year_is_imported_after_a_preview(app: Flask, enter: Enter, encoding: str) -> None:
    desk = enter(Role.SUPERVISOR)
    sent = (io.BytesIO(FILE.encode(encoding)), "days.csv")
    seen = desk.send("/desk/calendar/import", file=sent, step="preview")
    assert seen.status_code == 200
    assert "元旦" in seen.text
    with app.app_context():
        assert not is_announced(NEXT)
    assert desk.send("/desk/calendar/import", rows=FILE, step="save").status_code == 303
    with app.app_context():
        assert is_announced(NEXT)


def test_every_line_at_fault_is_named(enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    bad = f"on,kind,name\n{NEXT}-13-01,放假,x\n{NEXT}-01-02,放假,x\n{NEXT}-01-03,也许,x\n"
    answer = desk.send("/desk/calendar/import", file=(io.BytesIO(bad.encode()), "d.csv"))
    assert answer.status_code == 422
    assert "第2行" in answer.text
    assert "第4行" in answer.text
    assert "第3行" not in answer.text
    assert desk.send("/desk/calendar/import").status_code == 422
