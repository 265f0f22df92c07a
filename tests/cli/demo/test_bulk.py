"""Copies of histories: as many as asked, each a city's own, and everything derived agrees."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import func, select, text
from sqlalchemy.orm import scoped_session

from portal.cli.demo.bulk import load
from portal.cli.demo.bulk.indexes import put_aside, put_back
from portal.cli.demo.bulk.load import add_copies
from portal.cli.demo.bulk.moulds import Mould, World
from portal.cli.demo.bulk.plan import planned, shift_of
from portal.cli.demo.bulk.templates import templates
from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.figures.models import CaseFact
from portal.domain.figures.recount import recount
from portal.domain.figures.rollup import lapsed, refresh_reports
from portal.domain.openlog.audit import audit_log
from portal.domain.openlog.case_audit import audit_cases
from portal.domain.openlog.models import Seal
from portal.domain.openlog.services import seal_events, take_lease
from portal.domain.publication.map_queries import towns
from portal.domain.publication.map_recount import map_faults
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import PublicFilter, public_case_count
from portal.domain.reports.filing import Place
from portal.domain.reports.histories import fault_in, history_faults
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.timeline.models import TimelineEvent
from tests.domain.openlog.ledger import seal_all
from tests.factories import PATHS, VILLAGE, at_state, city, drain, file, grid, walk, writing

COPIES = 150
STATES = (
    State.DEREGISTERED, State.DECLINED, State.WITHDRAWN, State.HANDLING, State.SUBMITTED,
    State.PUBLISHED, State.STAGE_CLOSED, State.MERGED,
)  # fmt: skip


def settle() -> list[str]:
    """A few histories that went through the services; their numbers."""
    city()
    for state in STATES:
        at_state(state)
    place = Place(30.4, 112.4, 30.4, 112.4, "wgs84", "pin", 10.0, "河堤路9号", grid(VILLAGE))
    walk(file(place=place, at=now() - timedelta(days=90)), *PATHS[State.DEREGISTERED])
    drain()
    with writing():
        refresh_reports(list(db.session.scalars(select(Report.id))), now())
    return list(db.session.scalars(select(Report.number)))


def catch_up() -> None:
    while due := lapsed(now()):
        with writing():
            refresh_reports(due, now())


@pytest.mark.engine
def test_everything_agrees_after_bulk(session: scoped_session[Session]) -> None:
    numbers = settle()
    before = len(numbers)
    add_copies(numbers, COPIES, 1, list[str]().append)
    assert db.session.scalar(select(func.count(Report.id))) == before + COPIES
    assert db.session.scalar(select(func.count(Report.number.distinct()))) == before + COPIES
    catch_up()
    found = recount(now())
    assert (found.faults, found.reports, found.owed) == ([], before + COPIES, 0)
    assert map_faults(now()) == []
    assert list(history_faults()) == []
    assert list(audit_cases(now())) == []
    newest = db.session.scalar(select(func.max(TimelineEvent.at)))
    assert newest is not None
    assert newest <= now()


def test_copies_lie_on_other_days_with_all_that_is_theirs(session: scoped_session[Session]) -> None:
    numbers = settle()
    last = db.session.scalar(select(func.max(Report.id))) or 0
    add_copies(numbers, COPIES, 1, list[str]().append)
    columns = (Report.number, Report.received_at, PublicCase.received_on, CaseFact.month)
    query = (
        select(*columns)
        .join(PublicCase, PublicCase.report_id == Report.id)
        .join(CaseFact, CaseFact.report_id == Report.id)
        .where(Report.id > last)
    )
    days = set()
    for number, received_at, received_on, month in db.session.execute(query):
        day = local(received_at).date()
        assert (f"{day:%y%m%d}", day, day.replace(day=1)) == (number[2:8], received_on, month)
        days.add(day)
    assert len(days) > 10


@pytest.mark.engine
def test_every_event_is_sealed_in_the_order_of_time(session: scoped_session[Session]) -> None:
    numbers = settle()
    add_copies(numbers, COPIES, 1, list[str]().append)
    sealed = select(Seal.event_id, Seal.sealed_at).order_by(Seal.seq)
    by_time = select(TimelineEvent.id, TimelineEvent.at).order_by(
        TimelineEvent.at, TimelineEvent.id
    )
    events = [(key, at.replace(microsecond=0)) for key, at in db.session.execute(by_time)]
    assert [tuple(row) for row in db.session.execute(sealed)] == events
    found = audit_log()
    assert (found.faults, found.notes, found.seals) == ([], [], len(events))
    assert found.heads > 10
    add_copies(numbers, 2, 2, list[str]().append)
    file()
    seal_all()
    assert list(audit_cases(now())) == []
    assert audit_log().faults == []


def test_a_load_goes_on_where_another_was_killed(session: scoped_session[Session]) -> None:
    """The dead one holds the log for a moment, and has sealed a part without any head."""
    numbers = settle()
    with writing():
        assert seal_events("killed", now()) > 0
        assert take_lease("killed", now(), timedelta(seconds=1))
    put_aside(["report"])
    add_copies(numbers, COPIES, 1, list[str]().append)
    assert list(audit_cases(now())) == []
    found = audit_log()
    assert (found.faults, found.notes, found.heads) == ([], [], 1)


@pytest.mark.sqlite
def test_indexes_are_as_before(session: scoped_session[Session]) -> None:
    before = indexes()
    add_copies(settle(), COPIES, 1, list[str]().append)
    assert indexes() == before
    put_aside(["report"])
    assert indexes() < before
    put_back(["report"])
    assert indexes() == before


def indexes() -> set[str]:
    found = set(db.session.scalars(text("SELECT sql FROM sqlite_master WHERE type = 'index'")))
    db.session.rollback()
    return {re.sub(r"\s+", " ", sql) for sql in found if sql}


@pytest.mark.engine
def test_copies_are_found_and_the_services_go_on(session: scoped_session[Session]) -> None:
    numbers = settle()
    add_copies(numbers, COPIES, 1, list[str]().append)
    listed = db.session.scalar(select(func.count(PublicCase.report_id))) or 0
    assert public_case_count(PublicFilter(q="镇"), now()) == listed
    assert sum(town.count for town in towns(PublicFilter()).values()) == listed
    copied = db.session.scalar(select(Report).order_by(Report.id.desc()).limit(1))
    assert copied is not None
    assert public_case_count(PublicFilter(q=copied.number), now()) <= 1
    report = walk(file(), *PATHS[State.ACCEPTED])
    assert report.id > copied.id
    assert not report.has_contact
    drain()
    assert list(history_faults()) == []


def rows(numbers: list[str], seed: int) -> dict[str, list[Any]]:
    found, maker = templates(numbers), load.copier(seed)
    world = World(now().replace(hour=0, minute=0, second=0, microsecond=0), maker.forms)
    for _, place, weeks in planned(found, 20, seed, world.midnight):
        maker.copy(Mould(found[place], shift_of(weeks), world))
    for report in maker.rows["report"]:
        report.pop(maker.forms["report"].at["query_code_mac"])
    made = {**maker.rows, "seal": list(maker.waiting.before(None))}
    # What psycopg wraps is no longer equal to its like.
    return {
        table: [[getattr(value, "obj", value) for value in row] for row in found]
        for table, found in made.items()
    }


def test_the_same_seed_gives_the_same_city(session: scoped_session[Session]) -> None:
    numbers = settle()
    assert rows(numbers, 4) == rows(numbers, 4)
    assert rows(numbers, 4) != rows(numbers, 5)


def test_a_history_that_jumps_is_told() -> None:
    filed = (Action.FILE, None, State.SUBMITTED)
    accepted = (Action.ACCEPT, State.SUBMITTED, State.ACCEPTED)
    assert fault_in([filed, accepted], State.ACCEPTED) == ""
    assert "stands in" in fault_in([filed], State.ACCEPTED)
    assert "starts from" in fault_in(
        [filed, (Action.SIGN, "dispatched", "handling")], State.HANDLING
    )
    assert "no step from" in fault_in(
        [filed, (Action.SIGN, "submitted", "handling")], State.HANDLING
    )
    assert "leads to" in fault_in([filed, (Action.ACCEPT, "submitted", "handling")], State.HANDLING)
