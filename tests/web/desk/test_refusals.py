"""What the desk refuses, and how: stale forms, guards, separation, scope; and what it records."""

from __future__ import annotations

import io
from typing import Any

from flask import Flask

from portal.core.clock import local
from portal.domain.accounts.permissions import Role
from portal.domain.reports.models import Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import Contact
from tests.factories import at_state, file, file_full, jpeg, walk
from tests.web.desk.conftest import Enter

PROPOSAL: dict[str, Any] = {
    "finding": "verified",
    "measures[]": ["order"],
    "reply": "您反映的情况属实，已经办好。",
    "public_text": "经核查属实，已责令改正。",
    "without_parts[]": "1",
}


def found(number: str) -> Report:
    report = report_by_number(number)
    assert report is not None
    return report


def picture() -> tuple[io.BytesIO, str]:
    return io.BytesIO(jpeg()), "after.jpg"


def test_a_stale_form_meets_both_versions(app: Flask, enter: Enter) -> None:
    mine, other = enter(Role.TRIAGE), enter(Role.TRIAGE, username="triage2")
    with app.app_context():
        number = at_state(State.SUBMITTED).number
    version = mine.facts(number)["version"]
    other.act(number, "ask", question="具体在哪个门？")
    late = mine.act(
        number,
        "decline",
        version=version,
        reason_code="too_vague",
        text="说得不清楚，请补充。",
        where_to="12345",
    )
    assert late.status_code == 409
    for words in ("测试triage2", "要求补充", "说得不清楚，请补充。", "情况不清", "待补充"):
        assert words in late.text, words
    assert f'name="version" value="{version + 1}"' in late.text
    again = mine.act(
        number, "decline", reason_code="too_vague", text="说得不清楚，请补充。", where_to="12345"
    )
    assert again.status_code == 303
    wrong = mine.act(number, "accept", track="complaint", deadline_class="ordinary")
    assert wrong.status_code == 409
    assert "现在不能做这一步了" in wrong.text
    problem = mine.act(number, "accept", as_json=True, track="complaint").json
    assert problem is not None
    assert problem["code"] == "wrong_state"


def test_a_form_without_version_is_not_taken(app: Flask, enter: Enter) -> None:
    desk = enter(Role.CLERK)
    with app.app_context():
        number = at_state(State.DISPATCHED).number
    for version in ("", "x"):
        assert desk.act(number, "sign", version=version).status_code == 422
    assert desk.facts(number)["state"] == "dispatched"


def test_a_guard_says_what_is_missing(app: Flask, enter: Enter) -> None:
    clerk = enter(Role.CLERK)
    with app.app_context():
        number = at_state(State.HANDLING, contact=Contact(phone="13800138000")).number
    fields = PROPOSAL
    assert clerk.facts(number)["allowed"][0]["obstacle"]
    refused = clerk.act(number, "propose", **fields)
    assert refused.status_code == 409
    assert "请先联系并记录" in refused.text
    assert PROPOSAL["reply"] in refused.text
    assert (
        clerk.send(f"/desk/reports/{number}/contacts", note="打通了，约好下午去。").status_code
        == 303
    )
    assert clerk.act(number, "propose", **fields).status_code == 303


def test_separation_is_a_friendly_403(app: Flask, enter: Enter) -> None:
    both = enter(Role.CLERK, Role.HEAD, username="both")
    with app.app_context():
        number = at_state(State.HANDLING).number
    assert both.act(number, "propose", **PROPOSAL).status_code == 303
    assert "请另一位负责人报审" in both.page(f"/desk/reports/{number}").text
    refused = both.act(number, "submit")
    assert refused.status_code == 403
    assert "两个人" in refused.text


