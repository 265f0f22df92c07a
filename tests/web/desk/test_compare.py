"""Two reports side by side: what is suggested, joining them, telling them apart, who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import Action, State
from portal.web.desk.likenesses import distance_words, marked
from tests.factories import at_state, drain, file, walk
from tests.web.desk.conftest import Enter


@pytest.fixture
def twins(app: Flask, enter: Enter) -> tuple[str, str]:
    """Two reports of the same thing, the first one first."""
    enter(Role.TRIAGE)
    with app.app_context():
        return file(at=now()).number, file(at=now()).number


def test_the_texts_are_marked_where_they_agree() -> None:
    ours, theirs = marked("河边冒黑烟，味道大。", "昨晚河边冒黑烟！")
    assert ours == [("河边冒黑烟", True), ("，味道大。", False)]
    assert theirs == [("昨晚", False), ("河边冒黑烟", True), ("！", False)]
    assert marked("", "有字") == ([], [("有字", False)])


def test_distances_in_words(app: Flask) -> None:
    with app.test_request_context():
        words = [distance_words(m) for m in (None, 3, 84, 1234)]
    assert words == ["同一个村社区", "同一个点", "相距约80米", "相距约1.2公里"]


def test_merge_from_the_comparison(enter: Enter, twins: tuple[str, str]) -> None:
    first, second = twins
    desk = enter(Role.TRIAGE)
    page = desk.page(f"/desk/reports/{second}").text
    assert "可能是同一件" in page
    assert f"/desk/reports/{second}/compare/{first}" in page
    assert "同一类型" in page
    both = desk.page(f"/desk/reports/{second}/compare/{first}").text
    assert "<mark>" in both
    assert f'value="{first}"' in both
    answer = desk.act(second, "merge", main_number=first)
    assert answer.status_code == 303
    assert desk.facts(second)["state"] == State.MERGED
    # Nothing is merged into what is merged; the other way round neither.
    again = desk.page(f"/desk/reports/{first}/compare/{second}").text
    assert 'name="main_number"' not in again
    assert "可能是同一件" not in desk.page(f"/desk/reports/{first}").text


def test_told_apart_is_remembered_and_can_be_taken_back(
    enter: Enter, twins: tuple[str, str]
) -> None:
    first, second = twins
    desk, path = enter(Role.SUPERVISOR), f"/desk/reports/{second}/compare/{first}"
    assert desk.send(f"{path}/apart").status_code == 303
    assert "可能是同一件" not in desk.page(f"/desk/reports/{second}").text
    assert "可能是同一件" not in desk.page(f"/desk/reports/{first}").text
    assert "认为不是同一件" in desk.page(path).text
    assert desk.send(f"{path}/again").status_code == 303
    assert "可能是同一件" in desk.page(f"/desk/reports/{second}").text


def test_who_may_not_merge_gets_no_suggestion_and_no_button(
    enter: Enter, twins: tuple[str, str]
) -> None:
    first, second = twins
    desk, path = enter(Role.REVIEWER), f"/desk/reports/{second}/compare/{first}"
    assert "可能是同一件" not in desk.page(f"/desk/reports/{second}").text
    page = desk.page(path)
    assert page.status_code == 200
    assert "不是同一件" not in page.text
    assert desk.send(f"{path}/apart").status_code == 403


def test_a_report_out_of_sight_cannot_be_compared(app: Flask, enter: Enter) -> None:
    desk = enter(Role.CLERK)
    with app.app_context():
        own, foreign = at_state(State.HANDLING).number, file().number
    for one, two in ((own, foreign), (foreign, own), (own, own)):
        assert desk.page(f"/desk/reports/{one}/compare/{two}").status_code == 404
        assert desk.send(f"/desk/reports/{one}/compare/{two}/apart").status_code == 404


def test_a_repeat_says_so_on_the_case_and_in_the_list(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        earlier = at_state(State.RESOLVED)
        assert earlier.first_resolved_at
        report = walk(file(at=earlier.first_resolved_at + timedelta(days=9)), Action.ACCEPT)
        drain()
        earlier_number, number = earlier.number, report.number
    page = desk.page(f"/desk/reports/{number}").text
    assert "重复投诉" in page
    assert f'href="/desk/reports/{earlier_number}"' in page
    assert "重复投诉" in desk.page("/desk/queue/to-dispatch").text
