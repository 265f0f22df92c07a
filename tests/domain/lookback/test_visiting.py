"""Going there again: who may, what it settles, and what follows when the trouble came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.geo import Point
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, queue_page
from portal.domain.casework.onsite import Spot
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.deadlines.queries import open_deadline, open_deadlines
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import CaseFact
from portal.domain.lookback.models import LookBack, Outcome
from portal.domain.lookback.planning import plan_look_backs, planned_for
from portal.domain.lookback.queries import (
    colour,
    look_back_in_scope,
    look_backs_done,
    look_backs_to_do,
    to_do_count,
)
from portal.domain.lookback.starring import star_report
from portal.domain.lookback.visiting import Seen, record_visit
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.proofs import GuardError, SeparationError
from portal.domain.reports.recounting import recount_terms
from portal.domain.reports.states import Action, State
from portal.domain.timeline.queries import events_of
from tests.factories import (
    LEAD,
    OTHER_VILLAGE,
    PATHS,
    TOWN,
    VILLAGE,
    at_state,
    drain,
    file,
    photo,
    staff,
    walk,
    writing,
)

pytestmark = pytest.mark.engine
DAY = timedelta(days=1)
DONE = Seen(Outcome.PASSED, "水清了。")


def planned(**filing: Any) -> Report:
    """A starred case that was struck off, with its two look-backs."""
    report = walk(file(**filing), *PATHS[State.DEREGISTERED])
    with writing():
        star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=report.state_since)
        plan_look_backs(report, report.state_since)
    return report


def visit(report: Report, seen: Seen = DONE, by: Actor | None = None, nth: int = 0) -> LookBack:
    row = planned_for(report)[nth]
    with writing():
        at = report.state_since + 30 * DAY
        record_visit(row, seen, by=by or staff(Role.REVIEWER), at=at)
    return row


def test_a_visit_with_picture_and_position(db_city: scoped_session[Session]) -> None:
    report, officer = planned(), staff(Role.GRID, grid_code=TOWN)
    picture = photo(kind=PhotoKind.LOOKBACK, by=officer)
    spot = Spot(Point(30.4009, 112.4), 12.0)
    row = visit(report, Seen(Outcome.PASSED, "没有气味了。", [picture], spot), officer)
    (paid,) = row.visits
    assert (row.outcome, paid.note, paid.accuracy_m) == (Outcome.PASSED, "没有气味了。", 12.0)
    assert paid.distance_m == pytest.approx(100, abs=2)
    assert paid.photos == [picture] == photos_of(report, PhotoKind.LOOKBACK)
    assert report.state == State.DEREGISTERED
    left = {d.clock for d in open_deadlines(report.id)}
    assert Clock.LOOKBACK not in left
    assert Clock.LOOKBACK_SECOND in left
    event = events_of("report", report.id)[-1]
    assert (event.kind, event.is_public, event.data["outcome"]) == ("looked_back", True, "passed")


def test_a_failed_one_opens_the_case_again(db_city: scoped_session[Session]) -> None:
    report = planned()
    row = visit(report, Seen(Outcome.FAILED, "又在夜里排放。"))
    assert (report.state, report.reopened_count, row.outcome) == (
        State.HANDLING, 1, Outcome.FAILED,
    )  # fmt: skip
    last = events_of("report", report.id)[-1]
    assert (last.kind, last.actor_kind, last.actor_id) == (Action.REOPEN, "system", None)
    assert last.data["reason_code"] == "lookback_failed"
    assert planned_for(report) == [], "the second look-back went with the round"
    drain()
    fact = db.session.get_one(CaseFact, report.id)
    assert Measure(fact.measures) & Measure.REBOUND


def test_a_rebound_is_red_at_once_and_stays_so(db_city: scoped_session[Session]) -> None:
    report, boss = planned(), staff(Role.SUPERVISOR)
    visit(report, Seen(Outcome.FAILED, "又在排放。"))
    term, at = open_deadline(report.id, Clock.RESOLVE), report.state_since
    assert term is not None
    assert term.due_at > at + DAY
    with writing():
        recount_terms(report, at)
    assert term.colour(at) is Colour.RED
    shown = {
        wanted: bool(queue_page(Queue.ALL, QueueFilter(colour=wanted), boss, at).reports)
        for wanted in Colour
    }
    assert shown == {
        Colour.RED: True, Colour.YELLOW: False, Colour.BLUE: False, Colour.NONE: False,
    }  # fmt: skip


def test_what_cannot_be_told_is_tried_again(db_city: scoped_session[Session]) -> None:
    report = planned()
    row = visit(report, Seen(Outcome.UNDETERMINED, "大门锁着。"))
    assert (row.done_at, row.outcome, report.state) == (None, None, State.DEREGISTERED)
    assert not events_of("report", report.id)[-1].is_public
    visit(report)
    assert [one.outcome for one in row.visits] == [Outcome.UNDETERMINED, Outcome.PASSED]


def test_settled_is_settled(db_city: scoped_session[Session]) -> None:
    report = planned()
    visit(report)
    with pytest.raises(GuardError):
        visit(report, Seen(Outcome.FAILED, "又反弹"))
    second = planned_for(report)[1]
    walk(report, Action.REOPEN)
    with pytest.raises(GuardError), writing():
        record_visit(second, DONE, by=staff(Role.REVIEWER), at=report.state_since)


def test_a_rebound_says_what_was_seen(db_city: scoped_session[Session]) -> None:
    report = planned()
    with pytest.raises(InvalidFieldsError):
        visit(report, Seen(Outcome.FAILED))
    assert report.state == State.DEREGISTERED


def test_who_may_look(db_city: scoped_session[Session]) -> None:
    """Roles without the right, and everybody of a department that had a part in the case."""
    report = planned()
    for role in set(Role) - {Role.REVIEWER, Role.GRID}:
        with pytest.raises(NotAllowedError):
            visit(report, by=staff(role))
    for department in (LEAD, "zhen-01"):
        inside = staff(Role.GRID, Role.REVIEWER, department=department, grid_code=TOWN)
        with pytest.raises(SeparationError):
            visit(report, by=inside)
        assert look_backs_to_do(inside) == []
    assert report.state == State.DEREGISTERED


def test_whose_list_shows_what(db_city: scoped_session[Session]) -> None:
    report = planned()
    seen = {
        "reviewer": staff(Role.REVIEWER),
        "village": staff(Role.GRID, grid_code=VILLAGE),
        "town": staff(Role.GRID, grid_code=TOWN),
        "elsewhere": staff(Role.GRID, grid_code=OTHER_VILLAGE),
        "cg": staff(Role.CLERK, department="cg"),
    }
    lists = {name: len(look_backs_to_do(one)) for name, one in seen.items()}
    assert lists == {"reviewer": 2, "village": 2, "town": 2, "elsewhere": 0, "cg": 0}
    row = planned_for(report)[0]
    assert look_back_in_scope(seen["elsewhere"], row.id) is None
    assert look_back_in_scope(seen["village"], row.id) is row
    soon = report.state_since + 25 * DAY
    assert to_do_count(seen["town"], report.state_since) == 0
    assert to_do_count(seen["town"], soon) == 1
    visit(report)
    assert look_backs_done(seen["town"]) == [row]
    assert look_backs_done(seen["elsewhere"]) == []


def test_colours_follow_the_due_day(db_city: scoped_session[Session]) -> None:
    row = planned_for(planned())[0]
    due = row.planned_at + (row.due_on - local(row.planned_at).date())
    days = {-25: "none", -1: "blue", 2: "yellow", 12: "red"}
    assert {n: colour(row, due + n * DAY) for n in days} == days


def public(report: Report) -> PublicCase:
    drain()
    return db.session.get_one(PublicCase, report.id)


def test_the_public_row(db_city: scoped_session[Session]) -> None:
    report = planned()
    assert public(report).look_back is None
    visit(report)
    case = public(report)
    assert (case.look_back, case.looked_back_on) == (
        "passed", local(report.state_since + 30 * DAY).date(),
    )  # fmt: skip
    assert case.timeline[-1]["outcome"] == "passed"
    visit(report, Seen(Outcome.FAILED, "又在排放。"), nth=1)
    case = public(report)
    assert (case.look_back, case.is_reopened, case.state) == ("failed", True, "handling")
    assert [line.get("reason") for line in case.timeline][-1] == "lookback_failed"
    walk(report, *PATHS[State.PUBLISHED][3:])
    assert public(report).look_back is None, "what failed was put right since"


def test_a_withheld_case_says_nothing_of_it(db_city: scoped_session[Session]) -> None:
    report = walk(at_state(State.WITHHELD), Action.DEREGISTER)
    with writing():
        star_report(report, starred=True, by=staff(Role.SUPERVISOR), at=report.state_since)
    drain()
    visit(report)
    case = public(report)
    assert (case.look_back, case.looked_back_on, case.timeline) == (None, None, [])
