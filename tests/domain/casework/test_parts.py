"""Assists: each signs and reports its own part, on clocks that press nobody but that assist."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError, PortalError
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.casework.belonging import Due
from portal.domain.casework.closing import propose_closing
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, matching_count, queue_page
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind
from portal.domain.casework.parts import PartFound, parts_of, report_part, sign_part
from portal.domain.casework.queries import current_finding, part_reports_of
from portal.domain.deadlines.clocks import Clock, Colour, EndReason
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import deadlines_of, open_deadline
from portal.domain.deadlines.services import start_clock
from portal.domain.reports.clockwork import begun_by
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.recounting import recount_terms
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import events_of, last_event
from tests.factories import (
    actor_for,
    at_state,
    make_department,
    ordinary_proposal,
    photo,
    staff,
    take,
    writing,
)

A = Action
TOWN = "zhen-01"  # what the factories let assist
SOON = timedelta(hours=1)
FOUND = PartFound(
    "沿街三家烧烤店没有装净化器。", "已发整改通知。", [MeasureTaken(MeasureKind.FINE, 2000)]
)


def clock(report: Report, which: Clock) -> Deadline:
    """The last term of a part's clock."""
    return [d for d in deadlines_of(report.id) if d.clock is which][-1]


def sign(report: Report, at: datetime | None = None) -> None:
    with writing():
        sign_part(report, by=staff(Role.CLERK, department=TOWN), at=at or report.state_since)


def tell(report: Report, *, at: datetime | None = None, told: PartFound = FOUND) -> None:
    with writing():
        by = staff(Role.CLERK, department=TOWN)
        report_part(report, told, by=by, at=at or report.state_since + SOON)


def numbers(queue: Queue, role: Role, department: str, at: datetime, **wanted: object) -> list[str]:
    who, asked = staff(role, department=department), QueueFilter(**wanted)  # type: ignore[arg-type]
    found = [report.number for report in queue_page(queue, asked, who, at).reports]
    assert matching_count(queue, asked, who, at) == len(found)
    return found


@pytest.mark.engine
def test_a_part_has_clocks_of_its_own(db_city: scoped_session[Session]) -> None:
    report = at_state(State.DISPATCHED)
    signing, part = clock(report, Clock.PART_SIGN), clock(report, Clock.PART)
    town, resolve = make_department(TOWN), open_deadline(report.id, Clock.RESOLVE)
    assert resolve is not None
    assert {signing.department_id, part.department_id} == {town.id}
    assert (part.amount, part.is_open) == (10, True)
    assert part.due_at < resolve.due_at
    begun = begun_by(part, events_of(SUBJECT, report.id))
    assert begun is not None
    assert begun.kind == A.DISPATCH
    assert report.due_clock not in {Clock.PART, Clock.PART_SIGN}, "it is not the case that is late"
    sign(report)
    assert clock(report, Clock.PART_SIGN).closed_reason is EndReason.DONE
    assert clock(report, Clock.PART).is_open
    tell(report)
    assert clock(report, Clock.PART).closed_reason is EndReason.DONE
    assert report.state == State.DISPATCHED, "the case stays where it is"


