"""Queues: who sees what, in which order, with how many statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.reports.models import AccusedDepartment
from portal.domain.reports.states import Action, State
from tests.factories import START, at_state, file, make_department, walk
from tests.web.desk.conftest import Desk, Enter

MOST_STATEMENTS = 12

WHERE = [
    (Role.TRIAGE, State.SUBMITTED, "to-accept"),
    (Role.TRIAGE, State.ACCEPTED, "to-dispatch"),
    (Role.TRIAGE, State.RETURNED, "to-dispatch"),
    (Role.SUPERVISOR, State.RETURNED, "returned"),
    (Role.CLERK, State.DISPATCHED, "to-sign"),
    (Role.CLERK, State.HANDLING, "in-hand"),
    (Role.HEAD, State.HEAD_REVIEW, "to-sign-off"),
    (Role.REVIEWER, State.SUBMITTED_REVIEW, "to-review"),
    (Role.PUBLISHER, State.RESOLVED, "to-publish"),
    (Role.SUPERVISOR, State.PUBLISHED, "to-strike-off"),
    (Role.SUPERVISOR, State.WITHHELD, "to-strike-off"),
]


def listed(desk: Desk, path: str) -> list[str]:
    """The numbers in a queue."""
    found = desk.json(f"/desk/queue/{path}").json
    assert found is not None
    return [report["number"] for report in found["reports"]]


@pytest.mark.parametrize(("role", "state", "queue"), WHERE)
def test_a_report_waits_in_its_queue(
    app: Flask, enter: Enter, role: Role, state: State, queue: str
) -> None:
    desk = enter(role)
    with app.app_context():
        number = at_state(state).number
    assert listed(desk, queue) == [number]
    page = desk.page(f"/desk/queue/{queue}")
    assert page.status_code == 200
    assert f"/desk/reports/{number}" in page.text
    for other in {row[2] for row in WHERE} - {queue, "returned", "to-dispatch"}:
        assert listed(desk, other) == [], other


def test_departments_see_only_what_is_theirs(app: Flask, enter: Enter) -> None:
    lead, assist = enter(Role.CLERK), enter(Role.CLERK, department="zhen-01")
    stranger, head = enter(Role.CLERK, department="cg"), enter(Role.HEAD)
    with app.app_context():
        number = at_state(State.DISPATCHED).number
    assert listed(lead, "to-sign") == listed(assist, "to-sign") == [number]
    assert listed(head, "all") == [number]
    assert listed(stranger, "all") == []
    assert "都办完了" in stranger.page("/desk/queue/all").text


def test_an_accused_department_does_not_see_the_report(app: Flask, enter: Enter) -> None:
    lead = enter(Role.CLERK)
    with app.app_context():
        report = at_state(State.DISPATCHED)
        number = report.number
        with transaction() as write:
            row = AccusedDepartment(report_id=report.id, department_id=make_department("sthj").id)
            write.add(row)
    assert listed(lead, "all") == []
    assert lead.page(f"/desk/reports/{number}").status_code == 404
    assert lead.send(f"/desk/reports/{number}/actions/sign", version=3).status_code == 404


def test_a_grid_officer_sees_the_subtree(app: Flask, enter: Enter) -> None:
    near, far = enter(Role.GRID), enter(Role.GRID, grid_code="999901002")
    with app.app_context():
        number = file().number
    assert listed(near, "all") == [number]
    assert listed(far, "all") == []


def test_filters_narrow_and_name_themselves(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    with app.app_context():
        smell = at_state(State.HANDLING).number
        noise = file("noise.social", description="广场舞音响彻夜不停，无法休息。").number
    assert listed(desk, "all?q=音响") == [noise]
    assert listed(desk, f"all?q={smell.lower()}") == [smell]
    assert listed(desk, "all?category=noise") == [noise]
    assert listed(desk, "all?category=air.odor&state=handling&department=sthj") == [smell]
    assert listed(desk, "all?town=999901002") == []
    assert listed(desk, "all?from=2026-03-10") == []
    assert set(listed(desk, "all?from=2026-03-09&to=2026-03-09")) == {smell, noise}
    assert listed(desk, "all?colour=red&state=submitted") == [noise]
    assert listed(desk, "all?colour=none") == []
    page = desk.page("/desk/queue/all?q=没有这样的话&from=never&colour=none")
    assert "没有找到" in page.text
    assert "“没有这样的话”" in page.text


def test_pages_follow_each_other_without_gap(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context(), transaction():
        filed = [file(at=START + timedelta(minutes=n % 7)).number for n in range(103)]
    for sort in ("due", "new", "old"):
        seen: list[str] = []
        after = ""
        while True:
            answer = desk.json(f"/desk/queue/to-accept?sort={sort}&after={after}").json
            assert answer is not None
            seen += [report["number"] for report in answer["reports"]]
            after = answer["after"]
            if not after:
                break
        assert sorted(seen) == sorted(filed), sort
    assert desk.page("/desk/queue/to-accept?after=nonsense_x").status_code == 200


def test_what_is_still_in_notice_is_shown_on_demand(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    with app.app_context():
        report = at_state(State.PUBLISHED)
        number = report.number
        with transaction():
            db.session.merge(report).notice_ends_at = START + timedelta(days=3650)
    assert listed(desk, "to-strike-off") == []
    assert listed(desk, "to-strike-off?notice=1") == [number]
    assert "公示到" in desk.page("/desk/queue/to-strike-off?notice=1").text


MOST_OF_A_CASE = 17


def statements(app: Flask, desk: Desk, path: str) -> int:
    """How many statements a page takes."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert desk.page(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA", "ROLLBACK"))])


def test_a_queue_takes_few_statements_however_long(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    with app.app_context():
        at_state(State.HANDLING)
    first = statements(app, desk, "/desk/queue/all")
    few = statements(app, desk, "/desk/queue/all")
    with app.app_context(), transaction():
        for _ in range(9):
            walk(file(), Action.ACCEPT, Action.DISPATCH)
    assert statements(app, desk, "/desk/queue/all") == few
    assert few <= MOST_STATEMENTS
    assert first == few + 3  # every 15 seconds the names of the filters: kinds, towns, departments


def test_a_case_takes_as_many_statements_however_long_its_story(app: Flask, enter: Enter) -> None:
    desk = enter(Role.REVIEWER)
    again = (Action.REWORK, Action.PROPOSE, Action.SUBMIT)
    with app.app_context():
        short = at_state(State.SUBMITTED_REVIEW).number
        long = walk(at_state(State.SUBMITTED_REVIEW), *again, *again).number
    desk.page(f"/desk/reports/{short}")  # the sketch map is kept from the first page on
    few = statements(app, desk, f"/desk/reports/{short}")
    assert statements(app, desk, f"/desk/reports/{long}") == few
    assert few <= MOST_OF_A_CASE


@pytest.mark.parametrize(
    ("role", "state"),
    [
        (Role.TRIAGE, State.DECLINED),
        (Role.CLERK, State.HANDLING),
        (Role.HEAD, State.HEAD_REVIEW),
        (Role.LEADER, State.PUBLISHED),
    ],
)
def test_a_case_takes_few_statements(app: Flask, enter: Enter, role: Role, state: State) -> None:
    """What its story does not tell of is not asked for."""
    desk = enter(role)
    with app.app_context():
        number = at_state(state).number
    desk.page(f"/desk/reports/{number}")
    assert statements(app, desk, f"/desk/reports/{number}") <= MOST_OF_A_CASE, role


def test_unknown_queues_are_missing(enter: Enter) -> None:
    assert enter(Role.TRIAGE).page("/desk/queue/nonsense").status_code == 404
