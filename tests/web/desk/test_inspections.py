"""The weekly inspection over HTTP: plan, list by hand, on site without script, report."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.inspections.models import Result
from portal.domain.inspections.planning import RuleValue, inspection_of, rule_for
from portal.domain.inspections.queries import lines_of
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from tests.factories import LEAD, OTHER_VILLAGE, TOWN, at_state, jpeg, user
from tests.web.desk.conftest import Desk, Enter

WORDS = "作坊夜里偷排，气味刺鼻。"


def monday() -> date:
    today = local(now()).date()
    return today - timedelta(days=today.weekday())


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A case in the hands of the lead, now."""
    enter(Role.TRIAGE)
    with app.app_context():
        return at_state(State.HANDLING, at=now() - timedelta(days=1), description=WORDS).number


def plan(app: Flask, boss: Desk, **more: Any) -> str:
    """Plan this week with the supervisor and an officer; returns where it stands."""
    with app.app_context():
        people = [user(Role.SUPERVISOR).id, user(Role.GRID, grid_code=TOWN).id]
    form: dict[str, Any] = {"monday": monday().isoformat(), "draw_size": "5", **more}
    sent = boss.send("/desk/inspections", inspectors=[str(one) for one in people], **form)
    assert sent.status_code == 303, sent.text
    return sent.location


def test_a_draft_is_cancelled_or_drawn_anew(app: Flask, enter: Enter, number: str) -> None:
    boss = enter(Role.SUPERVISOR)
    enter(Role.GRID, grid_code=TOWN)
    path = plan(app, boss)
    bare = boss.send(f"{path}/cancel", reason="", again="1")
    assert bare.status_code == 422
    other = boss.send(f"{path}/cancel", reason="网格员请假，人换了。", again="1")
    assert other.status_code == 303
    assert other.location != path
    old = boss.page(path).text
    assert "已取消" in old
    assert "网格员请假" in old
    assert "没有看成" not in old, "nobody was to go there"
    assert boss.send(f"{path}/start").status_code == 409
    assert boss.send(f"{other.location}/cancel", reason="放假。").status_code == 303
    assert "放假" in boss.page(other.location).text
    assert "已取消" in boss.page("/desk/inspections").text


def line_in(desk: Desk, week: str) -> str:
    address = re.search(rf'href="({week}/lines/\d+)"', desk.page(week).text)
    assert address
    return address[1]


@pytest.fixture
def week(app: Flask, enter: Enter, number: str) -> str:
    """An inspection of the case, under way."""
    boss = enter(Role.SUPERVISOR)
    enter(Role.GRID, grid_code=TOWN)
    path = plan(app, boss)
    assert boss.send(f"{path}/start").status_code == 303
    return path


def found(officer: Desk, line: str) -> TestResponse:
    """An officer finds it not put right."""
    return officer.send(
        line,
        result="not_put_right",
        note="设备没有开。",
        lat="30.4010",
        lng="112.4000",
        accuracy_m="8",
        camera=(io.BytesIO(jpeg()), "a.jpg"),
    )


def test_on_site_without_script(app: Flask, enter: Enter, number: str, week: str) -> None:
    boss, officer = enter(Role.SUPERVISOR), enter(Role.GRID, grid_code=TOWN)
    line = line_in(boss, week)
    page = officer.page(line).text
    assert "抽查抽中" in page
    assert 'capture="environment"' in page
    done = found(officer, line)
    assert (done.status_code, done.location) == (303, week)
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert len(photos_of(report, PhotoKind.INSPECTION)) == 1
        assert lines_of(report)[0].result is Result.NOT_PUT_RIGHT
    assert "离所报地点约111米" in boss.page(line).text
    assert "没有整改到位" in boss.page(f"/desk/reports/{number}").text, "in the history of the case"
    assert officer.send(line, result="put_right").status_code == 409


def test_a_failing_one_leads_to_an_order(enter: Enter, number: str, week: str) -> None:
    boss, officer = enter(Role.SUPERVISOR), enter(Role.GRID, grid_code=TOWN)
    line, press = line_in(boss, week), f"/desk/reports/{number}/press"
    assert f"{press}?inspected=1" not in boss.page(line).text
    found(officer, line)
    assert f"{press}?inspected=1" in boss.page(line).text
    assert f"{press}?inspected=1" not in officer.page(line).text
    assert "现场没有整改到位。设备没有开。" in boss.page(f"{press}?inspected=1").text
    assert "现场没有整改到位" not in boss.page(press).text


