"""A request that was listed and then merged: closed, named, in no list."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.reports.states import Action, State
from portal.domain.triage.services import merge_report
from tests.factories import actor_for, drain, walk
from tests.web.open311.conftest import BASE, KEY, SENSOR_KEY, Ask, Cases, Send, as_data, tree
from tests.web.transparency.conftest import PRIVATE
from tests.web.transparency.conftest import _report as report_of


@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_merged_request_is_closed_and_names_the_other(
    app: Flask, client: FlaskClient, cases: Cases, form: str
) -> None:
    with app.app_context():
        main = walk(report_of(cases.listed), Action.MERGE).main
        assert main is not None
        number = main.number
        drain()
    path = f"{BASE}/requests/{cases.listed}.{form}?extensions=true"
    answer = client.get(path)
    (row,) = answer.get_json() if form == "json" else as_data(tree(answer))
    assert (row["status"], row["service_code"]) == ("closed", "water")
    assert number in row["status_notes"]
    assert row["description"] is row["lat"] is row["media_url"] is None
    more = row["extended_attributes"]
    assert str(more["duplicate"]).lower() == "true"
    assert more["parent_service_request_id"] == number
    assert not [words for words in PRIVATE if words in answer.text]


def test_what_was_never_listed_is_told_to_who_filed_it(
    app: Flask, client: FlaskClient, cases: Cases, send: Send
) -> None:
    number = send().get_json()[0]["service_request_id"]
    path = f"{BASE}/requests/{number}.json"
    assert client.get(path, query_string={"api_key": KEY}).status_code == 404
    with app.app_context(), transaction():
        report = report_of(number)
        by = actor_for(report, Action.MERGE)
        merge_report(report, cases.listed, expected=report.version, by=by, at=now())
    for key in (None, "", "wrong", SENSOR_KEY):
        assert client.get(path, query_string={"api_key": key} if key else {}).status_code == 404
    own = client.get(path, query_string={"api_key": KEY})
    (row,) = own.get_json()
    assert (row["service_request_id"], row["status"]) == (number, "closed")
    assert cases.listed in row["status_notes"]
    assert own.headers["Cache-Control"] == "no-store"


def test_merged_requests_are_named_but_not_listed(app: Flask, ask: Ask, cases: Cases) -> None:
    with app.app_context():
        walk(report_of(cases.listed), Action.MERGE)
        drain()
    plain = {row["service_request_id"] for row in ask("requests")}
    assert cases.listed not in plain
    both = f"{cases.published},{cases.listed}"
    rows = ask("requests", service_request_id=both)
    assert [row["service_request_id"] for row in rows] == [cases.listed, cases.published]
    pages = [ask("requests", service_request_id=both, page=n, page_size=1) for n in (1, 2, 3)]
    assert [row for page in pages for row in page] == rows
    assert [len(page) for page in pages] == [1, 1, 0]


def test_a_merged_case_has_one_update_that_names_the_other(
    app: Flask, ask: Ask, cases: Cases
) -> None:
    with app.app_context():
        main = walk(report_of(cases.listed), Action.MERGE).main
        assert main is not None
        number = main.number
        drain()
    (step,) = ask("servicerequestupdates", service_request_id=cases.listed)
    assert (step["status"], step["external_status_code"]) == ("DUPLICATE", State.MERGED)
    assert number in step["description"]
    assert step in ask("servicerequestupdates")
