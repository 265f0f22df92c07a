"""Findings, stage closes, striking off and reopening."""

from __future__ import annotations

from datetime import date, timedelta

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.closing import propose_closing, record_check, resume_report
from portal.domain.casework.models import Objection
from portal.domain.casework.queries import (
    assignments_of,
    current_finding,
    current_plan,
    findings_of,
    site_checks_of,
)
from portal.domain.deadlines.clocks import OF_PARTS, Clock, EndReason
from portal.domain.deadlines.queries import deadlines_of, open_deadline, open_deadlines
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.timeline.queries import events_of, last_event
from tests.factories import (
    PATHS,
    at_state,
    file,
    ordinary_proposal,
    photo,
    staff,
    take,
    walk,
)

A = Action


def resolve_due(report: Report) -> date:
    row = open_deadline(report.id, Clock.RESOLVE)
    assert row is not None
    return work_calendar().last_day(row.due_at)


def test_the_three_texts_stay_apart(db_city: scoped_session[Session]) -> None:
    """None of them stands in an event, which others may read."""
    report = at_state(State.DEREGISTERED)
    finding = current_finding(report)
    assert finding is not None
    texts = {finding.internal_text, finding.reply, finding.public_text}
    assert len(texts) == 3
    said = str([e.data for e in events_of("report", report.id)])
    assert not any(text in said for text in texts)


def test_after_photos_of_the_category(db_city: scoped_session[Session]) -> None:
    """A verified case of waste needs one taken by the department; a progress photo will do."""
    report = at_state(State.HANDLING, category="waste.household", photos=[photo()])
    by, at = staff(Role.CLERK), report.state_since
    picture = photo(kind=PhotoKind.PROGRESS, by=by, at=at)
    with transaction():
        proposal = ordinary_proposal(picture)
        propose_closing(report, proposal, expected=report.version, by=by, at=at)
    assert [p.kind for p in photos_of(report)] == [PhotoKind.EVIDENCE, PhotoKind.PROGRESS]


def test_rework_keeps_every_finding(db_city: scoped_session[Session]) -> None:
    report = walk(at_state(State.SUBMITTED_REVIEW), A.REWORK, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    first, second = findings_of(report)
    assert first.reviewed_by_id is None
    assert second.reviewed_by_id == staff(Role.REVIEWER).user_id
    assert second.submitted_by_id == staff(Role.HEAD).user_id
    assert report.rework_count == 1


def test_a_site_check_is_on_record(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    by = staff(Role.CLERK)
    picture = photo(kind=PhotoKind.CHECK, by=by)
    with transaction():
        record_check(report, "已到现场", [picture], by=by, at=report.state_since)
    assert [c.note for c in site_checks_of(report)] == ["已到现场"]
    assert photos_of(report, PhotoKind.CHECK) == [picture]
    event = last_event("report", report.id, "checked")
    assert event is not None
    assert event.is_public


def test_a_long_job_resumes_after_its_plan(db_city: scoped_session[Session]) -> None:
    """RESOLVE is due five working days after the plan's last date and is still the same term."""
    report = at_state(State.STAGE_CLOSED)
    plan = current_plan(report)
    assert plan is not None
    last_on = max(m.due_on for m in plan.milestones)
    milestone = open_deadline(report.id, Clock.MILESTONE)
    assert milestone is not None
    assert work_calendar().last_day(milestone.due_at) == min(m.due_on for m in plan.milestones)
    assert open_deadline(report.id, Clock.RESOLVE) is None
    with transaction():
        at = work_calendar().end_of_day(last_on) - timedelta(hours=10)
        by = staff(Role.REVIEWER)
        resume_report(report, expected=report.version, by=by, at=at)
    assert report.state == State.HANDLING
    assert resolve_due(report) == work_calendar().working_day_after(last_on, 5)
    assert len([d for d in deadlines_of(report.id) if d.clock is Clock.RESOLVE]) == 1
    walk(report, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    assert report.state == State.RESOLVED


def test_the_notice_must_pass(db_city: scoped_session[Session]) -> None:
    """Ten days, ending at midnight of a working day; at that moment the case may go."""
    report = at_state(State.WITHHELD)
    assert report.notice_ends_at is not None
    on = local(report.state_since).date()
    assert work_calendar().last_day(report.notice_ends_at) >= on + timedelta(days=10)
    take(report, A.DEREGISTER, at=report.notice_ends_at)
    assert report.state == State.DEREGISTERED
    planned = {d.clock for d in open_deadlines(report.id)} - {Clock.RATING}
    assert planned == {Clock.LOOKBACK, Clock.LOOKBACK_SECOND}
    assert report.notice_ends_at is None


def test_an_answered_objection_lets_the_case_go(db_city: scoped_session[Session]) -> None:
    report = at_state(State.PUBLISHED)
    with transaction():
        at = report.state_since
        db.session.add(Objection(report_id=report.id, kind="dispute", opened_at=at, closed_at=at))
    assert take(report, A.DEREGISTER) is None
    assert report.state == State.DEREGISTERED


def test_reopening_starts_a_new_term_and_keeps_the_first_outcome(
    db_city: scoped_session[Session],
) -> None:
    for state in (State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED):
        report = at_state(state)
        first = report.resolved_at
        take(report, A.REOPEN)
        assert (report.state, report.reopened_count) == (State.HANDLING, 1)
        assert (report.resolved_at, report.first_resolved_at) == (None, first)
        of_case = [d.clock for d in open_deadlines(report.id) if d.clock not in OF_PARTS]
        assert of_case == [Clock.RESOLVE]
        old, new = [d for d in deadlines_of(report.id) if d.clock is Clock.RESOLVE]
        assert (old.closed_reason, new.started_at) == (EndReason.DONE, report.state_since)
        assert [a.department.code for a in assignments_of(report)] == ["sthj", "zhen-01"]


def test_a_reopened_case_needs_new_pictures(db_city: scoped_session[Session]) -> None:
    """The second round asks for its own after-photo and remembers both outcomes."""
    report = walk(file("waste.household"), *PATHS[State.RESOLVED], A.REOPEN)
    first = report.first_resolved_at
    walk(report, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    assert [p.round for p in photos_of(report, PhotoKind.AFTER)] == [0, 1]
    assert [f.round for f in findings_of(report)] == [0, 1]
    assert report.first_resolved_at == first
    assert report.resolved_at is not None
    assert first is not None
    assert report.resolved_at > first
