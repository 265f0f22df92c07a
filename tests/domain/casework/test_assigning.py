"""Dispatch, signing, returns and the ruling; RESOLVE runs once, whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report, rule_lead
from portal.domain.casework.closing import record_contact
from portal.domain.casework.models import AssignmentKind
from portal.domain.casework.parts import sign_part
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
from portal.domain.timeline.queries import events_of, last_event
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
    town, lead = make_department("zhen-01"), make_department("sthj")
    accused = replace(ordinary_acceptance(), accused=(town,))
    everything = staff(Role.TRIAGE, Role.CLERK, department="zhen-01", username="both")
    assert report_in_scope(everything, report.number) is not None
    with transaction():
        by, at = staff(Role.TRIAGE), report.received_at
        accept_report(report, accused, expected=report.version, by=by, at=at)
    for named in (Assigning(town, [lead]), Assigning(lead, [town])):
        with pytest.raises(GuardError, match="被举报的单位"), transaction():
            dispatch_report(report, named, expected=report.version, by=by, at=at)
    assert (report.state, parts(report)) == (State.ACCEPTED, [])
    with transaction():
        dispatch_report(report, Assigning(lead), expected=report.version, by=by, at=at)
    for actor in (everything, staff(Role.CLERK, department="zhen-01")):
        assert report_in_scope(actor, report.number) is None
    assert report_in_scope(staff(Role.CLERK), report.number) is not None
    assert parts(report)[0][0] == AssignmentKind.LEAD


def test_merging_is_no_way_around_a_ruling(db_city: scoped_session[Session]) -> None:
    """Returned twice, merged, on its own again: the supervisor still rules."""
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN, A.DISPATCH, A.RETURN)
    walk(report, A.MERGE)
    assert open_deadline(report.id, Clock.RULING) is None
    walk(report, A.UNMERGE)
    assert report.state == State.RETURNED
    assert open_deadline(report.id, Clock.RULING) is not None
    assert open_deadline(report.id, Clock.DISPATCH) is None
    with pytest.raises(GuardError, match="督办员审定"):
        take(report, A.DISPATCH)
    walk(report, A.RULE, A.SIGN)
    assert report.state == State.HANDLING


def test_merged_after_one_return_it_is_dispatched_again(db_city: scoped_session[Session]) -> None:
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN, A.MERGE, A.UNMERGE)
    assert report.state == State.ACCEPTED
    walk(report, A.DISPATCH)


def send(report: Report, code: str, hours: int) -> None:
    """Dispatch or rule to a department, `hours` after the last step."""
    at, lead = report.state_since + timedelta(hours=hours), make_department(code)
    twice = report.state == State.RETURNED and len(returns(report)) > 1
    by = staff(Role.SUPERVISOR if twice else Role.TRIAGE)
    with transaction():
        if twice:
            rule_lead(report, lead, "职责清单", expected=report.version, by=by, at=at)
        else:
            dispatch_report(report, Assigning(lead), expected=report.version, by=by, at=at)


def returns(report: Report) -> list[object]:
    return [e for e in events_of(SUBJECT, report.id) if e.kind == A.RETURN]


def give_back(report: Report) -> None:
    """The lead returns the case an hour after it came."""
    take(report, A.RETURN, at=report.state_since + timedelta(hours=1))


def test_days_lost_to_an_upheld_return_are_not_the_next_departments(
    db_city: scoped_session[Session],
) -> None:
    """An hour with sthj and three with triage are not charged to cg; the end stays."""
    report = walk(file(), A.ACCEPT)
    send(report, "sthj", 1)
    (term,) = terms(report, Clock.RESOLVE)
    due_at, sthj = term.due_at, term.department_id
    assert sthj == make_department("sthj").id
    give_back(report)
    send(report, "cg", 3)
    assert term.department_id == make_department("cg").id != sthj
    assert timedelta(seconds=term.uncharged_seconds) == timedelta(hours=4)
    assert (term.due_at, term.charged_due_at) == (due_at, due_at + timedelta(hours=4))
    give_back(report)
    send(report, "zj", 2)
    assert timedelta(seconds=term.uncharged_seconds) == timedelta(hours=4 + 3)


def test_a_return_that_was_not_upheld_costs_its_department(
    db_city: scoped_session[Session],
) -> None:
    """Sent back to the one that returned it: its time goes on; what another lost stays off."""
    report = walk(file(), A.ACCEPT)
    send(report, "sthj", 1)
    give_back(report)
    send(report, "sthj", 3)
    (term,) = terms(report, Clock.RESOLVE)
    assert term.uncharged_seconds == 0
    give_back(report)
    send(report, "cg", 1)
    assert timedelta(seconds=term.uncharged_seconds) == timedelta(hours=4 + 2)


def test_a_ruling_that_sends_it_home_charges_only_the_detour(
    db_city: scoped_session[Session],
) -> None:
    report = walk(file(), A.ACCEPT)
    send(report, "sthj", 1)
    give_back(report)
    send(report, "cg", 3)
    give_back(report)
    send(report, "sthj", 2)
    (term,) = terms(report, Clock.RESOLVE)
    assert timedelta(seconds=term.uncharged_seconds) == timedelta(hours=3)
