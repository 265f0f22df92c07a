"""The pages of figures, scorecard and targets: what they show, to whom, and where they lead."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.figures.scorecard import seed_weights
from portal.domain.reports.states import Action, State
from tests.factories import START, at_state, drain, walk
from tests.web.desk.conftest import Desk, Enter

SPAN = "from=2026-01&to=2026-12"
_LIST = re.compile(r'href="(/desk/queue/all\?[^"]*figure=[^"]*)"[^>]*>\s*([\d,]+)\s*<')
_ROW = re.compile(r'<li class="q[^>]* data-row=')


@pytest.fixture
def busy(app: Flask, enter: Enter) -> None:
    """A case in every state, one reopened, and enough resolved ones that rates are ranked."""
    with app.app_context():
        for state in State:
            at_state(state)
        walk(at_state(State.PUBLISHED), Action.REOPEN)
        for _ in range(6):
            at_state(State.RESOLVED)
        drain()
        with transaction():
            seed_weights(START)
        db.session.remove()


def lists_of(page: str) -> list[tuple[str, int]]:
    """The lists a page leads to, with the number that leads there."""
    return [
        (href.replace("&amp;", "&"), int(count.replace(",", "")))
        for href, count in _LIST.findall(page)
    ]


def rows_in(desk: Desk, href: str) -> int:
    return len(_ROW.findall(desk.page(href).text))


@pytest.mark.usefixtures("busy")
def test_every_number_opens_its_list(enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    page = desk.page(f"/desk/figures?{SPAN}")
    assert page.status_code == 200
    assert page.text.count("暂无") == 3
    found = sorted(set(lists_of(page.text)))
    assert len(found) > 40
    wrong = [(href, count) for href, count in found if rows_in(desk, href) != count]
    assert not wrong


@pytest.mark.usefixtures("busy")
def test_a_department_sees_its_own_and_nothing_else(enter: Enter) -> None:
    desk = enter(Role.HEAD, department="sthj")
    own = desk.page(f"/desk/figures?{SPAN}")
    assert own.status_code == 200
    assert "生态环境局统计" in own.text
    assert 'id="t-department"' not in own.text
    for path, status in (
        ("/desk/figures?kind=department&key=cg", 404),
        ("/desk/figures?kind=town&key=999901001", 404),
        ("/desk/scorecard", 403),
        ("/desk/targets", 403),
    ):
        assert desk.page(path).status_code == status, path
    assert all(rows_in(desk, href) <= count for href, count in lists_of(own.text))


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        (Role.LEADER, (200, 200, 403)),
        (Role.SUPERVISOR, (200, 200, 200)),
        (Role.TRIAGE, (200, 403, 403)),
        (Role.ADMIN, (403, 403, 403)),
        (Role.SECURITY, (403, 403, 403)),
        (Role.OBSERVER, (403, 403, 403)),
    ],
)
def test_who_reads_what(enter: Enter, role: Role, statuses: tuple[int, ...]) -> None:
    desk = enter(role)
    paths = ("/desk/figures", "/desk/scorecard", "/desk/targets")
    assert tuple(desk.page(path).status_code for path in paths) == statuses
    assert all((path in desk.page("/desk/help").text) is (status == 200)
               for path, status in zip(paths, statuses, strict=True))  # fmt: skip


VIEWS = (
    "kind=town&key=999901001", "kind=category&key=air", "kind=category&key=air.odor", "by=received",
    "kind=department&key=sthj", "by=median_days", "from=2026-13&to=x", "from=2026-05&to=2026-01",
    "from=2010-01&to=2026-12",
)  # fmt: skip


@pytest.mark.usefixtures("busy")
def test_every_view_of_the_figures_opens(app: Flask, enter: Enter) -> None:
    """And takes the same number of statements, however many reports there are."""
    desk = enter(Role.LEADER)
    seen: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
    taken = {}
    for path in (*(f"figures?{query}" for query in VIEWS), f"scorecard?{SPAN}"):
        seen.clear()
        assert desk.page(f"/desk/{path}").status_code == 200, path
        taken[path] = len(seen)
    assert max(taken.values()) <= 34, taken
    for page in ("figures", "scorecard"):
        assert "选的月份没看懂" in desk.page(f"/desk/{page}?from=2026-13&to=x").text
        assert "选的月份没看懂" not in desk.page(f"/desk/{page}?{SPAN}").text
    scorecard = desk.page(f"/desk/scorecard?{SPAN}").text
    assert "生态环境局" in scorecard
    assert "满意率还没有数据" in scorecard
    assert "东河镇" in desk.page(f"/desk/scorecard?kind=town&{SPAN}").text


def test_what_does_not_exist_is_not_found(enter: Enter) -> None:
    desk = enter(Role.LEADER)
    for query in ("kind=town&key=nowhere", "kind=department", "kind=moon&key=1", "kind=category"):
        assert desk.page(f"/desk/figures?{query}").status_code == 404, query


def test_weights_are_changed_on_the_page(app: Flask, enter: Enter) -> None:
    with app.app_context(), transaction():
        seed_weights(START)
    desk = enter(Role.SUPERVISOR)
    page = desk.page("/desk/scorecard?kind=town").text
    on = re.search(r'name="effective_on"[^>]*value="([\d-]+)"', page)
    assert on
    form: dict[str, Any] = {"kind": "town", "effective_on": on[1], "weights[closed_rate]": "55"}
    assert desk.send("/desk/scorecard/weights", **form).status_code == 303
    again = desk.page("/desk/scorecard?kind=town").text
    assert re.search(r'name="weights\[closed_rate\]" value="55"', again)
    refused = desk.send("/desk/scorecard/weights", **{**form, "weights[closed_rate]": "lots"})
    assert refused.status_code == 422
    assert "权重要填0到100的整数" in refused.text
    late = desk.send("/desk/scorecard/weights", **{**form, "effective_on": "2020-01-01"})
    assert late.status_code == 422
    assert enter(Role.LEADER).send("/desk/scorecard/weights", **form).status_code == 403


def test_targets_are_set_beside_the_actual(app: Flask, enter: Enter) -> None:
    with app.app_context():
        at_state(State.HANDLING)
        drain()
    desk = enter(Role.SUPERVISOR)
    form: dict[str, Any] = {
        "year": "2026",
        "unit": "department:sthj",
        "figure": "closed_rate",
        "value": "99",
    }
    assert desk.send("/desk/targets", **form, note="年初责任书").status_code == 303
    page = desk.page("/desk/targets?year=2026").text
    assert "≥99%" in page
    assert "没达到" in page
    assert page.count("年初责任书") == 2
    for changed in (
        {"value": "101"},
        {"value": "much"},
        {"unit": "moon:1"},
        {"figure": "received"},
    ):
        assert desk.send("/desk/targets", **{**form, **changed}).status_code == 422, changed
    assert desk.send("/desk/targets", **{**form, "value": ""}).status_code == 303
    assert "撤销" in desk.page("/desk/targets?year=2026").text
