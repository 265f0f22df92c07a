"""Every state, every action, everybody: the table against the document, and the database after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.errors import NotAllowedError
from portal.domain.accounts.actor import REPORTER, SYSTEM, Actor, ActorKind
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import OF_PARTS, Clock
from portal.domain.deadlines.queries import open_deadline, open_deadlines
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.vault import Contact
from portal.domain.reports.workflow import (
    MissingProofError,
    Move,
    StaleFormError,
    WrongStateError,
    advance,
    allowed_actions,
)
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of
from tests.domain.reports.specification import (
    FIELDS,
    PUBLIC,
    SYSTEM_GUARDS,
    Start,
    clocks_after,
    starts,
    table,
)
from tests.factories import START, file, user, walk

ALL = frozenset(Guard)
WINDOWS = {Clock.NEED_INFO, Clock.NOTICE, Clock.RATING, Clock.LOOKBACK, Clock.LOOKBACK_SECOND}
DATA = {"note": "x"}


class UndoneError(Exception):
    """Takes back what was tried."""


@contextmanager
def trying() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    with suppress(UndoneError), transaction():
        yield
        raise UndoneError


@dataclass(frozen=True)
class Seen:
    """What a step may change."""

    state: str
    version: int
    since: object
    events: int
    clocks: frozenset[tuple[Clock, bool]]


def look(report: Report) -> Seen:
    # The clocks of parts belong to no step of the table: tests/domain/casework/test_parts.py.
    rows = [d for d in open_deadlines(report.id) if d.clock not in OF_PARTS]
    clocks = frozenset((d.clock, d.paused_at is not None) for d in rows)
    events = len(events_of("report", report.id))
    return Seen(report.state, report.version, report.state_since, events, clocks)


def everybody() -> dict[str, Actor]:
    one = user(Role.LEADER).id
    staff = {r.value: Actor(ActorKind.STAFF, one, frozenset({r})) for r in Role}
    nobody = Actor(ActorKind.STAFF, one)
    return {"reporter": REPORTER, "system": SYSTEM, "nobody": nobody, **staff}


def move(report: Report, by: Actor, **changes: Any) -> Move:
    at = report.state_since + timedelta(hours=1)
    ends = {Clock.RESOLVE: at + timedelta(days=9), Clock.MILESTONE: at + timedelta(days=7)}
    given = {"expected": report.version, "proved": ALL, "data": DATA, "dues": ends, **changes}
    return Move(by, at, **given)


@pytest.fixture(params=starts(), ids=str)
def start(request: pytest.FixtureRequest) -> Start:
    found: Start = request.param
    return found


@pytest.fixture
def report(db_city: scoped_session[Session], start: Start) -> Report:
    contact = Contact(name="张三丰", phone="13800138000")
    return walk(file(contact=contact), *start.path)


def test_the_table_is_the_documents() -> None:
    assert list(WORKFLOW) == list(table()) == list(Action)
    for action, row in table().items():
        step = WORKFLOW[action]
        who: set[str] = set(step.roles) | ({"reporter"} if step.by_reporter else set())
        who |= {"system"} if step.by_system else set()
        assert (step.sources, step.target, who, step.guards) == (
            row.sources, row.target, set(row.who), row.guards,
        ), action  # fmt: skip
        assert step.system_guards == SYSTEM_GUARDS.get(action, frozenset())
        assert " ".join(step.required) == FIELDS.get(action, ""), action


def test_every_pair_and_everybody(report: Report, start: Start) -> None:
    """Who may do what from here, exactly as the document says; a refusal leaves no trace."""
    before = look(report)
    assert before.state == start.state
    check_everybody(report, start, before)
    check_old_forms(report, start)
    check_offers(report, start)
    assert look(report) == before


def check_everybody(report: Report, start: Start, before: Seen) -> None:
    for action, row in table().items():
        for name, by in everybody().items():
            if start.state not in row.sources or name not in row.who:
                expected = WrongStateError if name in row.who else NotAllowedError
                with trying(), pytest.raises(expected):
                    advance(report, action, move(report, by))
            else:
                with trying():
                    event = advance(report, action, move(report, by))
                    check_taken(report, start, action, before, event, by)
        assert look(report) == before, action


def check_taken(
    report: Report, start: Start, action: Action, before: Seen, event: TimelineEvent, by: Actor
) -> None:
    """Target, version, one event, and the clocks of the document."""
    after = look(report)
    target = table()[action].target or start.back
    assert after.state == target
    assert after.version == before.version + 1
    assert after.events == before.events + 1
    assert after.since == event.at
    assert event.data == {**DATA, "from": start.state, "to": target}
    assert (event.kind, event.actor_kind, event.actor_id) == (action, by.kind, by.user_id)
    assert event.is_public is (action in PUBLIC)
    running = frozenset(clock for clock, _ in before.clocks)
    assert {clock for clock, _ in after.clocks} == clocks_after(start, action, running), action
    paused = {clock for clock, is_paused in after.clocks if is_paused}
    assert paused == (running - WINDOWS if action is Action.ASK else set())
    check_copies(report)


def check_copies(report: Report) -> None:
    """The queue sorts by the nearest running term that makes somebody late."""
    running = [d for d in open_deadlines(report.id) if d.paused_at is None]
    pressing = sorted((d.due_at, d.clock) for d in running if d.clock not in WINDOWS | OF_PARTS)
    first = pressing[0] if pressing else (None, None)
    assert (report.due_at, report.due_clock) == first
    notice = open_deadline(report.id, Clock.NOTICE)
    assert report.notice_ends_at == (notice.due_at if notice else None)


def check_old_forms(report: Report, start: Start) -> None:
    """A form from before is refused; a guard nobody proved is a fault of ours."""
    by = everybody()
    for action, row in table().items():
        actor = by[min(row.who)]
        for version in (report.version - 1, report.version + 1):
            with trying(), pytest.raises(StaleFormError):
                advance(report, action, move(report, actor, expected=version))
        if start.state in row.sources:
            for guard in row.guards:
                with trying(), pytest.raises(MissingProofError, match=guard):
                    advance(report, action, move(report, actor, proved=ALL - {guard}))


def check_offers(report: Report, start: Start) -> None:
    """The buttons on the desk."""
    for name, by in everybody().items():
        offered = allowed_actions(report, by)
        rows = table().items()
        assert offered == [a for a, r in rows if start.state in r.sources and name in r.who]


def test_only_file_starts_a_report(db_city: scoped_session[Session]) -> None:
    """What is not in the database yet takes no other step."""
    by = everybody()
    for action, row in table().items():
        if action is not Action.FILE:
            with trying(), pytest.raises(WrongStateError):
                advance(Report(state=State.SUBMITTED), action, Move(by[min(row.who)], START))