def test_the_report_is_signed_off(enter: Enter, number: str, week: str) -> None:
    boss, officer = enter(Role.SUPERVISOR), enter(Role.GRID, grid_code=TOWN)
    found(officer, line_in(boss, week))
    form: dict[str, Any] = {"level": "yellow", "demand": "请立即整改。"}
    form["due_on"] = local(now()).date().isoformat()
    assert boss.send(f"/desk/reports/{number}/press/order", **form).status_code == 303
    assert boss.send(f"{week}/close", summary="").status_code == 422
    closed = boss.send(f"{week}/close", summary="总体好转。", demands="请举一反三。")
    assert closed.location == f"{week}/report"
    paper = boss.page(closed.location).text
    for words in (number, "总体好转。", "请举一反三。", "设备没有开。已发出督〔"):
        assert words in paper
    file = boss.page(f"{week}/report.docx")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.data[:2] == b"PK"
    assert officer.page(f"{week}/report").status_code == 403
    assert boss.send(f"{week}/close", summary="再来").status_code == 409


def test_whose_week_it_is(app: Flask, enter: Enter, number: str) -> None:
    boss = enter(Role.SUPERVISOR)
    week = plan(app, boss)
    line = line_in(boss, week)
    assert boss.send(f"{week}/start").status_code == 303
    for desk, sees_week, sees_line in (
        (enter(Role.LEADER), 200, 200),
        (enter(Role.REVIEWER), 200, 200),
        (enter(Role.GRID, grid_code=TOWN, username="unnamed"), 404, 404),
        (enter(Role.CLERK, department=LEAD), 404, 404),
        (enter(Role.ADMIN), 404, 404),
    ):
        assert desk.page(week).status_code == sees_week
        assert desk.page(line).status_code == sees_line
        assert desk.page("/desk/inspections").status_code in {200, 403}
        refused = 403 if sees_line == 200 else 404
        assert desk.send(line, result="put_right").status_code == refused
        for step in ("/start", "/close", "/lines", ""):
            assert desk.send(f"{week}{step}").status_code == refused
        assert desk.send("/desk/inspections", monday=monday().isoformat()).status_code == 403


def test_a_named_officer_of_another_town_sees_no_line(
    app: Flask, enter: Enter, number: str
) -> None:
    boss, far = enter(Role.SUPERVISOR), enter(Role.GRID, grid_code=OTHER_VILLAGE, username="far")
    week = plan(app, boss)
    with app.app_context():
        ids = [str(user(Role.GRID, grid_code=OTHER_VILLAGE, username="far").id)]
    assert boss.send(week, inspectors=ids, draw_size="5").status_code == 303
    assert boss.send(f"{week}/start").status_code == 303
    page = far.page(week)
    assert page.status_code == 200
    assert number not in page.text
    assert WORDS[:4] not in page.text
    assert far.page(line_in(boss, week)).status_code == 404


def test_the_list_by_hand(app: Flask, enter: Enter, number: str) -> None:
    boss = enter(Role.SUPERVISOR)
    week = plan(app, boss, draw_size="")
    assert number not in boss.page(week).text
    for typed, why in (("SP000000000000X", "来电"), (number, "")):
        assert boss.send(f"{week}/lines", number=typed, why=why).status_code == 422
    assert boss.send(f"{week}/lines", number=number, why="来电三次").status_code == 303
    assert "督办员加入：来电三次" in boss.page(week).text
    line = line_in(boss, week)
    assert boss.send(f"{line}/remove", removed_why="").status_code == 422
    assert boss.send(f"{line}/remove", removed_why="昨天去过").status_code == 303
    assert "拿掉的理由：昨天去过" in boss.page(week).text
    assert boss.send(f"{week}/start").status_code == 409


def test_what_is_missing_is_said_and_the_rest_kept(app: Flask, enter: Enter, number: str) -> None:
    boss, officer = enter(Role.SUPERVISOR), enter(Role.GRID, grid_code=TOWN)
    week = plan(app, boss)
    line = line_in(boss, week)
    boss.send(f"{week}/start")
    sent = officer.send(line, note="没人在。", photos=(io.BytesIO(jpeg()), "a.jpg"))
    assert sent.status_code == 422
    assert 'href="#result-result"' in sent.text
    assert "没人在。" in sent.text
    assert "已经传上1张" in sent.text
    assert officer.send(line, result="no_entry").status_code == 422
    assert officer.send(line, result="fine").status_code == 422


def test_plan_and_rule_say_what_is_wrong(app: Flask, enter: Enter, number: str) -> None:
    boss = enter(Role.SUPERVISOR)
    tuesday = (monday() + timedelta(days=8)).isoformat()
    for typed in (tuesday, "soon", ""):
        assert boss.send("/desk/inspections", draw_size="3", monday=typed).status_code == 422
    week = plan(app, boss)
    assert boss.send(week, draw_size="3").status_code == 422, "nobody goes"
    rule = "/desk/inspections/rule"
    for day, share, most in (("9", "10", ""), ("2", "0", ""), ("2", "10", "x")):
        sent = boss.send(rule, weekday=day, percent=share, rule_overdue=most)
        assert sent.status_code == 422
    assert boss.send(rule, weekday="2", percent="10", rule_overdue="").status_code == 303
    assert "星期三" in boss.page("/desk/inspections").text
    with app.app_context():
        assert rule_for(local(now()).date()) == RuleValue(2, 10)
        assert inspection_of(monday()) is not None