def test_only_the_lead_signs_an_assist_signs_its_part(app: Flask, enter: Enter) -> None:
    assist = enter(Role.CLERK, department="zhen-01")
    with app.app_context():
        number = at_state(State.DISPATCHED).number
    assert "签收协办" in assist.page(f"/desk/reports/{number}").text
    assert assist.act(number, "sign").status_code == 403
    part = f"/desk/reports/{number}/parts/sign"
    assert assist.send(part).status_code == 303
    assert assist.send(part).status_code == 409
    assert assist.facts(number)["state"] == "dispatched"


def test_foreign_and_unknown_things_are_missing(app: Flask, enter: Enter) -> None:
    stranger, triage = enter(Role.CLERK, department="cg"), enter(Role.TRIAGE)
    with app.app_context():
        number = at_state(State.DISPATCHED).number
    for path in ("actions/sign", "contacts", "checks", "parts/sign"):
        assert (
            stranger.send(f"/desk/reports/{number}/{path}", version=3, note="x").status_code == 404
        )
    assert stranger.json(f"/desk/reports/{number}").status_code == 404
    for action in ("file", "answer", "withdraw", "nonsense"):
        assert triage.send(f"/desk/reports/{number}/actions/{action}", version=3).status_code == 404
    missing = triage.page("/desk/reports/SP260101000100X")
    assert missing.status_code == 404
    assert "返回" in missing.text


def test_calls_and_checks_go_on_record(app: Flask, enter: Enter) -> None:
    clerk, reviewer = enter(Role.CLERK), enter(Role.REVIEWER)
    with app.app_context():
        number = file_full(contact=Contact(name="张三丰", phone="13800138000")).report.number
        walk(found(number), Action.ACCEPT, Action.DISPATCH, Action.SIGN)
    checks = f"/desk/reports/{number}/checks"
    assert clerk.send(checks, note="").status_code == 422
    assert clerk.send(checks, note="到现场看了", photos=[picture()]).status_code == 303
    assert reviewer.send(checks, note="到现场看了").status_code == 403
    assert reviewer.send(f"/desk/reports/{number}/contacts", note="打了").status_code == 403
    page = clerk.page(f"/desk/reports/{number}").text
    assert "到现场看了" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "张三丰" not in page
    with app.app_context():
        assert [p.kind for p in photos_of(found(number))] == ["check"]


def test_programs_read_what_they_may_do(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        report = at_state(State.ACCEPTED)
        number, version = report.number, report.version
        assert report.due_at is not None
        due = local(report.due_at).isoformat(timespec="seconds")
    facts = desk.facts(number)
    assert (facts["number"], facts["state"], facts["version"]) == (number, "accepted", version)
    assert facts["due_at"] == due
    allowed = {a["action"]: {f["name"]: f for f in a["fields"]} for a in facts["allowed"]}
    assert set(allowed) == {"dispatch", "ask", "merge", "split"}
    assert allowed["dispatch"]["lead"]["value"] == "sthj"
    assert "sthj" in allowed["dispatch"]["lead"]["choices"]
    assert allowed["dispatch"]["assists"]["required"] is False
    done = desk.act(number, "dispatch", as_json=True, lead="sthj", note="请查").json
    assert done == {"number": number, "state": "dispatched", "version": version + 1}


def test_what_residents_write_is_never_markup(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = file(
            description="<script>alert(1)</script>很臭。", accused_name="<b>厂</b>"
        ).number
    for path in (f"/desk/reports/{number}", "/desk/queue/to-accept", "/desk/queue/all?q=<script>"):
        page = desk.page(path).text
        assert "<script>alert" not in page
        assert "<b>厂" not in page


def test_photo_rows_keep_their_taker(app: Flask, enter: Enter) -> None:
    clerk = enter(Role.CLERK)
    with app.app_context():
        number = at_state(State.HANDLING, category="air.smoke").number
    fields = PROPOSAL
    assert clerk.act(number, "propose", **fields, after_photos=[picture()]).status_code == 303
    with app.app_context():
        (row,) = photos_of(found(number))
        assert row.by_user_id is not None
        assert row.department_id == found(number).lead_department_id
