"""/track: opening a report with its code, and what its reporter sees and does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.ids import show_code
from portal.domain.accounts.permissions import Role
from portal.domain.reports.filing import Filed
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import MOST_FAILURES, report_by_number
from portal.domain.triage.services import Part, merge_report, split_report
from tests import factories
from tests.web.citizen.conftest import JSON, filing, picture, token

A = Action
TO_HANDLING = (A.ACCEPT, A.DISPATCH, A.SIGN)
TO_REVIEW = (*TO_HANDLING, A.PROPOSE, A.SUBMIT)


@pytest.fixture(autouse=True)
def _city(city: None) -> None:
    """Every test here needs the city."""


@pytest.fixture
def open_case(app: Flask, client: FlaskClient) -> Any:
    """File, walk through some steps, open the tracking page; returns the number."""

    def opened(*actions: Action, **filing: Any) -> str:
        with app.app_context():
            filed = factories.file_full("air.odor", at=now(), **filing)
            number, code = filed.report.number, filed.query_code
            factories.walk(filed.report, *actions)
        answer = enter(client, number, code)
        assert answer.status_code == 303
        return number

    return opened


def enter(client: FlaskClient, number: str, code: str, **headers: str) -> TestResponse:
    fields = {"number": number, "query_code": code, "form_token": token(client)}
    return client.post("/track", data=fields, headers=headers)


def act(client: FlaskClient, number: str, name: str, **fields: Any) -> TestResponse:
    page = client.get(f"/track/{number}").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return client.post(f"/track/{number}/{name}", data={"csrf_token": found[1], **fields})


def case(client: FlaskClient, number: str) -> dict[str, Any]:
    answer = client.get(f"/track/{number}", headers=JSON)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.get_json()
    return body


def state_of(app: Flask, number: str) -> str:
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        return report.state


def filed(app: Flask) -> Filed:
    with app.app_context():
        made = factories.file_full(at=now())
        db.session.refresh(made.report)
        db.session.expunge(made.report)
        return made


# --- opening --------------------------------------------------------------------------------------
def test_number_and_code_open_the_case_as_people_type_them(app: Flask, client: FlaskClient) -> None:
    made = filed(app)
    typed = show_code(made.query_code).lower().replace("0", "o").replace("1", "l")
    answer = enter(client, f" {made.report.number.lower()} ", typed)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/track/{made.report.number}"
    assert answer.headers["Set-Cookie"].startswith("track=")
    assert made.query_code not in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert made.report.description in page.text


def test_wrong_and_unknown_say_the_same(app: Flask, client: FlaskClient) -> None:
    made = filed(app)
    answers = [
        enter(client, made.report.number, "0000-0000-0000-0000", **JSON),
        enter(client, "SP2611220001237", "0000-0000-0000-0000", **JSON),
    ]
    bodies = [answer.get_json() for answer in answers]
    for body in bodies:
        body.pop("request_id")
    assert [answer.status_code for answer in answers] == [422, 422]
    assert bodies[0] == bodies[1]


def test_too_many_wrong_codes_must_wait(app: Flask, client: FlaskClient) -> None:
    made = filed(app)
    spellings = [made.report.number, made.report.number.lower(), f" {made.report.number}"]
    for n in range(MOST_FAILURES):
        assert enter(client, spellings[n % 3], "ZZZZ-ZZZZ-ZZZZ-ZZZZ").status_code == 422
    stopped = enter(client, made.report.number, made.query_code)
    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "900"
    assert enter(client, made.report.number, made.query_code, **JSON).status_code == 429


def test_a_form_token_is_needed_and_may_be_used_again(app: Flask, client: FlaskClient) -> None:
    made = filed(app)
    fields = {"number": made.report.number, "query_code": made.query_code}
    without = client.post("/track", data=fields, headers=JSON)
    assert without.status_code == 422
    assert "form_token" in without.get_json()["errors"]
    fields["form_token"] = token(client)
    assert [client.post("/track", data=fields).status_code for _ in range(2)] == [303, 303]


def test_without_a_session_known_and_unknown_numbers_look_alike(
    app: Flask, client: FlaskClient
) -> None:
    number = filed(app).report.number
    unknown = "SP2611220001237"
    signed = re.compile(r'name="form_token" value="[^"]+"')
    pages = [
        signed.sub("", client.get(f"/track/{each}").text).replace(each, "N")
        for each in (number, unknown)
    ]
    assert pages[0] == pages[1]
    assert client.get(f"/track/{number}", headers=JSON).status_code == 403
    assert f'value="{number}"' in client.get(f"/track?number={number}").text


def test_a_session_opens_one_number_and_ends_when_left(
    app: Flask, client: FlaskClient, open_case: Any
) -> None:
    number = open_case()
    other = filed(app).report.number
    assert "query_code" in client.get(f"/track/{other}").text
    page = client.get(f"/track/{number}").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    client.post("/track/leave", data={"csrf_token": csrf[1]})
    assert "query_code" in client.get(f"/track/{number}").text


def test_later_addresses_do_not_exist_yet(client: FlaskClient, open_case: Any) -> None:
    number = open_case()
    for name in ("rating", "dispute", "reward", "forget"):
        assert client.post(f"/track/{number}/{name}").status_code == 404


# --- what is shown --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("actions", "state", "says", "may"),
    [
        ((), "submitted", "告诉您是否受理", ["info", "photos", "withdraw"]),
        ((A.ASK,), "need_info", "请您补充", ["info", "photos", "withdraw"]),
        ((A.DECLINE,), "declined", "没有受理", ["appeal"]),
        ((A.DECLINE, A.APPEAL), "submitted", "告诉您是否受理", ["info", "photos", "withdraw"]),
        ((A.WITHDRAW,), "withdrawn", "已经撤回", []),
        ((A.ACCEPT,), "accepted", "交给负责的部门", ["info", "photos", "withdraw"]),
        ((A.ACCEPT, A.DISPATCH), "dispatched", "已经交给", ["info", "photos", "withdraw"]),
        ((A.ACCEPT, A.DISPATCH, A.RETURN), "returned", "重新确定", ["info", "photos", "withdraw"]),
        (TO_HANDLING, "handling", "正在办理", ["info", "photos", "withdraw"]),
        (TO_REVIEW, "submitted_review", "审核员正在核对", ["info", "photos", "withdraw"]),
        ((*TO_REVIEW, A.RESOLVE), "resolved", "已经办完", ["info", "photos"]),
        ((*TO_REVIEW, A.RESOLVE, A.WITHHOLD), "withheld", "不对外公开", ["info", "photos"]),
    ],
    ids=str,
)
def test_each_state_says_what_happens_next(
    client: FlaskClient,
    open_case: Any,
    actions: tuple[Action, ...],
    state: str,
    says: str,
    may: list[str],
) -> None:
    number = open_case(*actions)
    body = case(client, number)
    assert set(body) == {"number", "state", "state_label", "timeline", "allowed"}
    assert (body["state"], body["allowed"]) == (state, may)
    assert body["timeline"][0]["kind"] == "file"
    assert body["timeline"][0]["at"].endswith("+08:00")
    assert says in client.get(f"/track/{number}").text


def test_the_reply_stands_once_resolved_and_no_name_ever(
    app: Flask, client: FlaskClient, open_case: Any
) -> None:
    number = open_case(*TO_REVIEW)
    with app.app_context():
        reply = factories.ordinary_proposal().reply
    assert reply not in client.get(f"/track/{number}").text
    with app.app_context():
        report = report_by_number(number)
        assert report
        factories.walk(report, A.REWORK, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    page = client.get(f"/track/{number}").text
    assert reply in page
    assert "退回重办" in page
    assert "测试" not in page  # every member of staff in these tests is called 测试…
    with app.app_context():
        report = report_by_number(number)
        assert report
        factories.walk(report, A.REOPEN)
    page = client.get(f"/track/{number}").text
    assert "上一次的答复" in page
    assert "重新办理中" in page


def test_a_merged_report_tells_how_its_main_one_fares(
    app: Flask, client: FlaskClient, open_case: Any
) -> None:
    number = open_case(A.ACCEPT)
    with app.app_context():
        main = factories.file(at=now())
        factories.walk(main, *TO_HANDLING)
        report = report_by_number(number)
        assert report
        main_number = main.number
        triage = factories.staff(Role.TRIAGE)
        with transaction():
            merge_report(report, main_number, expected=report.version, by=triage, at=now())
    page = client.get(f"/track/{number}").text
    assert "合在一起办" in page
    assert "正在办理" in page


def test_a_split_report_shows_its_parts(app: Flask, client: FlaskClient, open_case: Any) -> None:
    number = open_case(A.ACCEPT)
    with app.app_context():
        report = report_by_number(number)
        assert report
        parts = [Part("夜里排放刺鼻气味"), Part("白天噪声很大")]
        triage = factories.staff(Role.TRIAGE)
        with transaction():
            split_report(report, parts, expected=report.version, by=triage, at=now())
    page = client.get(f"/track/{number}").text
    assert "白天噪声很大" in page
    assert "拆开来办的" in page


def test_the_reporter_sees_own_photos_and_nobody_else_does(app: Flask, client: FlaskClient) -> None:
    fields = filing(form_token=token(client), photos=[picture()])
    sent = client.post("/report", data=fields, headers=JSON).get_json()
    enter(client, sent["number"], sent["query_code"])
    assert "正在处理" in client.get(f"/track/{sent['number']}").text
    with app.app_context():
        factories.drain()
    found = re.search(r"/media/[0-9a-f]{32}/400.jpg", client.get(sent["track_url"]).text)
    assert found
    assert client.get(found[0], buffered=True).status_code == 200
    assert app.test_client().get(found[0]).status_code == 404


# --- what is done ---------------------------------------------------------------------------------
def test_an_answer_brings_the_case_back(app: Flask, client: FlaskClient, open_case: Any) -> None:
    number = open_case(A.ASK)
    answer = act(client, number, "info", text="晚上十点以后最重。", photos=[picture()])
    assert answer.status_code == 303
    assert state_of(app, number) == State.SUBMITTED
    assert "晚上十点以后最重。" in client.get(f"/track/{number}").text
    assert [e["kind"] for e in case(client, number)["timeline"]][-2:] == ["answer", "photos_added"]


def test_a_photo_alone_is_an_answer(app: Flask, client: FlaskClient, open_case: Any) -> None:
    number = open_case(A.ASK)
    assert act(client, number, "photos", photos=[picture()]).status_code == 303
    assert state_of(app, number) == State.SUBMITTED


def test_information_is_added_without_a_question(
    app: Flask, client: FlaskClient, open_case: Any
) -> None:
    number = open_case(*TO_HANDLING)
    assert act(client, number, "info", text="今天又排了一次。").status_code == 303
    assert state_of(app, number) == State.HANDLING
    assert case(client, number)["timeline"][-1]["text"].endswith("今天又排了一次。")
    empty = act(client, number, "info", text=" ")
    assert empty.status_code == 422
    long = act(client, number, "info", text="字" * 501)
    assert long.status_code == 422
    assert "字" * 501 in long.text


def test_withdrawing_asks_once_and_is_a_note_after_dispatch(
    app: Flask, client: FlaskClient, open_case: Any
) -> None:
    number = open_case()
    assert "要撤回这件举报吗" in client.get(f"/track/{number}/withdraw").text
    assert act(client, number, "withdraw").status_code == 303
    assert state_of(app, number) == State.WITHDRAWN
    later = open_case(*TO_HANDLING)
    assert act(client, later, "withdraw").status_code == 303
    assert state_of(app, later) == State.HANDLING
    assert act(client, later, "withdraw").status_code == 409


def test_an_appeal_is_taken_once(app: Flask, client: FlaskClient, open_case: Any) -> None:
    number = open_case(A.DECLINE)
    assert act(client, number, "appeal", reason="短").status_code == 422
    assert act(client, number, "appeal", reason="厂子就在本市，有照片。").status_code == 303
    assert state_of(app, number) == State.SUBMITTED
    with app.app_context():
        report: Report | None = report_by_number(number)
        assert report
        factories.walk(report, A.DECLINE)
    assert case(client, number)["allowed"] == []


def test_every_action_needs_its_token_and_its_session(
    client: FlaskClient, open_case: Any, app: Flask
) -> None:
    number = open_case()
    for name in ("info", "photos", "withdraw", "appeal"):
        assert client.post(f"/track/{number}/{name}", data={"text": "没有令牌"}).status_code == 400
        alone = app.test_client().post(f"/track/{number}/{name}", data={"text": "没有会话"})
        assert alone.status_code == 303
    assert state_of(app, number) == State.SUBMITTED
