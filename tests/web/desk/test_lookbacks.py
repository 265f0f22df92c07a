"""The pages of looking back: whose list, the form without script, the star, the share."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.lookback.planning import plan_look_backs, planned_for
from portal.domain.lookback.sampling import percent_for
from portal.domain.lookback.starring import star_report
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from tests.factories import (
    LEAD,
    OTHER_VILLAGE,
    PATHS,
    TOWN,
    VILLAGE,
    at_state,
    file,
    jpeg,
    staff,
    walk,
    writing,
)
from tests.web.desk.conftest import Enter


@pytest.fixture
def planned(app: Flask) -> tuple[str, int]:
    """Number and id of a look-back that was due a while ago."""
    with app.app_context():
        report = walk(file(at=now() - timedelta(days=90)), *PATHS[State.DEREGISTERED])
        with writing():
            star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=report.state_since)
            plan_look_backs(report, report.state_since)
        return report.number, planned_for(report)[0].id


def path_of(planned: tuple[str, int]) -> str:
    return f"/desk/lookbacks/{planned[1]}"


def test_whose_list_it_is_on(enter: Enter, planned: tuple[str, int]) -> None:
    for desk, status in (
        (enter(Role.REVIEWER), 200),
        (enter(Role.GRID, grid_code=VILLAGE), 200),
        (enter(Role.GRID, grid_code=OTHER_VILLAGE, username="far"), 404),
        (enter(Role.CLERK), 404),
        (enter(Role.PUBLISHER), 404),
        (enter(Role.ADMIN), 404),
    ):
        assert desk.page(path_of(planned)).status_code == status
        shown = desk.page("/desk/lookbacks")
        assert (path_of(planned) in shown.text) is (status == 200)
        assert shown.status_code in {200, 403}
        if status == 404:
            sent = desk.send(path_of(planned), outcome="passed")
            assert sent.status_code == 404


def test_the_supervisor_reads_but_does_not_go(enter: Enter, planned: tuple[str, int]) -> None:
    boss = enter(Role.SUPERVISOR)
    page = boss.page(path_of(planned))
    assert page.status_code == 200
    assert 'name="outcome"' not in page.text
    assert boss.send(path_of(planned), outcome="passed").status_code == 403


def test_the_department_that_handled_it_is_refused(enter: Enter, planned: tuple[str, int]) -> None:
    inside = enter(Role.REVIEWER, department=LEAD, username="insider")
    assert path_of(planned) not in inside.page("/desk/lookbacks").text
    page = inside.page(path_of(planned))
    assert "办过这一件的单位" in page.text
    assert 'name="outcome"' not in page.text
    assert inside.send(path_of(planned), outcome="passed").status_code == 403


def test_the_plain_form(app: Flask, enter: Enter, planned: tuple[str, int]) -> None:
    desk = enter(Role.GRID, grid_code=TOWN)
    page = desk.page(path_of(planned)).text
    assert 'capture="environment"' in page
    done = desk.send(
        path_of(planned),
        outcome="failed",
        note="夜里又在排。",
        lat="30.4010",
        lng="112.4000",
        accuracy_m="8",
        camera=(io.BytesIO(jpeg()), "a.jpg"),
    )
    assert (done.status_code, done.location) == (303, "/desk/lookbacks")
    with app.app_context():
        report = report_by_number(planned[0])
        assert report is not None
        assert report.state == State.HANDLING
        assert len(photos_of(report, PhotoKind.LOOKBACK)) == 1
    shown = desk.page(path_of(planned)).text
    assert "离所报地点约111米" in shown
    assert "又反弹了" in shown


@pytest.mark.parametrize("typed", ["", "nan", "inf", "x", "91"])
def test_a_position_that_makes_no_sense_is_left_out(
    enter: Enter, planned: tuple[str, int], typed: str
) -> None:
    desk = enter(Role.REVIEWER)
    done = desk.send(path_of(planned), outcome="passed", lat=typed, lng="112.4", accuracy_m="nan")
    assert done.status_code == 303
    assert "没有记下位置" in desk.page(path_of(planned)).text


def test_what_is_missing_is_said_and_the_rest_kept(
    app: Flask, enter: Enter, planned: tuple[str, int]
) -> None:
    desk = enter(Role.REVIEWER)
    picture: dict[str, Any] = {"photos": (io.BytesIO(jpeg()), "a.jpg")}
    unanswered = desk.send(path_of(planned), note="水清了。", **picture)
    assert unanswered.status_code == 422
    assert 'href="#visit-outcome"' in unanswered.text
    assert "水清了。" in unanswered.text
    assert "已经传上1张" in unanswered.text
    silent = desk.send(path_of(planned), outcome="failed")
    assert silent.status_code == 422
    assert "请拍一张，或者写几个字" in silent.text
    assert desk.send(path_of(planned), outcome="maybe").status_code == 422
    wrong = desk.send(path_of(planned), outcome="passed", photos=(io.BytesIO(b"text"), "a.txt"))
    assert wrong.status_code == 422


def test_a_second_answer_is_refused(enter: Enter, planned: tuple[str, int]) -> None:
    desk = enter(Role.REVIEWER)
    assert desk.send(path_of(planned), outcome="passed").status_code == 303
    late = desk.send(path_of(planned), outcome="failed", note="又反弹")
    assert late.status_code == 409
    assert "已经有结果" in late.text


def test_the_record(enter: Enter, planned: tuple[str, int]) -> None:
    desk, record = enter(Role.REVIEWER), f"{path_of(planned)}/record"
    assert desk.page(record).status_code == 404, "nobody went there yet"
    form: dict[str, Any] = {
        "note": "设备在运行。",
        "lat": "30.4010",
        "lng": "112.4000",
        "accuracy_m": "8",
    }
    desk.send(path_of(planned), outcome="passed", **form)
    assert record in desk.page(path_of(planned)).text
    page = desk.page(record).text
    for words in (
        planned[0],
        "重点件，必看",
        "所见：设备在运行。",
        "离所报地点约111米",
        "没有反弹，整改有效。",
    ):
        assert words in page
    file = desk.page(f"{record}.docx")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.data[:2] == b"PK"
    for stranger in (enter(Role.CLERK), enter(Role.GRID, grid_code=OTHER_VILLAGE, username="far")):
        assert stranger.page(record).status_code == 404
        assert stranger.page(f"{record}.docx").status_code == 404


def test_the_star_on_the_case(app: Flask, enter: Enter) -> None:
    with app.app_context():
        number = at_state(State.HANDLING).number
    boss, other = enter(Role.SUPERVISOR), enter(Role.REVIEWER)
    path = f"/desk/reports/{number}/star"
    assert "定为重点件" not in other.page(f"/desk/reports/{number}").text
    assert other.send(path, starred="1").status_code == 403
    assert boss.send(path, starred="1").status_code == 303
    assert "重点件" in other.page(f"/desk/reports/{number}").text
    assert "取消重点件" in boss.page(f"/desk/reports/{number}").text
    assert boss.send(path, starred="0").status_code == 303
    assert "取消重点件" not in boss.page(f"/desk/reports/{number}").text
    assert boss.send("/desk/reports/SP000000000000X/star", starred="1").status_code == 404


def test_the_share_is_the_supervisors(app: Flask, enter: Enter) -> None:
    boss = enter(Role.SUPERVISOR)
    assert enter(Role.REVIEWER).send("/desk/lookbacks/share", percent="30").status_code == 403
    for wrong in ("0", "101", "", "many"):
        assert boss.send("/desk/lookbacks/share", percent=wrong).status_code == 422
    assert boss.send("/desk/lookbacks/share", percent="30").status_code == 303
    with app.app_context():
        assert percent_for(now().date()) == 30
