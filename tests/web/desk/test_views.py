"""Lists kept under a name: one's own, with exact counts, on the same few statements."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from portal.domain.casework import desk_queries
from portal.domain.casework.saved_views import MOST_VIEWS
from portal.domain.reports.states import State
from portal.web.desk import view_tabs
from tests.factories import at_state, file
from tests.web.desk.conftest import Desk, Enter
from tests.web.desk.test_queues import statements

SMELLS = "/desk/queue/to-accept?category=air.odor&sort=old"
KEPT: dict[str, Any] = {"back": "to-accept?sort=old&category=air.odor&after=1_2", "name": "异味"}


def tab(desk: Desk, name: str, path: str = "/desk/queue/all") -> tuple[str, str]:
    """Where the tab of a view leads, and how many it holds; empty when there is none."""
    text = desk.page(path).text
    pattern = rf'<a href="([^"]+)"( aria-current="page")?>{name}<b>([\d,+]+)</b>'
    found = re.search(pattern, text)
    return (found[1].replace("&amp;", "&"), found[3]) if found else ("", "")


def test_a_list_is_kept_with_its_count(app: Flask, enter: Enter) -> None:
    desk, other = enter(Role.TRIAGE), enter(Role.SUPERVISOR)
    with app.app_context(), transaction():
        file()
        file()
        file("noise.social")
    assert "存为视图" in desk.page(SMELLS).text
    kept = desk.send("/desk/views", **KEPT)
    assert (kept.status_code, kept.location) == (303, SMELLS)
    assert tab(desk, "异味") == (SMELLS, "2")
    assert tab(other, "异味") == ("", "")
    here = desk.page(SMELLS).text
    assert "存为视图" not in here
    assert here.count('aria-current="page"') == 2  # in the rail, and the view alone of the tabs
    desk.send("/desk/views", **{**KEPT, "name": "臭味"})
    assert tab(desk, "异味") == ("", "")
    assert tab(desk, "臭味") == (SMELLS, "2")


def test_views_are_renamed_and_deleted_by_their_owner_alone(enter: Enter) -> None:
    desk, other = enter(Role.TRIAGE), enter(Role.SUPERVISOR)
    desk.send("/desk/views", **KEPT)
    path = re.search(r'action="(/desk/views/\d+)"', desk.page("/desk/views").text)
    assert path is not None
    assert other.send(path[1], name="我的").status_code == 404
    assert other.send(f"{path[1]}/delete").status_code == 404
    desk.send(path[1], name="  夜间   异味 ")
    assert tab(desk, "夜间 异味")[0] == SMELLS
    assert "最多20个字" in desk.client.get(desk.send(path[1], name="长" * 21).location).text
    assert desk.send(f"{path[1]}/delete").status_code == 303
    assert "还没有视图" in desk.page("/desk/views").text


def test_a_view_needs_a_name_a_queue_and_room(enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    assert desk.send("/desk/views", name="x", back="nonsense").status_code == 404
    refused = desk.send("/desk/views", **{**KEPT, "name": "  "})
    assert "起个名字" in desk.page(refused.location).text
    kept = [
        desk.send("/desk/views", name=f"第{n}", back=f"all?q=词{n}") for n in range(MOST_VIEWS + 1)
    ]
    assert "最多存12个视图" in desk.page(kept[-1].location).text
    assert tab(desk, f"第{MOST_VIEWS}") == ("", "")


def test_counts_are_exact_up_to_a_bound(
    app: Flask, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context(), transaction():
        for _ in range(4):
            file()
    desk.send("/desk/views", **KEPT)
    assert tab(desk, "异味")[1] == "4"
    monkeypatch.setattr(view_tabs, "MOST_EXACT", 3)
    assert tab(desk, "异味")[1] == "3+"
    assert desk_queries.MOST_EXACT == 10_000


def test_views_cost_the_same_however_many(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    desk.send("/desk/views", **KEPT)
    desk.page("/desk/queue/all")  # the names of the filters are kept for a while
    one = statements(app, desk, "/desk/queue/all")
    for n in range(5):
        desk.send("/desk/views", name=f"第{n}", back=f"all?q=词{n}")
    assert statements(app, desk, "/desk/queue/all") == one


def share(desk: Desk, role: str) -> str:
    """Share the last view of the page with a role; the words that the page then says."""
    paths = re.findall(r'action="(/desk/views/\d+)"', desk.page("/desk/views").text)
    sent = desk.send(f"{paths[-1]}/share", role=role)
    return desk.page(sent.location).text if sent.status_code == 303 else str(sent.status_code)


def shared_tab(desk: Desk, name: str) -> str:
    """How many the tab of a shared view holds; empty when there is none."""
    text = desk.page("/desk/queue/all").text
    found = re.search(rf'title="[^"]+共享的">(?:<svg.*?</svg>)?{name}<b>([\d,+]+)</b>', text)
    return found[1] if found else ""


def test_a_head_shares_with_the_own_department(app: Flask, enter: Enter) -> None:
    head, clerk = enter(Role.HEAD), enter(Role.CLERK)
    stranger, other_head = enter(Role.CLERK, department="cg"), enter(Role.HEAD, username="head2")
    with app.app_context():
        at_state(State.HANDLING)
        at_state(State.SUBMITTED)
    head.send("/desk/views", back="all?category=air", name="本局大气")
    assert "共享了" in share(head, "clerk")
    assert shared_tab(clerk, "本局大气") == "1", "counted in the reader's own scope"
    assert shared_tab(stranger, "本局大气") == ""
    assert shared_tab(other_head, "本局大气") == ""
    assert "不能共享给这个岗位" in share(head, "supervisor")
    assert "同事共享的" in clerk.page("/desk/views").text
    assert "只有您自己看得到了" in share(head, "")
    assert shared_tab(clerk, "本局大气") == ""


def test_a_shared_view_is_its_owners_alone_to_change(app: Flask, enter: Enter) -> None:
    triage, leader = enter(Role.TRIAGE), enter(Role.LEADER)
    with app.app_context():
        file()
    triage.send("/desk/views", **KEPT)
    assert "共享了" in share(triage, "leader")
    assert shared_tab(leader, "异味") == "1"
    (path,) = re.findall(r'action="(/desk/views/\d+)"', triage.page("/desk/views").text)
    for what in (path, f"{path}/delete", f"{path}/share"):
        assert leader.send(what, name="我的", role="clerk").status_code == 404
    assert triage.send(f"{path}/share", role="nonsense").status_code == 404
    leader.send("/desk/views", **KEPT)
    assert tab(leader, "异味")[1] == "1", "one's own stands for the same list"
    assert shared_tab(leader, "异味") == ""


def test_who_may_share(enter: Enter) -> None:
    for role, answer in ((Role.CLERK, "403"), (Role.REVIEWER, "403"), (Role.LEADER, "403")):
        desk = enter(role)
        desk.send("/desk/views", back="all?q=x", name="我的")
        assert share(desk, "clerk") == answer, role
        assert "共享</button>" not in desk.page("/desk/views").text


def test_a_view_of_somebody_who_left_is_gone(app: Flask, enter: Enter) -> None:
    triage, leader = enter(Role.TRIAGE), enter(Role.LEADER)
    triage.send("/desk/views", **KEPT)
    share(triage, "leader")
    assert shared_tab(leader, "异味") == "0"
    with app.app_context(), transaction():
        owner = user_by_name("triage")
        assert owner is not None
        owner.is_active = False
    assert shared_tab(leader, "异味") == ""
