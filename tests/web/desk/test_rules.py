"""The pages of the city's rules: who reads, who sets, what is refused, what it does."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.arithmetic import Span
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.deadlines.queries import open_deadline
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from portal.domain.supervision.rules import pressure_rule, seed_pressure
from portal.domain.triage.repeat_rules import repeat_rules
from tests.factories import at_state, drain
from tests.web.desk.conftest import Enter


def tomorrow() -> date:
    return local(now()).date() + timedelta(days=1)


@pytest.fixture(autouse=True)
def rules(app: Flask, enter: Enter) -> None:
    """The rules every city starts from."""
    enter(Role.TRIAGE)
    with app.app_context(), transaction():
        seed_pressure(date(2026, 1, 1))


def test_pressure_is_set_by_the_supervisor(app: Flask, enter: Enter) -> None:
    boss, clerk = enter(Role.SUPERVISOR), enter(Role.CLERK)
    assert 'name="does"' not in clerk.page("/desk/pressure").text
    assert "黄牌督办，5个工作日内答复" in clerk.page("/desk/pressure").text
    on = tomorrow().isoformat()
    rule = {"clock": "resolve", "colour": "yellow", "does": "red", "answer_days": "2"}
    assert clerk.send("/desk/pressure", effective_on=on, as_json=False, **rule).status_code == 403
    for day, days in (("2020-01-01", "2"), ("soon", "2"), (on, ""), (on, "99")):
        form = {**rule, "answer_days": days, "effective_on": day}
        assert boss.send("/desk/pressure", as_json=False, **form).status_code == 422
    assert boss.send("/desk/pressure", effective_on=on, as_json=False, **rule).status_code == 303
    page = boss.page("/desk/pressure").text
    assert "红牌督办，2个工作日内答复" in page
    with app.app_context():
        coming = pressure_rule(Clock.RESOLVE, Colour.YELLOW, tomorrow())
        assert coming is not None
        rule_id = coming.id
    back = f"/desk/pressure/{rule_id}/take-back"
    assert back in page
    assert clerk.send(back).status_code == 403
    assert boss.send(back).status_code == 303
    assert boss.send(back).status_code == 404


def test_office_hours_move_what_runs_by_them(app: Flask, enter: Enter) -> None:
    boss, clerk = enter(Role.SUPERVISOR), enter(Role.CLERK)
    with app.app_context():
        # Four working hours from 17:00 on: they end on a day to come, whatever day this is.
        evening = local(now()).replace(hour=16, minute=45)
        number = at_state(State.DISPATCHED, at=evening).number
    hours = {"opens": "09:00", "pauses": "10:00", "resumes": "", "closes": ""}
    on = tomorrow().isoformat()
    path = "/desk/office-hours"
    assert clerk.send(path, effective_on=on, as_json=False, **hours).status_code == 403
    for wrong in ({"opens": "25:00"}, {"pauses": ""}, {"pauses": "08:00"}, {"resumes": "14:00"}):
        form = {**hours, **wrong}
        assert boss.send(path, effective_on=on, as_json=False, **form).status_code == 422
    overlap = {**hours, "resumes": "09:30", "closes": "11:00"}
    assert boss.send(path, effective_on=on, as_json=False, **overlap).status_code == 422
    past = local(now()).date().isoformat()
    assert boss.send(path, effective_on=past, as_json=False, **hours).status_code == 422
    before = due_of(app, number)
    assert boss.send(path, effective_on=on, as_json=False, **hours).status_code == 303
    with app.app_context():
        newest = work_calendar().office_hours[-1]
        assert (newest.effective_from, newest.spans) == (tomorrow(), (Span(time(9), time(10)),))
        drain()
    assert due_of(app, number) > before, "an hour a day: four of them take longer"
    assert "09:00–10:00" in clerk.page(path).text
    assert clerk.send(f"{path}/{on}/take-back").status_code == 403
    assert boss.send(f"{path}/{on}/take-back").status_code == 303
    with app.app_context():
        drain()
    assert due_of(app, number) == before
    for gone in (on, "soon"):
        assert boss.send(f"{path}/{gone}/take-back").status_code == 404


def test_repeats_are_set_by_the_supervisor(app: Flask, enter: Enter) -> None:
    boss, clerk, path = enter(Role.SUPERVISOR), enter(Role.CLERK), "/desk/repeats"
    assert "500" in clerk.page(path).text
    assert 'name="metres"' not in clerk.page(path).text
    on = tomorrow().isoformat()
    rule = {"category": "air.dust", "metres": "333", "days": "90", "effective_on": on}
    assert clerk.send(path, as_json=False, **rule).status_code == 403
    for wrong in (
        {"category": "air.nothing"}, {"metres": ""}, {"metres": "9999"}, {"days": "0"},
        {"effective_on": "2020-01-01"},
    ):  # fmt: skip
        form = {**rule, **wrong}
        assert boss.send(path, as_json=False, **form).status_code == 422, wrong
    assert boss.send(path, as_json=False, **rule).status_code == 303
    page = boss.page(path).text
    assert "333米" in page
    with app.app_context():
        (row,) = repeat_rules()
        assert (row.category_code, row.metres, row.days) == ("air.dust", 333, 90)
        back = f"{path}/{row.id}/take-back"
    assert back in page
    assert clerk.send(back).status_code == 403
    assert boss.send(back).status_code == 303
    general = {**rule, "category": "all"}
    assert boss.send(path, as_json=False, **general).status_code == 303
    with app.app_context():
        assert repeat_rules()[0].category_code == ""


def due_of(app: Flask, number: str) -> datetime:
    """When the lead has to have signed."""
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        term = open_deadline(report.id, Clock.SIGN)
        assert term is not None
        return term.due_at
