"""What systems file and tell, and what programs harvest, on both kinds of database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.geo import Box, Point
from portal.domain.publication.harvest import Circle, Harvest, Steps, harvested, public_steps
from portal.domain.reports.filing import NewReport, Place
from portal.domain.reports.models import ThreadKind
from portal.domain.reports.states import Action, State
from portal.domain.reports.thread import thread_of
from portal.domain.reports.tracking import report_by_number
from portal.domain.writers.models import ApiKey
from portal.domain.writers.queries import number_by_token, writer_by_name
from portal.domain.writers.services import (
    NewWriter,
    Received,
    Telling,
    add_writer,
    file_for,
    tell_update,
)
from tests.factories import at_state, drain, grid, make_category, walk

pytestmark = pytest.mark.engine


@pytest.fixture
def writer(db_city: scoped_session[Session]) -> ApiKey:
    with transaction():
        add_writer(NewWriter("平台", window_minutes=60, gives_token=True), created_by="t", at=now())
    found = writer_by_name("平台")
    assert found is not None
    return found


def send(
    writer: ApiKey, words: str = "夜里有臭味。", *, after: timedelta = timedelta()
) -> Received:
    place = Place(30.4, 112.4, 30.4, 112.4, "wgs84", "pin", grid=grid())
    with transaction():
        new = NewReport([make_category()], words, place)
        return file_for(writer, new, [], "", at=now() + after)


def test_the_window_ends(writer: ApiKey) -> None:
    first = send(writer)
    assert send(writer, after=timedelta(minutes=59)).number == first.number
    assert send(writer, after=timedelta(minutes=61)).number != first.number
    assert send(writer, "别的。").number != first.number


def test_a_token_names_its_report(writer: ApiKey) -> None:
    received = send(writer)
    assert received.token
    assert number_by_token(received.token) == received.number


def test_what_is_told_twice_is_kept_once(writer: ApiKey) -> None:
    report = report_by_number(send(writer).number)
    assert report is not None
    for words in ("今晚又有了。", "换了说法。"):
        with transaction():
            tell_update(writer, report, Telling("7", words), at=now())
    assert [entry.text for entry in thread_of(report, ThreadKind.INFO)] == ["今晚又有了。"]


def test_programs_harvest_by_change_place_and_words(db_city: scoped_session[Session]) -> None:
    place = Place(30.4, 112.4, 30.4, 112.4, "wgs84", "pin", grid=grid())
    published = at_state(State.PUBLISHED, place=place)
    listed = at_state(State.ACCEPTED)
    drain()

    def numbers(**wanted: object) -> list[str]:
        return [case.number for case in harvested(Harvest(**wanted))]  # type: ignore[arg-type]

    assert numbers() == [listed.number, published.number]
    assert numbers(statuses=frozenset({"closed"})) == [published.number]
    assert numbers(box=Box(30.3, 112.3, 30.5, 112.5)) == [published.number]
    assert numbers(circle=Circle(Point(30.4, 112.4), 200.0)) == [published.number]
    assert numbers(circle=Circle(Point(30.5, 112.4), 200.0)) == []
    assert numbers(words="停产") == [published.number]
    assert numbers(categories=["air"]) == [listed.number]
    changed = harvested(Harvest(numbers=[published.number]))[0].modified_at
    assert published.number in numbers(changed_from=changed)
    assert published.number not in numbers(
        changed_from=changed + timedelta(seconds=1), changed_to=changed + timedelta(seconds=2)
    )


def test_each_public_change_is_one_step(db_city: scoped_session[Session]) -> None:
    begun = now() - timedelta(days=1)
    report = at_state(State.ACCEPTED)
    drain()
    walk(report, Action.DISPATCH)
    drain()
    steps = public_steps(Steps(begun, now() + timedelta(days=1)))
    assert [step.state for step, _case in steps] == [State.ACCEPTED, State.DISPATCHED]
    with transaction():
        from portal.domain.publication.listing import refresh_public_case

        refresh_public_case(report, now())
    assert len(public_steps(Steps(begun, now() + timedelta(days=1)))) == 2
