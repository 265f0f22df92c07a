"""Limits that stop whoever hammers, and nobody else; bodies that are not read for nothing."""

from __future__ import annotations

from datetime import timedelta
from inspect import getsource, unwrap

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.orm import scoped_session

from portal.app import MOST_WORDS, PHOTOS_OF_STAFF
from portal.core.db import db, transaction
from portal.core.ids import compose_number
from portal.domain.accounts.permissions import Role
from portal.domain.reports.tracking import (
    MOST_FAILURES,
    TooManyTriesError,
    WrongCodeError,
    open_session,
    record_failure,
)
from tests.factories import START, file_full
from tests.web.desk.conftest import Enter

WRONG = "0000-0000-0000-0000"
MULTIPART = "multipart/form-data; boundary=b"


def large(**fields: str) -> bytes:
    """A form with a file larger than any form without photos may be."""
    part = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n'
    words = [part.format(name, "", value) for name, value in fields.items()]
    file = part.format("after_photos", '; filename="x.jpg"', "x" * (MOST_WORDS + 1))
    return "".join([*words, file, "--b--\r\n"]).encode()


def test_a_stranger_who_knows_a_number_cannot_keep_its_reporter_out(
    db_city: scoped_session[Session],
) -> None:
    filed = file_full()
    number, at = filed.report.number, START + timedelta(days=1)
    with transaction():
        for _ in range(MOST_FAILURES):
            record_failure(number, "stranger", at)
    with pytest.raises(TooManyTriesError), transaction():
        open_session(number, filed.query_code, address="stranger", at=at)
    with transaction():
        _token, report = open_session(number, filed.query_code, address="home", at=at)
    assert report.number == number


def test_a_wrong_code_costs_the_same_for_known_and_unknown_numbers(
    db_city: scoped_session[Session],
) -> None:
    """Not measured in time, which lies on busy machines, but in what the database reads."""
    known = file_full().report.number

    def statements(number: str) -> list[str]:
        said: list[str] = []

        def hear(_c: object, _cur: object, sql: str, *_more: object) -> None:
            said.append(sql)

        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            with pytest.raises(WrongCodeError), transaction():
                open_session(number, WRONG, address="home", at=START)
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        return said

    unknown = compose_number("260309", 999_999)
    assert known != unknown
    assert statements(known) == statements(unknown)
    (read,) = (sql for sql in statements(known) if "FROM report " in sql)
    assert "description" not in read


@pytest.mark.parametrize("path", ["/track", "/desk/login", "/desk/reports/SP1/actions/accept"])
def test_only_forms_with_photos_may_be_large(client: FlaskClient, path: str) -> None:
    """Strangers cannot make the portal write a large body to disk for a form without photos."""
    answer = client.post(path, data=large(), content_type=MULTIPART)
    assert answer.status_code == 413


def test_staff_may_still_send_photos(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    body = large(csrf_token=desk.token())
    path = "/desk/reports/SP1/actions/propose"
    answer = desk.client.post(path, data=body, content_type=MULTIPART)
    assert answer.status_code == 404


def test_every_form_of_the_desk_with_photos_may_be_large(app: Flask) -> None:
    """Phones take pictures of several megabytes; a form forgotten here refuses every one."""
    taking = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint.startswith("desk.") and "store_files(" in getsource(unwrap(view))
    }
    assert len(taking) > 4
    assert taking <= PHOTOS_OF_STAFF


def test_days_and_cursors_out_of_range_break_no_list(enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    for query in (
        "to=9999-12-31",
        "from=0001-01-01",
        f"after=1_{'9' * 30}",
        "after=²_²",
    ):
        assert desk.page(f"/desk/queue/all?{query}").status_code == 200, query
