"""Notices on the desk: for whoever sees the case."""

from __future__ import annotations

import zipfile
from io import BytesIO

from flask import Flask

from portal.domain.accounts.permissions import Role
from portal.domain.notices.queries import notices_of
from portal.domain.reports.states import State
from tests.factories import at_state
from tests.web.desk.conftest import Enter


def test_staff_read_print_and_download(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        report = at_state(State.DECLINED)
        number, notice = report.number, notices_of(report)[-1].event.id
    case = desk.page(f"/desk/reports/{number}").text
    assert f"/desk/reports/{number}/notices/{notice}" in case
    page = desk.page(f"/desk/reports/{number}/notices/{notice}").text
    assert "不予受理告知书" in page
    file = desk.page(f"/desk/reports/{number}/notices/{notice}.docx")
    assert "UTF-8''%E4%B8%8D" in file.headers["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(file.data)) as opened:
        assert "不予受理告知书" in opened.read("word/document.xml").decode()


def test_a_department_without_the_case_finds_no_notice(app: Flask, enter: Enter) -> None:
    desk = enter(Role.CLERK, department="ly")
    with app.app_context():
        report = at_state(State.RESOLVED)
        number, notice = report.number, notices_of(report)[-1].event.id
    assert desk.page(f"/desk/reports/{number}/notices/{notice}").status_code == 404
    assert desk.page(f"/desk/reports/{number}/notices/{notice}.docx").status_code == 404
