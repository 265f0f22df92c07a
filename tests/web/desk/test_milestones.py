"""Reporting progress on a plan over HTTP, and what the reporter then reads."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask

from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import current_plan
from portal.domain.reports.states import State
from tests.factories import at_state, jpeg
from tests.web.desk.conftest import Enter


def test_progress_is_reported_and_shown(app: Flask, enter: Enter) -> None:
    clerk = enter(Role.CLERK)
    with app.app_context():
        report = at_state(State.STAGE_CLOSED)
        number, plan = report.number, current_plan(report)
        assert plan is not None
        first = plan.milestones[0].id
    path = f"/desk/reports/{number}/milestones/{first}"
    assert "报告进展" in clerk.page(f"/desk/reports/{number}").text
    bare = clerk.send(path, told="马上好。", photos=(io.BytesIO(jpeg()), "a.jpg"))
    assert bare.status_code == 422
    assert "马上好。" in bare.text
    assert 'name="photo_ids[]"' in bare.text, "the photo is kept"
    done: dict[str, Any] = {"done[]": "1", "told": "设备到了。"}
    sent = clerk.send(path, note="已经到货", **done)
    assert sent.status_code == 303
    page = clerk.page(f"/desk/reports/{number}").text
    assert "2步做完1步" in page
    assert "报告整改进展" in page
    assert clerk.send(path, note="再说一遍").status_code == 409
    assert clerk.send(f"/desk/reports/{number}/milestones/9999", note="没有").status_code == 404


def test_who_may_what(app: Flask, enter: Enter) -> None:
    with app.app_context():
        enter(Role.TRIAGE)
        report = at_state(State.STAGE_CLOSED)
        plan = current_plan(report)
        assert plan is not None
        path = f"/desk/reports/{report.number}/milestones/{plan.milestones[0].id}"
    answers = {
        Role.TRIAGE: 403,
        Role.REVIEWER: 403,
        Role.SUPERVISOR: 403,
        Role.LEADER: 403,
        Role.AUDITOR: 404,
        Role.HEAD: 303,
    }
    for role, status in answers.items():
        assert enter(role).send(path, note="到货了").status_code == status, role
    assert enter(Role.CLERK, department="cg").send(path, note="到货了").status_code == 404
    assert enter(Role.CLERK, department="zhen-01").send(path, note="到货了").status_code == 403
