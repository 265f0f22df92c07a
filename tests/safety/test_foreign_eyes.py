"""What nobody outside may see: words of reports out of scope, outcomes not yet told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.actor import REPORTER
from portal.domain.accounts.permissions import Role
from portal.domain.casework.scope import report_in_scope
from portal.domain.departments.queries import department_by_code
from portal.domain.reports.models import AccusedDepartment, PhotoKind, Report
from portal.domain.reports.photos import attach_photo, unclaimed_photos
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import open_session, report_by_number
from portal.domain.triage.services import Part, children_of, merge_report, split_report
from tests.factories import (
    LEAD,
    PATHS,
    START,
    at_state,
    city,
    drain,
    file,
    file_full,
    photo,
    staff,
    walk,
)
from tests.web.desk.conftest import Enter

WORDS = "院子后墙有人夜里倒废油。"


def test_parts_stay_hidden_from_whom_their_report_accuses(
    db_city: scoped_session[Session],
) -> None:
    report, accused = at_state(State.ACCEPTED), department_by_code("cg")
    assert accused is not None
    by, at = staff(Role.TRIAGE), report.state_since + timedelta(minutes=5)
    with transaction():
        row = AccusedDepartment(report_id=report.id, department_id=accused.id)
        db.session.add(row)
    with transaction():
        split_report(report, [Part(WORDS)], expected=report.version, by=by, at=at)
    (part,) = children_of(report)
    central = staff(Role.TRIAGE, department="cg", username="inside")
    assert report_in_scope(central, report.number) is None
    assert report_in_scope(central, part.number) is None


def test_a_case_shows_no_words_of_followers_out_of_scope(app: Flask, enter: Enter) -> None:
    desk, central = enter(Role.CLERK, department=LEAD), enter(Role.TRIAGE)
    with app.app_context():
        main, follower = at_state(State.HANDLING), file(description=WORDS)
        number, at = main.number, main.state_since + timedelta(minutes=5)
        by, version = staff(Role.TRIAGE, username="merger"), follower.version
        with transaction():
            merge_report(follower, number, expected=version, by=by, at=at)
    title = WORDS.rstrip("。")
    assert title in central.page(f"/desk/reports/{number}").text
    page = desk.page(f"/desk/reports/{number}")
    assert page.status_code == 200
    assert title not in page.text
    assert "2件反映" in page.text


def test_a_new_outcome_is_told_only_once_it_is_resolved(app: Flask) -> None:
    def report() -> Report:
        found = report_by_number(number)
        assert found is not None
        return found

    with app.app_context():
        city()
        filed = file_full(photos=[photo()])
        number = filed.report.number
        drain()
        walk(report(), *PATHS[State.RESOLVED], Action.REOPEN)
        with transaction():
            fresh = photo(kind=PhotoKind.AFTER)
            attach_photo(fresh, report())
            key = fresh.key
        drain()
        with transaction():
            token, _ = open_session(number, filed.query_code, address="home", at=now())
    client = app.test_client()
    client.set_cookie("track", token)
    path = f"/media/{key}/400.jpg"
    assert client.get(path).status_code == 404
    assert path not in client.get(f"/track/{number}").text


def test_a_photo_is_claimed_as_what_it_was_sent_and_by_its_sender(
    db_city: scoped_session[Session],
) -> None:
    clerk, other = staff(Role.CLERK, department="cg"), staff(Role.CLERK, department="sl")
    evidence, after = photo(), photo(kind=PhotoKind.AFTER, by=clerk)
    assert unclaimed_photos([evidence.upload_id], START) == [evidence]
    kept = unclaimed_photos([after.upload_id], START, kind=PhotoKind.AFTER, by=clerk)
    assert kept == [after]
    for upload_id, kind, by in (
        (evidence.upload_id, PhotoKind.AFTER, clerk),
        (evidence.upload_id, PhotoKind.EVIDENCE, clerk),
        (after.upload_id, PhotoKind.AFTER, other),
        (after.upload_id, PhotoKind.EVIDENCE, REPORTER),
    ):
        with pytest.raises(InvalidFieldsError):
            unclaimed_photos([upload_id], START, kind=kind, by=by)
