"""Taking steps over HTTP: every action with the field names of contracts.md, and every refusal."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import current_finding, current_plan
from portal.domain.publication.models import PublicCopy
from portal.domain.reports.models import PhotoStatus, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.tracking import report_by_number
from portal.web.desk.steps import STEPS
from tests.factories import at_state, file, jpeg, photo, walk
from tests.web.desk.conftest import Enter

TEXTS = {
    "reply": "您反映的情况属实，已经办好。",
    "public_text": "经核查属实，已责令改正。",
    "without_parts[]": "1",
}
FIELDS: dict[Action, tuple[Role, State, State, dict[str, Any]]] = {
    Action.ASK: (Role.TRIAGE, State.SUBMITTED, State.NEED_INFO, {"question": "几点最明显？"}),
    Action.ACCEPT: (
        Role.TRIAGE,
        State.SUBMITTED,
        State.ACCEPTED,
        {"track": "complaint", "deadline_class": "urgent", "accused[]": ["cg"]},
    ),
    Action.DECLINE: (
        Role.TRIAGE,
        State.SUBMITTED,
        State.DECLINED,
        {"reason_code": "other_authority", "text": "这件事归公安局管。", "where_to": "打110"},
    ),
    Action.SPLIT: (
        Role.TRIAGE,
        State.ACCEPTED,
        State.ACCEPTED,
        {"parts[]": ["夜间噪声扰民。", "污水直排河道。", ""]},
    ),
    Action.DISPATCH: (
        Role.TRIAGE,
        State.ACCEPTED,
        State.DISPATCHED,
        {"lead": "sthj", "assists[]": ["cg", "zhen-01"], "note": "请查"},
    ),
    Action.SIGN: (Role.CLERK, State.DISPATCHED, State.HANDLING, {}),
    Action.PROPOSE: (
        Role.CLERK,
        State.HANDLING,
        State.HEAD_REVIEW,
        {"finding": "verified", "measures[]": ["order", "fine"], "fine_yuan": "20000", **TEXTS},
    ),
    Action.SEND_BACK: (Role.HEAD, State.HEAD_REVIEW, State.HANDLING, {"reason": "照片不清"}),
    Action.SUBMIT: (Role.HEAD, State.HEAD_REVIEW, State.SUBMITTED_REVIEW, {}),
    Action.REWORK: (Role.REVIEWER, State.SUBMITTED_REVIEW, State.HANDLING, {"reason": "补照片"}),
    Action.STAGE_CLOSE: (
        Role.REVIEWER,
        State.SUBMITTED_REVIEW,
        State.STAGE_CLOSED,
        {"plan": "分两步改造。", "milestones[]": ["2030-01-31 设备到场", "2030-06-30 验收"]},
    ),
    Action.RESUME: (Role.REVIEWER, State.STAGE_CLOSED, State.HANDLING, {}),
    Action.RESOLVE: (Role.REVIEWER, State.SUBMITTED_REVIEW, State.RESOLVED, {}),
    Action.PUBLISH: (Role.PUBLISHER, State.RESOLVED, State.PUBLISHED, {"place_rounding": "3"}),
    Action.WITHHOLD: (
        Role.PUBLISHER,
        State.RESOLVED,
        State.WITHHELD,
        {"ground_code": "privacy"},
    ),
    Action.DEREGISTER: (
        Role.SUPERVISOR,
        State.PUBLISHED,
        State.DEREGISTERED,
        {"acceptance_note": "现场验收合格"},
    ),
    Action.REOPEN: (
        Role.SUPERVISOR,
        State.PUBLISHED,
        State.HANDLING,
        {"reason_code": "rebound"},
    ),
}


def found(number: str) -> Report:
    report = report_by_number(number)
    assert report is not None
    return report


@pytest.mark.parametrize("action", FIELDS)
def test_every_action_works_with_its_fields(app: Flask, enter: Enter, action: Action) -> None:
    role, before, after, fields = FIELDS[action]
    desk = enter(role)
    stranger = enter(Role.PUBLISHER if role is Role.REVIEWER else Role.REVIEWER)
    with app.app_context():
        number = at_state(before).number
    assert stranger.act(number, action, **fields).status_code == 403
    refused = stranger.act(number, action, as_json=True, **fields)
    assert refused.content_type.startswith("application/problem+json")
    assert desk.facts(number)["state"] == before
    taken = desk.act(number, action, **fields)
    assert (taken.status_code, taken.location) == (303, f"/desk/reports/{number}"), taken.text
    assert desk.facts(number)["state"] == after
    assert desk.page(taken.location).status_code == 200


def test_the_desk_takes_every_step_of_staff() -> None:
    assert set(STEPS) == {action for action, step in WORKFLOW.items() if step.roles} - {Action.FILE}
    for action, step in STEPS.items():
        for name in WORKFLOW[action].required:
            assert name in step.form(), (action, name)


NEEDED = {
    action: [
        name
        for name in WORKFLOW[action].required
        if name not in STEPS[action].form.conditional
        and name in {field.removesuffix("[]") for field in row[3]}
    ]
    for action, row in FIELDS.items()
}


@pytest.mark.parametrize("action", [action for action, names in NEEDED.items() if names])
def test_a_missing_field_is_422_and_the_rest_is_kept(
    app: Flask, enter: Enter, action: Action
) -> None:
    role, before, _after, fields = FIELDS[action]
    desk = enter(role)
    with app.app_context():
        number = at_state(before).number
    for name in NEEDED[action]:
        left = {key: value for key, value in fields.items() if key.removesuffix("[]") != name}
        missing = desk.act(number, action, **left)
        assert missing.status_code == 422
        assert f'href="#{action}-{name}"' in missing.text
        for value in left.values():
            for words in value if isinstance(value, list) else [value]:
                assert words in missing.text, words
        problem = desk.act(number, action, as_json=True, **left).json
        assert problem is not None
        assert name in problem["errors"]
    assert desk.facts(number)["state"] == before


def test_return_rule_merge_and_unmerge(app: Flask, enter: Enter) -> None:
    head, triage, chief = enter(Role.HEAD), enter(Role.TRIAGE), enter(Role.SUPERVISOR)
    with app.app_context():
        number = file(at=now()).number
        main = walk(file(at=now()), Action.ACCEPT).number
    triage.act(number, "accept", track="complaint", deadline_class="ordinary")
    back = {"legal_basis": "噪声污染防治法第八条", "proposed_department": "ga"}
    for turn in ("first", "second"):
        sent = triage.act(number, "dispatch", lead="sthj", note="请查")
        assert sent.status_code == 303, turn
        assert head.act(number, "return", **back).status_code == 303, turn
    allowed = {a["action"] for a in triage.facts(number)["allowed"]}
    assert "dispatch" not in allowed
    assert chief.act(number, "rule", lead="ga", reasons="社会噪声归公安").status_code == 303
    assert triage.facts(number)["lead"] == "ga"
    assert head.page(f"/desk/reports/{number}").status_code == 404
    typed = f"{main[:4].lower()} {main[4:]}"
    assert triage.act(number, "merge", main_number=typed).status_code == 303
    assert main in triage.page(f"/desk/reports/{number}").text
    assert number in triage.page(f"/desk/reports/{main}").text
    assert triage.act(number, "unmerge").status_code == 303
    assert triage.facts(number)["state"] == "accepted"


def test_an_open_category_must_be_settled(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    with app.app_context():
        number = file("noise", description="夜里一直很吵，说不清哪里来的。").number
    fields = {"track": "complaint", "deadline_class": "ordinary"}
    needed = {f["name"]: f["required"] for f in desk.facts(number)["allowed"][0]["fields"]}
    assert needed == {"track": True, "deadline_class": True, "category": True, "grid_code": False}
    refused = desk.act(number, "accept", **fields)
    assert refused.status_code == 422
    assert 'href="#accept-category"' in refused.text
    assert desk.act(number, "accept", category="noise.social", **fields).status_code == 303
    assert desk.facts(number)["category"] == "noise.social"


def test_measures_carry_their_figures(app: Flask, enter: Enter) -> None:
    desk = enter(Role.CLERK)
    with app.app_context():
        number = at_state(State.HANDLING).number
    fields = FIELDS[Action.PROPOSE][3]
    unread = desk.act(number, "propose", **{**fields, "fine_yuan": "many"})
    assert unread.status_code == 422
    assert 'value="many"' in unread.text
    assert desk.act(number, "propose", **{**fields, "measures[]": []}).status_code == 422
    assert desk.act(number, "propose", **fields).status_code == 303
    with app.app_context():
        finding = current_finding(found(number))
        assert finding is not None
        assert [(m.kind, m.amount_yuan) for m in finding.measures] == [
            ("order", None),
            ("fine", 20_000),
        ]


def test_milestones_may_come_as_pairs(app: Flask, enter: Enter) -> None:
    desk = enter(Role.REVIEWER)
    with app.app_context():
        number = at_state(State.SUBMITTED_REVIEW).number
    pairs = {"milestone_on[]": ["2030-01-31", ""], "milestone_text[]": ["设备到场", ""]}
    bad = {**pairs, "milestone_on[]": ["soon", ""]}
    assert desk.act(number, "stage_close", plan="分步改造。", **bad).status_code == 422
    past = {**pairs, "milestone_on[]": ["2020-01-31", ""]}
    assert desk.act(number, "stage_close", plan="分步改造。", **past).status_code == 422
    assert desk.act(number, "stage_close", plan="分步改造。", **pairs).status_code == 303
    with app.app_context():
        plan = current_plan(found(number))
        assert plan is not None
        assert [(str(m.due_on), m.text) for m in plan.milestones] == [("2030-01-31", "设备到场")]


def picture() -> tuple[io.BytesIO, str]:
    return io.BytesIO(jpeg()), "after.jpg"


def test_after_photos_survive_a_refusal(app: Flask, enter: Enter) -> None:
    desk = enter(Role.CLERK)
    with app.app_context():
        number = at_state(State.HANDLING, category="air.smoke").number
    fields = FIELDS[Action.PROPOSE][3]
    without = desk.act(number, "propose", **fields)
    assert without.status_code == 422
    assert 'href="#propose-after_photos"' in without.text
    wrong = desk.act(number, "propose", **fields, after_photos=[(io.BytesIO(b"%PDF-1"), "a.jpg")])
    assert wrong.status_code == 422
    assert "a.jpg不是能收的照片" in wrong.text
    short = desk.act(number, "propose", **{**fields, "reply": ""}, after_photos=[picture()])
    assert short.status_code == 422
    assert "已经传上1张" in short.text
    kept = short.text.split('name="photo_ids[]" value="')[1].split('"')[0]
    assert desk.act(number, "propose", **fields, **{"photo_ids[]": [kept]}).status_code == 303
    with app.app_context():
        assert [(p.kind, p.upload_id) for p in photos_of(found(number))] == [("after", kept)]


def test_a_publisher_decides_on_every_photo(app: Flask, enter: Enter) -> None:
    desk = enter(Role.PUBLISHER)
    with app.app_context(), transaction():
        report = file(photos=[photo(), photo(), photo()])
        for one in photos_of(report):
            one.status = PhotoStatus.READY
        walk(report, *_TO_RESOLVED)
        number = report.number
        ids = [one.upload_id for one in photos_of(report)]
    assert [p["id"] for p in desk.facts(number)["photos"]] == ids
    some = {f"photo_decisions[{ids[0]}]": "release", f"photo_decisions[{ids[1]}]": "withhold"}
    boxes = {f"boxes[{ids[0]}]": "0.1,0.2,0.3,0.4", f"boxes[{ids[2]}]": "[[0,0,0.5,0.5]]"}
    assert desk.act(number, "publish", place_rounding="2", **some).status_code == 422
    every = {**some, f"photo_decisions[{ids[2]}]": "release"}
    outside = {**boxes, f"boxes[{ids[0]}]": "0.9,0.9,0.9,0.9"}
    assert desk.act(number, "publish", place_rounding="2", **every, **outside).status_code == 422
    unread = {**boxes, f"boxes[{ids[0]}]": "0.9,oops"}
    refused = desk.act(number, "publish", place_rounding="2", **every, **unread)
    assert refused.status_code == 422
    assert "0.9,oops" in refused.text
    assert desk.act(number, "publish", place_rounding="2", **every, **boxes).status_code == 303
    with app.app_context():
        photos = photos_of(found(number))
        assert [p.status for p in photos] == ["released", "withheld", "released"]
        assert photos[0].boxes == [[0.1, 0.2, 0.3, 0.4]]
        copy = db.session.get(PublicCopy, found(number).id)
        assert copy is not None
        assert copy.rounding == "2"


_TO_RESOLVED = (
    Action.ACCEPT, Action.DISPATCH, Action.SIGN, Action.PROPOSE, Action.SUBMIT, Action.RESOLVE,
)  # fmt: skip
