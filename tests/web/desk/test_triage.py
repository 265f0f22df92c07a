"""The list with a report beside it: what opens, what a step leads to, and how little it reads."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import Flask

from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.timeline.queries import events_of
from tests.factories import at_state, file, make_category, walk
from tests.web.desk.conftest import Desk, Enter
from tests.web.desk.test_queues import statements

QUEUE = "/desk/queue/to-accept"
_VALUE = re.compile(r'name="{}" value="([^"]*)"'.replace("{}", "(version|then|back)"))
MOST_STATEMENTS = 45


def numbers(count: int) -> list[str]:
    """The numbers of so many reports just filed, the oldest first."""
    with transaction():
        return [file().number for _ in range(count)]


def opened(text: str) -> str:
    """The number of the report beside the list; empty when there is none."""
    found = re.search(r'data-pane data-number="(\w+)"', text)
    return found[1] if found else ""


def hidden(text: str) -> dict[str, Any]:
    """What the form beside the list carries unseen."""
    return {name: unescape(value) for name, value in _VALUE.findall(text.partition("data-step")[2])}


def ordinary(**more: str) -> dict[str, Any]:
    """The words of an ordinary accept and dispatch."""
    given: dict[str, Any] = {
        "track": "complaint",
        "deadline_class": "ordinary",
        "category": "air.odor",
    }
    return {**given, "lead": "sthj", "assists[]": "zhen-01", "note": "请查处。", **more}


def take_on(desk: Desk, number: str, **more: str) -> tuple[int, str]:
    """Accept and dispatch beside the list: the status, and where it led or what it said."""
    page = desk.page(f"{QUEUE}?open={number}&do=take_on").text
    sent = desk.send(f"/desk/reports/{number}/actions/take_on", **ordinary(**hidden(page), **more))
    return sent.status_code, sent.location or sent.text


def test_the_first_report_stands_open_for_those_who_triage(app: Flask, enter: Enter) -> None:
    desk, reader = enter(Role.TRIAGE), enter(Role.SUPERVISOR)
    with app.app_context():
        first, second = numbers(2)
    assert opened(desk.page(QUEUE).text) == first
    assert opened(desk.page(f"{QUEUE}?open={second}").text) == second
    assert opened(desk.page("/desk/queue/all").text) == ""
    assert opened(desk.page(f"/desk/queue/all?open={first}").text) == first
    assert opened(reader.page(QUEUE).text) == ""
    assert "take_on" not in reader.page(f"{QUEUE}?open={first}").text


def test_a_script_gets_the_report_alone(app: Flask, enter: Enter) -> None:
    desk, stranger = enter(Role.TRIAGE), enter(Role.CLERK, department="cg")
    with app.app_context():
        number = numbers(1)[0]
    part = {"X-Part": "pane"}
    alone = desk.client.get(f"{QUEUE}?open={number}&do=ask", headers=part)
    assert opened(alone.text) == number
    assert "actions/ask" in alone.text
    assert "<h1" not in alone.text
    assert stranger.client.get(f"{QUEUE}?open={number}", headers=part).status_code == 404
    assert desk.client.get(f"{QUEUE}?open=SP000", headers=part).status_code == 404


def test_one_form_accepts_and_dispatches_and_opens_the_next(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        first, second, _third = numbers(3)
    status, led = take_on(desk, first)
    assert (status, led) == (303, f"{QUEUE}?open={second}")
    facts = desk.facts(first)
    assert (facts["state"], facts["lead"], facts["assists"]) == ("dispatched", "sthj", ["zhen-01"])
    with app.app_context():
        report = report_by_number(first)
        assert report is not None
        kinds = [event.kind for event in events_of("report", report.id)]
    assert kinds == [Action.FILE, Action.ACCEPT, Action.DISPATCH]
    assert "已受理、交办" in desk.page(led).text


def test_neither_step_happens_when_the_second_is_refused(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = numbers(1)[0]
    status, page = take_on(desk, number, **{"accused[]": "sthj"})
    assert status == 409
    assert "被举报的单位不能主办" in page
    assert opened(page) == number
    assert desk.facts(number)["state"] == "submitted"


def test_what_is_wrong_is_told_beside_the_list(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        first, second = numbers(2)
    carried = hidden(desk.page(f"{QUEUE}?q=&sort=old&open={second}&do=decline").text)
    assert carried["back"] == "to-accept?sort=old"
    answer = desk.send(f"/desk/reports/{second}/actions/decline", text="不归我们管。", **carried)
    assert answer.status_code == 422
    assert opened(answer.text) == second
    assert first in answer.text
    assert "不归我们管。" in answer.text


def test_a_stale_form_beside_the_list_shows_both_versions(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = numbers(1)[0]
    page = desk.page(f"{QUEUE}?open={number}&do=take_on").text
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        walk(report, Action.ASK, Action.ANSWER)
    form = ordinary(**hidden(page), note="先查夜间排放。")
    stale = desk.send(f"/desk/reports/{number}/actions/take_on", **form)
    assert stale.status_code == 409
    assert "先查夜间排放。" in stale.text
    assert "在现在的基础上，按我填的办" in stale.text
    again = hidden(stale.text.replace("data-once", "data-step"))
    done = desk.send(f"/desk/reports/{number}/actions/take_on", **{**form, **again})
    assert done.status_code == 303
    assert done.location.startswith(QUEUE)
    assert desk.facts(number)["state"] == "dispatched"


def test_a_form_leads_nowhere_but_to_a_queue(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = numbers(1)[0]
    form = ordinary(version="1", back="//evil.example/x?open=1")
    done = desk.send(f"/desk/reports/{number}/actions/take_on", **form)
    assert done.location == f"/desk/reports/{number}"


def test_only_triage_takes_on(app: Flask, enter: Enter) -> None:
    supervisor = enter(Role.SUPERVISOR)
    with app.app_context():
        number = numbers(1)[0]
    sent = supervisor.send(f"/desk/reports/{number}/actions/take_on", **ordinary(version="1"))
    assert sent.status_code == 403


def test_another_kind_gets_another_guess(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        make_category("air.dust")
        number = numbers(1)[0]
    page = desk.page(f"{QUEUE}?open={number}&do=take_on&kind=air.dust").text
    assert re.search(r'<option value="air.dust" selected', page)


def test_a_step_that_is_not_offered_opens_no_form(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = at_state(State.HANDLING).number
    page = desk.page(f"/desk/queue/all?open={number}&do=take_on")
    assert page.status_code == 200
    assert "data-step" not in page.text
    assert desk.page(f"/desk/queue/all?open={number}&do=nonsense").status_code == 200


def test_a_monday_of_three_hundred_takes_as_many_statements_as_five(
    app: Flask, enter: Enter
) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        numbers(5)  # the first with as many look-alikes as are shown
    desk.page(QUEUE)  # the sketch map is kept from the first page on
    few = statements(app, desk, QUEUE)
    with app.app_context():
        numbers(295)
    assert statements(app, desk, QUEUE) == few
    assert few <= MOST_STATEMENTS
