"""Inside a department the head says who handles a case; outside nobody ever reads a name."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError, PortalError
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework import desk_queries
from portal.domain.casework.belonging import NOBODY
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, matching_count, queue_page
from portal.domain.casework.handing import hand_to
from portal.domain.casework.parts import sign_part
from portal.domain.casework.queries import assignment_of, lead_assignment
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import last_event
from tests.factories import at_state, staff, take, writing

A = Action
TOWN = "zhen-01"


def second_clerk(department: str = "sthj") -> Actor:
    return staff(Role.CLERK, department=department, username=f"clerk2-{department}")


def hand(report: Report, to: Actor, *, by: Actor | None = None) -> None:
    with writing():
        by = by or staff(Role.HEAD)
        hand_to(report, to.staff_id, "你熟这一片。", by=by, at=report.state_since)


def listed(who: Actor, queue: Queue, at: Report, handler: str = "") -> list[str]:
    wanted, moment = QueueFilter(handler=handler), at.state_since
    found = [r.number for r in queue_page(queue, wanted, who, moment).reports]
    assert matching_count(queue, wanted, who, moment) == len(found)
    return found


@pytest.mark.engine
def test_whoever_signs_handles_until_the_head_says_otherwise(
    db_city: scoped_session[Session],
) -> None:
    report, clerk, other = at_state(State.DISPATCHED), staff(Role.CLERK), second_clerk()
    lead = lead_assignment(report)
    assert lead is not None
    assert lead.handler_id is None
    hand(report, other)
    take(report, A.SIGN, by=clerk)
    assert lead.handler_id == other.user_id, "the head had said who"
    hand(report, clerk)
    assert lead.handler_id == clerk.user_id
    told = last_event(SUBJECT, report.id, "handed_to")
    assert told is not None
    assert not told.is_public
    assert told.data == {
        "handler": clerk.user_id,
        "before": other.user_id,
        "note": "你熟这一片。",
    }
    assert report.version == told.data.get("version", report.version), "no step of the workflow"
    fresh = at_state(State.HANDLING)
    own = lead_assignment(fresh)
    assert own is not None
    assert own.handler_id == own.signed_by_id


@pytest.mark.engine
def test_mine_is_what_i_handle_or_handled(db_city: scoped_session[Session]) -> None:
    report, other = at_state(State.HANDLING), second_clerk()
    assert listed(other, Queue.MINE, report) == [], "it lies with a colleague"
    hand(report, other)
    assert listed(other, Queue.MINE, report) == [report.number]
    signer = staff(Role.CLERK)
    assert listed(signer, Queue.MINE, report) == [report.number], "signed by this one"


@pytest.mark.engine
def test_the_head_looks_by_handler(db_city: scoped_session[Session]) -> None:
    signed, waiting = at_state(State.HANDLING), at_state(State.DISPATCHED)
    head, other = staff(Role.HEAD), second_clerk()
    assert listed(head, Queue.TO_SIGN, waiting, NOBODY) == [waiting.number]
    assert listed(head, Queue.IN_HAND, waiting, NOBODY) == []
    assert listed(head, Queue.IN_HAND, waiting, str(staff(Role.CLERK).user_id)) == [signed.number]
    hand(signed, other)
    assert listed(head, Queue.IN_HAND, waiting, str(other.user_id)) == [signed.number]
    for nonsense in ("x", "9" * 40, "-1"):
        assert listed(head, Queue.IN_HAND, waiting, nonsense) == []


def test_an_assist_has_a_handler_of_its_own(db_city: scoped_session[Session]) -> None:
    report, town = at_state(State.HANDLING), staff(Role.CLERK, department=TOWN)
    with writing():
        sign_part(report, by=town, at=report.state_since)
    other = second_clerk(TOWN)
    hand(report, other, by=staff(Role.HEAD, department=TOWN))
    part, lead = assignment_of(report, town.department_id), lead_assignment(report)
    assert part is not None
    assert lead is not None
    assert (part.handler_id, part.signed_by_id) == (other.user_id, town.user_id)
    assert lead.handler_id == staff(Role.CLERK).user_id


def test_who_may_hand_to_whom(db_city: scoped_session[Session]) -> None:
    report, head = at_state(State.HANDLING), staff(Role.HEAD)
    here, elsewhere = staff(Role.CLERK), staff(Role.CLERK, department="cg")
    stranger = staff(Role.HEAD, department="cg")
    refused: list[tuple[Actor, int, type[PortalError]]] = [
        (here, second_clerk().staff_id, NotAllowedError),
        (stranger, elsewhere.staff_id, GuardError),
        (head, elsewhere.staff_id, InvalidFieldsError),
        (head, head.staff_id, InvalidFieldsError),
        (head, here.staff_id, InvalidFieldsError),  # who handles it already
    ]
    for by, to, fault in refused:
        with pytest.raises(fault), transaction():
            hand_to(report, to, "", by=by, at=report.state_since)


@pytest.mark.engine
def test_what_nobody_has_comes_first_to_the_head(
    db_city: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page by page, each report once; a clerk's list goes by the deadline alone."""
    monkeypatch.setattr(desk_queries, "PAGE", 2)
    reports = [at_state(State.DISPATCHED) for _ in range(5)]
    for report in reports[:2]:
        hand(report, second_clerk())
    head, at = staff(Role.HEAD), reports[-1].state_since
    found, after = [], ""
    while True:
        page = queue_page(Queue.TO_SIGN, QueueFilter(after=after), head, at)
        found += [report.id for report in page.reports]
        after = page.after
        if not after:
            break
    ids = [report.id for report in reports]
    assert found == [*ids[2:], *ids[:2]]
    clerk = queue_page(Queue.TO_SIGN, QueueFilter(), staff(Role.CLERK), at).reports
    assert [report.id for report in clerk] == ids[:2]
