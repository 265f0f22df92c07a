"""The page of one report: in every state, for everyone who may see it."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.domain.accounts.permissions import Role
from portal.domain.categories.queries import categories_by_codes
from portal.domain.reports.states import State
from portal.domain.reports.support import support_report
from tests.factories import START, at_state, writing
from tests.web.desk.conftest import Enter


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_page(app: Flask, enter: Enter, state: State) -> None:
    desk = enter(Role.TRIAGE, Role.SUPERVISOR, Role.PUBLISHER, Role.REVIEWER, username="all")
    with app.app_context():
        number = at_state(state).number
    page = desk.page(f"/desk/reports/{number}")
    assert page.status_code == 200, page.text
    assert page.text.count("<h1") == 1
    assert number in page.text


def test_the_case_says_how_many_met_it(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    with app.app_context():
        report = at_state(State.PUBLISHED)
        number, report_id = report.number, report.id
        assert "人反映" not in desk.page(f"/desk/reports/{number}").text
        with writing():
            for phone in ("one", "two", "two"):
                support_report(report_id, phone, START)
    assert "3人反映" in desk.page(f"/desk/reports/{number}").text


def test_what_was_answered_stays_when_the_category_is_another(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        report = at_state(State.SUBMITTED)
        with writing():
            report.answers = {"smell": "rotten"}
            report.category = categories_by_codes(["noise.construction"])[0]
        number = report.number
    page = desk.page(f"/desk/reports/{number}").text
    assert "像什么气味？" in page
    assert "腐臭、粪便味" in page
