"""Dispatch, signing, returns and the ruling; RESOLVE runs once, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report, sign_part
from portal.domain.casework.closing import record_contact
from portal.domain.casework.models import AssignmentKind
from portal.domain.casework.queries import assignments_of
from portal.domain.casework.scope import report_in_scope
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import deadlines_of, open_deadline
from portal.domain.reports.acceptance import accept_report
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import Action, State
from portal.domain.reports.vault import Contact
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import last_event
from tests.factories import (
    at_state,
    file,
    make_department,
    ordinary_acceptance,
    staff,
    take,
    walk,
)

A = Action
PHONE = Contact(phone="13800138000")


def terms(report: Report, clock: Clock) -> list[Deadline]:
    return [d for d in deadlines_of(report.id) if d.clock is clock]


def parts(report: Report) -> list[tuple[str, str]]:
    return [(a.kind, a.department.code) for a in assignments_of(report)]


def test_return_dispatch_return_ruling(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN)
    assert open_deadline(report.id, Clock.DISPATCH) is not None
    walk(report, A.DISPATCH, A.RETURN)
    assert open_deadline(report.id, Clock.RULING) is not None
    assert open_deadline(report.id, Clock.DISPATCH) is None
    walk(report, A.RULE)
    assert report.state == State.DISPATCHED
    assert parts(report) == [("lead", "sthj"), ("assist", "zhen-01")]
    assert open_deadline(report.id, Clock.RULING) is None
    walk(report, A.SIGN)
    assert report.state == State.HANDLING


def test_resolve_starts_once(db_city: scoped_session[Session]) -> None:
    """Over returns, a ruling, rework and a merge it stays the same row with the same end."""
    report = walk(file(contact=PHONE), A.ACCEPT, A.DISPATCH)
    (first,) = terms(report, Clock.RESOLVE)
    due_at, started_at = first.due_at, first.started_at
    walk(report, A.RETURN, A.DISPATCH, A.RETURN, A.RULE, A.SIGN)
    walk(report, A.MERGE, A.UNMERGE, A.DISPATCH, A.SIGN, A.PROPOSE, A.SEND_BACK)
    walk(report, A.PROPOSE, A.SUBMIT, A.REWORK)
    (only,) = terms(report, Clock.RESOLVE)
    assert (only.due_at, only.started_at, only.stopped_at) == (due_at, started_at, None)
    assert report.rework_count == 1
    assert len(terms(report, Clock.CONTACT)) == 1
    walk(report, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    assert only.stopped_at == report.resolved_at


def test_each_dispatch_starts_signing_anew(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN, A.DISPATCH)
    first, second = terms(report, Clock.SIGN)
    assert first.stopped_at is not None
    assert second.stopped_at is None


@pytest.mark.parametrize(
    ("contact", "runs"),
    [
        (Contact(), False),
        (Contact(name="张三"), False),
        (PHONE, True),
        (Contact(email="a@b.cn"), True),
    ],
)
def test_contact_runs_only_when_somebody_can_be_reached(
    db_city: scoped_session[Session], contact: Contact, runs: bool
) -> None:
    report = at_state(State.DISPATCHED, contact=contact)
    assert bool(terms(report, Clock.CONTACT)) is runs
    if runs:
        with transaction():
            by = staff(Role.CLERK)
            record_contact(report, "无人接听", by=by, at=report.state_since + timedelta(hours=1))
        assert terms(report, Clock.CONTACT)[0].stopped_at is not None


def test_an_assist_signs_its_own_part(db_city: scoped_session[Session]) -> None:
    report = at_state(State.DISPATCHED)
    at, town = report.state_since, staff(Role.CLERK, department="zhen-01")
    with transaction():
        sign_part(report, by=town, at=at)
    assert report.state == State.DISPATCHED
    signed = {a.department.code: a.signed_by_id for a in assignments_of(report)}
    assert signed == {"sthj": None, "zhen-01": town.user_id}
    for stranger in (town, staff(Role.CLERK), staff(Role.CLERK, department="cg")):
        with pytest.raises(GuardError), transaction():
            sign_part(report, by=stranger, at=at)


def test_a_new_lead_replaces_the_old(db_city: scoped_session[Session]) -> None:
    """Once the case went elsewhere, the first department does not see it any more."""
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN)
    clerk = staff(Role.CLERK)
    assert report_in_scope(clerk, report.number) is not None
    with transaction():
        other = Assigning(make_department("cg"), [make_department("cg")])
        by, at = staff(Role.TRIAGE), report.state_since + timedelta(hours=1)
        dispatch_report(report, other, expected=report.version, by=by, at=at)
    assert parts(report) == [("lead", "cg")]
    told = last_event(SUBJECT, report.id, A.DISPATCH)
    assert told is not None
    assert told.data["assists"] == []
    assert report.lead_department is not None
    assert report.lead_department.code == "cg"
    assert report_in_scope(clerk, report.number) is None
    assert report_in_scope(staff(Role.CLERK, department="cg"), report.number) == report


def test_the_accused_neither_sees_nor_leads(db_city: scoped_session[Session]) -> None:
    """Not even through a role that sees everything else."""
    report = file()
    accused = replace(ordinary_acceptance(), accused=(make_department("zhen-01"),))
    everything = staff(Role.TRIAGE, Role.CLERK, department="zhen-01", username="both")
    assert report_in_scope(everything, report.number) is not None
    with transaction():
        by, at = staff(Role.TRIAGE), report.received_at
        accept_report(report, accused, expected=report.version, by=by, at=at)
    take(report, A.DISPATCH)  # zhen-01 is named as an assist
    for actor in (everything, staff(Role.CLERK, department="zhen-01")):
        assert report_in_scope(actor, report.number) is None
    assert report_in_scope(staff(Role.CLERK), report.number) is not None
    assert parts(report)[0][0] == AssignmentKind.LEAD
