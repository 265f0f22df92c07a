"""The first page of every role: one thing to do first, and numbers that are the lists they open."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal.core.db import transaction
from portal.domain.accounts.actor import REPORTER
from portal.domain.accounts.permissions import Role
from portal.domain.casework.handing import hand_to
from portal.domain.casework.parts import sign_part
from portal.domain.reports.acceptance import answer_question
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from tests.factories import at_state, file, staff, take, walk, writing
from tests.web.desk.conftest import Desk, Enter
from tests.web.desk.test_queues import statements

_TILE = re.compile(r'<a href="([^"]+)"[^>]*><span>([^<]+)</span><b class="num">([\d,+]+)<small>')
_FIRST = re.compile(
    r'<h2 id="first">(\S+) <b class="num">(\d+)<small>.*?class="btn go" href="([^"]+)"', re.DOTALL
)
_TOTAL = re.compile(r'<span class="mute num">([\d,+]+)件</span>')
WORKERS = (
    *(Role.TRIAGE, Role.CLERK, Role.HEAD, Role.GRID),
    *(Role.REVIEWER, Role.PUBLISHER, Role.SUPERVISOR),
)


def tiles(desk: Desk) -> dict[str, tuple[str, int]]:
    """Each number of the page by its name: the list behind it and how many it says."""
    page = desk.page("/desk/").text
    found = {name: (href, int(count)) for href, name, count in _TILE.findall(page)}
    first = _FIRST.search(page)
    if first:
        found[first[1]] = (first[3], int(first[2]))
    return {name: (href.replace("&amp;", "&"), count) for name, (href, count) in found.items()}


def counts(desk: Desk) -> dict[str, int]:
    return {name: count for name, (_href, count) in tiles(desk).items()}


def first(desk: Desk) -> str:
    found = _FIRST.search(desk.page("/desk/").text)
    return found[1] if found else ""


def busy_city() -> None:
    """Something in every list."""
    for state in (
        State.SUBMITTED,
        State.NEED_INFO,
        State.ACCEPTED,
        State.DISPATCHED,
        State.HANDLING,
    ):
        at_state(state)
    for state in (State.HEAD_REVIEW, State.SUBMITTED_REVIEW, State.RESOLVED, State.PUBLISHED):
        at_state(state)
    walk(file(), Action.ASK, Action.ANSWER)
    walk(file(), Action.ACCEPT, Action.DISPATCH, Action.RETURN, Action.DISPATCH, Action.RETURN)
    walk(at_state(State.HEAD_REVIEW), Action.SEND_BACK)
    assisted = at_state(State.HANDLING)
    with writing():
        by = staff(Role.CLERK, department="zhen-01")
        sign_part(assisted, by=by, at=assisted.state_since)


@pytest.mark.parametrize("role", [*WORKERS, Role.LEADER])
def test_a_number_is_the_list_it_opens(app: Flask, enter: Enter, role: Role) -> None:
    desk = enter(role)
    with app.app_context():
        busy_city()
    found = tiles(desk)
    assert found
    lists = {name: href for name, (href, _count) in found.items() if "/queue/" in href}
    assert lists
    for name, href in lists.items():
        total = _TOTAL.search(desk.page(href).text)
        assert total, href
        assert int(total[1]) == found[name][1], (name, href)
    assert any(count for _href, count in found.values()), "the city is not empty"


@pytest.mark.parametrize("role", WORKERS)
def test_one_thing_comes_first(app: Flask, enter: Enter, role: Role) -> None:
    desk = enter(role)
    page = desk.page("/desk/").text
    assert page.count("btn go") == 0
    assert ("都办完了" in page) is (role is not Role.AUDITOR)
    with app.app_context():
        busy_city()
    page = desk.page("/desk/").text
    assert page.count("btn go") == (0 if role is Role.GRID else 1)


def test_what_is_late_goes_before_what_is_new(app: Flask, enter: Enter) -> None:
    """All cases of the tests are from March: in November every term is over."""
    desk = enter(Role.TRIAGE)
    with app.app_context():
        at_state(State.SUBMITTED)
        report = walk(file(), Action.ASK)
        with transaction():
            at = report.state_since + timedelta(hours=1)
            answer_question(report, "每晚十点以后。", by=REPORTER, at=at)
    assert first(desk) == "受理已逾期"
    found = counts(desk)
    assert (found["举报人补充了"], found["待受理"]) == (1, 2)


def test_a_clerk_starts_with_their_own(app: Flask, enter: Enter) -> None:
    clerk, other = enter(Role.CLERK), enter(Role.CLERK, username="clerk2")
    with app.app_context():
        number = at_state(State.HANDLING).number
    assert counts(clerk)["我的已逾期"] == 1
    assert counts(other)["我的已逾期"] == 0
    assert first(clerk) == "我的已逾期"
    with app.app_context(), writing():
        report = report_by_number(number)
        assert report is not None
        handler = staff(Role.CLERK, username="clerk2").staff_id
        hand_to(report, handler, "", by=staff(Role.HEAD), at=report.state_since)
    assert counts(clerk)["我的已逾期"] == 0
    assert first(other) == "我的已逾期"


def test_a_head_sees_what_nobody_has(app: Flask, enter: Enter) -> None:
    head = enter(Role.HEAD)
    with app.app_context():
        number = at_state(State.DISPATCHED).number
    assert counts(head)["没签收也没分派"] == 1
    chips = head.page("/desk/queue/to-sign").text
    assert re.search(r"fchip[^>]*>没分派 <b class=\"num\">1</b>", chips)
    with app.app_context():
        report = at_state(State.HEAD_REVIEW)
        assert report.number != number
    assert first(head) == "待单位审核"


@pytest.mark.parametrize("role", [Role.LEADER, Role.OBSERVER])
def test_readers_have_figures_and_nothing_to_press(app: Flask, enter: Enter, role: Role) -> None:
    desk = enter(role)
    with app.app_context():
        take(at_state(State.SUBMITTED_REVIEW), Action.RESOLVE)
    page = desk.page("/desk/").text
    main = page[page.index("<main") : page.index("</main>")]
    assert "全市情况" in main
    assert 'id="trend-1"' in main
    assert "<form" not in main
    assert "btn" not in main
    for href in re.findall(r'href="(/(?:desk|open)[^"]*)"', main):
        assert desk.page(href.replace("&amp;", "&")).status_code == 200, href


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.ADMIN, "排队的后台任务"), (Role.SECURITY, "在用的账号"), (Role.AUDITOR, "已封存的记录")],
)
def test_who_handles_no_cases_sees_the_system(enter: Enter, role: Role, words: str) -> None:
    page = enter(role).page("/desk/")
    assert page.status_code == 200
    assert words in page.text
    assert "btn go" not in page.text


@pytest.mark.parametrize("role", [*WORKERS, Role.LEADER])
def test_the_number_of_statements_does_not_grow(app: Flask, enter: Enter, role: Role) -> None:
    desk = enter(role)
    desk.page("/desk/")
    with app.app_context():
        busy_city()
    few = statements(app, desk, "/desk/")
    with app.app_context():
        busy_city()
        busy_city()
    assert statements(app, desk, "/desk/") <= few, role
    assert few <= 20, (role, few)
