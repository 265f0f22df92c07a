"""Merging, unmerging, splitting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import assignments_of
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import deadlines_of, open_deadlines
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.vault import Contact
from portal.domain.timeline.queries import events_of
from portal.domain.triage.services import (
    MOST_PARTS,
    Part,
    children_of,
    followers_of,
    merge_report,
    split_report,
)
from tests.factories import at_state, file, photo, staff, take, walk

A = Action


def merge(report: Report, main: Report) -> None:
    at = max(report.state_since, main.state_since) + timedelta(minutes=5)
    with transaction():
        merge_report(report, main.number, expected=report.version, by=staff(Role.TRIAGE), at=at)


def test_a_merge_closes_what_ran_and_takes_followers_along(
    db_city: scoped_session[Session],
) -> None:
    main, middle, follower = at_state(State.ACCEPTED), at_state(State.HANDLING), file()
    merge(follower, middle)
    merge(middle, main)
    assert (middle.state, follower.state) == (State.MERGED, State.MERGED)
    assert set(followers_of(main)) == {middle, follower}
    assert assignments_of(middle) == []
    assert open_deadlines(middle.id) == []
    assert (middle.due_at, middle.due_clock) == (None, None)
    added = [e.data["number"] for e in events_of("report", main.id) if e.kind == "follower_added"]
    assert added == [middle.number]


def test_an_unknown_main_is_a_wrong_input(db_city: scoped_session[Session]) -> None:
    report = file()
    with pytest.raises(InvalidFieldsError) as caught, transaction():
        merge_report(
            report, "SP260309999999X", expected=1, by=staff(Role.TRIAGE), at=report.received_at
        )
    assert set(caught.value.faults) == {"main_number"}


def test_the_main_number_is_read_as_people_type_it(db_city: scoped_session[Session]) -> None:
    report, main = file(), file()
    typed = f" {main.number[:2].lower()}-{main.number[2:]} "
    with transaction():
        merge_report(report, typed, expected=1, by=staff(Role.SUPERVISOR), at=main.received_at)
    assert report.main_id == main.id


@pytest.mark.parametrize(
    ("path", "state", "clock"),
    [
        ((), State.SUBMITTED, Clock.ACCEPT),
        ((A.ACCEPT,), State.ACCEPTED, Clock.DISPATCH),
        ((A.ACCEPT, A.DISPATCH), State.ACCEPTED, Clock.DISPATCH),
        ((A.ACCEPT, A.DISPATCH, A.RETURN), State.ACCEPTED, Clock.DISPATCH),
        ((A.ACCEPT, A.DISPATCH, A.SIGN), State.ACCEPTED, Clock.DISPATCH),
    ],
)
def test_unmerging(
    db_city: scoped_session[Session], path: tuple[Action, ...], state: State, clock: Clock
) -> None:
    report = walk(file(), *path, A.MERGE, A.UNMERGE)
    assert report.state == state
    assert report.main_id is None
    assert [d.clock for d in open_deadlines(report.id)] == [clock]


def test_resolve_keeps_its_end_over_a_merge(db_city: scoped_session[Session]) -> None:
    """The clock that started at the first dispatch runs on when the case is dispatched again."""
    report = walk(file(contact=Contact(phone="13800138000")), A.ACCEPT, A.DISPATCH, A.SIGN)
    once = {Clock.RESOLVE, Clock.CONTACT}
    before = {d.clock: d.due_at for d in open_deadlines(report.id) if d.clock in once}
    walk(report, A.MERGE, A.UNMERGE, A.DISPATCH)
    rows = [d for d in deadlines_of(report.id) if d.clock in once]
    assert {d.clock: d.due_at for d in rows} == before
    assert len(rows) == 2
    assert all(d.stopped_at is None for d in rows)


def test_children_are_accepted_like_their_parent(db_city: scoped_session[Session]) -> None:
    parent = file(photos=[photo()], contact=Contact(name="李四", phone="13900139000"))
    walk(parent, A.ACCEPT)
    children = take(parent, A.SPLIT)
    assert parent.state == State.ACCEPTED
    assert set(children_of(parent)) == set(children)
    for child in children:
        assert child.state == State.ACCEPTED
        assert (child.track, child.deadline_class) == (parent.track, parent.deadline_class)
        assert (child.grid, child.category) == (parent.grid, parent.category)
        assert child.received_at == parent.received_at
        assert not child.has_contact  # the person stays with the parent
        assert [e.kind for e in events_of("report", child.id)] == ["file", "accept"]
        assert {d.clock for d in open_deadlines(child.id)} == {Clock.DISPATCH}
    codes = {r.query_code_mac for r in (parent, *children)}
    assert len(codes) == len({r.number for r in (parent, *children)}) == 3
    walk(children[0], A.DISPATCH, A.SIGN, A.PROPOSE, A.SUBMIT, A.RESOLVE)


def test_ten_parts_at_most(db_city: scoped_session[Session]) -> None:
    report = at_state(State.ACCEPTED)
    parts = [Part(f"第{n}个问题很严重") for n in range(MOST_PARTS)]
    with transaction():
        by = staff(Role.TRIAGE)
        found = split_report(report, parts, expected=report.version, by=by, at=report.state_since)
    assert [c.description for c in found] == [p.description for p in parts]