def test_the_lead_signs_without_stopping_the_part(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    assert clock(report, Clock.PART_SIGN).is_open
    assert clock(report, Clock.PART).is_open


@pytest.mark.engine
def test_a_part_is_never_due_later_than_the_case(db_city: scoped_session[Session]) -> None:
    """Handed out anew when little of RESOLVE is left, the part ends with it."""
    report = at_state(State.RETURNED)
    resolve = open_deadline(report.id, Clock.RESOLVE)
    assert resolve is not None
    at = resolve.due_at - timedelta(days=3)
    with writing():
        assigning = Assigning(make_department("cg"), [make_department(TOWN)], "请查")
        by = staff(Role.TRIAGE)
        dispatch_report(report, assigning, expected=report.version, by=by, at=at)
    part = clock(report, Clock.PART)
    assert (part.due_at, part.amount) == (resolve.due_at, None)
    first = next(d for d in deadlines_of(report.id) if d.clock is Clock.PART)
    assert first.closed_reason is EndReason.CLOSED, "the first part went with its assignment"


def test_nor_after_the_calendar_moved(db_city: scoped_session[Session]) -> None:
    report = at_state(State.DISPATCHED)
    resolve = open_deadline(report.id, Clock.RESOLVE)
    assert resolve is not None
    with writing():
        part = clock(report, Clock.PART)
        late = resolve.due_at + timedelta(days=4)
        start_clock(
            report.id, Clock.PART, report.state_since, department_id=part.department_id, due_at=late
        )
        recount_terms(report, report.state_since)
    assert clock(report, Clock.PART).due_at == resolve.due_at


@pytest.mark.engine
def test_the_report_is_kept_with_photos_and_measures(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    sign(report)
    with writing():
        by, at = staff(Role.HEAD, department=TOWN), report.state_since + SOON
        pictures = [photo(kind=PhotoKind.CHECK, by=by, at=at)]
        told = PartFound(FOUND.found, FOUND.done, FOUND.measures, pictures)
        report_part(report, told, by=by, at=at)
    (row,) = part_reports_of(report)
    assert (row.note, row.done, row.photo_count) == (FOUND.found, FOUND.done, 1)
    assert [(m.kind, m.amount_yuan) for m in row.measures] == [("fine", 2000)]
    assert [p.department_id for p in photos_of(report, PhotoKind.CHECK)] == [row.department_id]
    assert parts_of(report)[0].reported_at == row.at
    event = last_event(SUBJECT, report.id, "part_reported")
    assert event is not None
    assert not event.is_public
    stopped_at = clock(report, Clock.PART).stopped_at
    tell(report, at=row.at + SOON)
    assert len(part_reports_of(report)) == 2, "more may be added"
    assert parts_of(report)[0].reported_at == row.at
    assert clock(report, Clock.PART).stopped_at == stopped_at


def test_who_may_report(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    refused: list[tuple[Role, str, type[PortalError]]] = [
        (Role.CLERK, TOWN, GuardError),  # not signed yet
        (Role.CLERK, "sthj", GuardError),  # the lead
        (Role.CLERK, "cg", GuardError),
        (Role.REVIEWER, "", NotAllowedError),
    ]
    for role, department, fault in refused:
        by = staff(role, department=department) if department else staff(role)
        with pytest.raises(fault), transaction():
            report_part(report, FOUND, by=by, at=report.state_since)
    sign(report)
    take(report, A.PROPOSE)
    take(report, A.SUBMIT)
    tell(report)
    take(report, A.RESOLVE)
    by = staff(Role.CLERK, department=TOWN)
    with pytest.raises(GuardError), transaction():
        report_part(report, FOUND, by=by, at=report.state_since)


@pytest.mark.engine
def test_the_lead_must_notice_a_silent_assist(db_city: scoped_session[Session]) -> None:
    """A clear confirmation, not a block; and none is demanded once everybody reported."""
    report = at_state(State.HANDLING)
    by, at = actor_for(report, A.PROPOSE), report.state_since + SOON
    unaware = ordinary_proposal()
    unaware = type(unaware)(unaware.verdict, unaware.measures, unaware.reply, unaware.public_text)
    with pytest.raises(InvalidFieldsError) as refusal, transaction():
        propose_closing(report, unaware, expected=report.version, by=by, at=at)
    assert set(refusal.value.faults) == {"without_parts"}
    take(report, A.PROPOSE)
    told = last_event(SUBJECT, report.id, A.PROPOSE)
    assert told is not None
    assert told.data["without_parts"] == [TOWN]
    take(report, A.SEND_BACK)
    sign(report)
    tell(report)
    with writing():
        at = report.state_since + 2 * SOON
        propose_closing(report, unaware, expected=report.version, by=by, at=at)
    assert report.state == State.HEAD_REVIEW
    assert current_finding(report) is not None


@pytest.mark.engine
def test_nothing_is_owed_once_the_case_is_closed(db_city: scoped_session[Session]) -> None:
    for state in (State.RESOLVED, State.STAGE_CLOSED):
        report = at_state(state)
        for which in (Clock.PART_SIGN, Clock.PART):
            assert clock(report, which).closed_reason is EndReason.CLOSED, (state, which)
    take(report := at_state(State.RESOLVED), A.REOPEN)
    assert clock(report, Clock.PART).is_open, "who never reported is asked again"


@pytest.mark.engine
def test_the_queues_of_an_assist(db_city: scoped_session[Session]) -> None:
    """To sign, then in hand until it is reported; overdue by its own clock, not by the lead's."""
    report = at_state(State.HANDLING)
    number, now = report.number, report.state_since
    clerk = (Role.CLERK, TOWN)
    assert numbers(Queue.TO_SIGN, *clerk, now) == [number]
    assert numbers(Queue.IN_HAND, *clerk, now) == []
    sign(report)
    assert numbers(Queue.TO_SIGN, *clerk, now) == []
    assert numbers(Queue.IN_HAND, *clerk, now) == [number]
    part, lead = clock(report, Clock.PART), (Role.CLERK, "sthj")
    assert part.colour(part.due_at + SOON) is Colour.YELLOW
    assert numbers(Queue.OVERDUE, *clerk, part.due_at + SOON) == [number]
    assert numbers(Queue.OVERDUE, *lead, part.due_at + SOON) == [], "its own time is not over"
    morning = work_calendar().end_of_day(
        work_calendar().local_date(part.due_at - SOON) - timedelta(days=1)
    )
    assert numbers(Queue.IN_HAND, *clerk, morning, due=Due.TODAY) == [number]
    early = morning - timedelta(days=3)
    assert numbers(Queue.IN_HAND, *clerk, early, due=Due.TODAY) == []
    assert numbers(Queue.IN_HAND, *clerk, early, due=Due.WEEK) == [number]
    tell(report)
    assert numbers(Queue.IN_HAND, *clerk, now) == []
    resolve = open_deadline(report.id, Clock.RESOLVE)
    assert resolve is not None
    after = resolve.due_at + SOON
    assert numbers(Queue.OVERDUE, *clerk, after) == [], "the assist did its part"
    assert numbers(Queue.OVERDUE, *lead, after) == [number]
    assert numbers(Queue.IN_HAND, *lead, now) == [number]
    take(report, A.PROPOSE)
    assert numbers(Queue.TO_SIGN_OFF, Role.HEAD, TOWN, now) == [], "only the lead's head signs off"
    assert numbers(Queue.TO_SIGN_OFF, Role.HEAD, "sthj", now) == [number]
