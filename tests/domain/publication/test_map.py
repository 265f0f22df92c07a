"""The map's sums are those of the public rows, whatever happened in which order; nothing leaks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import delete, select, update
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.db import db
from portal.core.geo import Box
from portal.domain.accounts.permissions import Role
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.map_cells import lapsed, place_case
from portal.domain.publication.map_keys import KEPT, SLICED
from portal.domain.publication.map_models import MapCase, MapCell, MapSlice
from portal.domain.publication.map_queries import (
    Spot,
    cases_in,
    months,
    seen,
    singles,
    spots,
    towns,
)
from portal.domain.publication.map_recount import is_behind, map_faults, rebuild_map
from portal.domain.publication.map_view import MOST_SQUARES, View
from portal.domain.publication.models import PublicCase, Rounding
from portal.domain.publication.queries import PublicFilter, public_case_count
from portal.domain.publication.services import Release, publish_report
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from tests.domain.figures.restless import City, at_rest
from tests.factories import (
    PATHS,
    START,
    TOWN,
    at_state,
    city,
    drain,
    file,
    grid,
    staff,
    walk,
    writing,
)

WHOLE = Box(30.0, 112.0, 31.0, 113.0)
ANY = PublicFilter()
LATER = START + timedelta(days=90)


def cells() -> dict[tuple[object, ...], tuple[int, ...]]:
    found: dict[tuple[object, ...], tuple[int, ...]] = {}
    for c in db.session.scalars(select(MapCell)):
        key = (c.level, c.month, c.row, c.column, c.category_code, c.state, c.is_late)
        found[key] = (c.count, c.ids, c.lat_sum, c.lng_sum)
    for s in db.session.scalars(select(MapSlice)):
        part = (s.part, s.level, s.row, s.column, s.category_code, s.state, s.is_late)
        found[part] = (s.count, s.ids, s.lat_sum, s.lng_sum)
    return found


def catch_up(at: datetime) -> None:
    while due := lapsed(at):
        for report_id in due:
            place_case(report_id, at)


def publish(
    rounding: Rounding = Rounding.STREET, what: str = "air.odor", at: datetime = START
) -> Report:
    report = walk(file(what, at=at), *PATHS[State.RESOLVED])
    with writing():
        report = db.session.get_one(Report, report.id)
        by, at = staff(Role.PUBLISHER), report.state_since
        publish_report(report, Release({}, rounding), expected=report.version, by=by, at=at)
    drain()
    return report


def test_after_many_actions_the_sums_are_right(session: scoped_session[Session]) -> None:
    city()
    restless, done, since = City(seed=11), 0, 0
    while done < 700:
        with writing():
            for _ in range(100):
                done += restless.step()
            events = restless.new_events(since)
            restless.rng.shuffle(events)
            for report_id, event_id in events + events[: len(events) // 3]:
                report = db.session.get_one(Report, report_id)
                refresh_public_case(report, restless.at)
                since = max(since, event_id)
            if restless.rng.random() < 0.3:
                catch_up(restless.at)
    at = at_rest(restless)
    with writing():
        catch_up(at)
    assert map_faults(at) == []
    kept = cells()
    located = [key for key in kept if key[0] == KEPT[-1]]
    late = [key for key in kept if key[-1]]
    assert located
    assert late
    rebuild_map(at)
    assert cells() == kept


@pytest.mark.engine
def test_a_planted_fault_is_found(session: scoped_session[Session]) -> None:
    city()
    publish()
    assert map_faults(LATER) == []
    for damage in (
        update(MapCell).where(MapCell.level == KEPT[0]).values(count=99),
        delete(MapCell).where(MapCell.level == KEPT[-1]),
        update(MapSlice).where(MapSlice.part.startswith("d")).values(count=99),
        delete(MapSlice).where(MapSlice.level == SLICED[-1]),
    ):
        with writing():
            db.session.execute(damage)
        assert map_faults(LATER)
        rebuild_map(LATER)
        assert map_faults(LATER) == []
    with writing():
        db.session.execute(delete(MapCase))
    assert is_behind()


@pytest.mark.engine
def test_every_view_holds_every_published_case(session: scoped_session[Session]) -> None:
    city()
    for _ in range(2):
        publish()
    at_state(State.HANDLING)
    drain()
    for zoom in range(19):
        view = View.of(WHOLE, zoom)
        assert view.size <= MOST_SQUARES
        assert sum(spot.count for spot in spots(view, ANY)) == 2
    found = towns(ANY)[grid(TOWN).id]
    assert (found.located, found.unlocated, found.count) == (2, 1, 3)


@pytest.mark.engine
def test_filters_agree_with_the_list(session: scoped_session[Session]) -> None:
    city()
    publish(what="noise.social")
    publish(at=START + timedelta(days=40))
    at_state(State.HANDLING)
    drain()
    with writing():
        catch_up(LATER)
    day = local(START).date()
    month = day.replace(day=1)
    unit = db.session.scalar(select(PublicCase.department_id))
    number = db.session.scalar(select(PublicCase.number))
    for wanted in (
        ANY,
        PublicFilter(category="noise"),
        PublicFilter(category="noise.social"),
        PublicFilter(state="closed"),
        PublicFilter(state="open"),
        PublicFilter(state="overdue"),
        PublicFilter(state="published"),
        PublicFilter(from_on=month),
        PublicFilter(to_on=day),
        PublicFilter(from_on=day + timedelta(days=1), to_on=day + timedelta(days=60)),
        PublicFilter(from_on=month, to_on=month.replace(day=28) + timedelta(days=60)),
        PublicFilter(town_id=grid(TOWN).id),
        PublicFilter(town_id=grid(TOWN).id, from_on=month, category="air"),
        PublicFilter(department_id=unit),
        PublicFilter(department_id=unit, category="noise", state="closed"),
        PublicFilter(department_id=unit, town_id=grid(TOWN).id),
        PublicFilter(department_id=unit, from_on=month),
        PublicFilter(town_id=grid(TOWN).id, state="overdue"),
        PublicFilter(category="noise.social", state="closed"),
        PublicFilter(category="noise.unknown"),
        PublicFilter(q=str(number)),
        PublicFilter(q="镇"),
    ):
        count = public_case_count(wanted, LATER)
        assert sum(town.count for town in towns(wanted).values()) == count, wanted
        located = sum(town.located for town in towns(wanted).values())
        nowhere = {key: town.unlocated for key, town in towns(wanted).items() if town.unlocated}
        for zoom in (5, 12, 18):
            view = View.of(WHOLE, zoom)
            assert sum(spot.count for spot in spots(view, wanted)) == located, wanted
            assert seen(view, wanted).unlocated == nowhere, wanted
            assert len(cases_in(view, wanted, 20, located)) == located
            assert len(cases_in(view, wanted, 20, 10**6)) == located
    assert sum(months(ANY).values()) == 3
    assert sum(months(PublicFilter(q=str(number), from_on=LATER.date())).values()) == 1


def only(view: View) -> Spot:
    (spot,) = spots(view, ANY)
    return spot


@pytest.mark.engine
@pytest.mark.parametrize("rounding", [r for r in Rounding if r is not Rounding.TOWN])
def test_no_square_knows_more_than_the_public_point(
    session: scoped_session[Session], rounding: Rounding
) -> None:
    """At the finest zoom a case lies where its rounded point lies, and nowhere nearer the truth."""
    city()
    report = publish(rounding)
    view = View.of(WHOLE, 18)
    spot = only(view)
    assert rounding.decimals is not None
    lat, lng = (round(float(x or 0), rounding.decimals) for x in (report.lat, report.lng))
    assert spot.middle == pytest.approx((lat, lng))
    assert singles([spot])[spot.ids].number == report.number
    place = db.session.get_one(MapCase, report.id)
    assert (place.lat, place.lng) == (round(lat * 100_000), round(lng * 100_000))


@pytest.mark.engine
def test_places_that_are_not_public_leave_no_trace(session: scoped_session[Session]) -> None:
    city()
    town = publish(Rounding.TOWN)
    withheld = publish()
    walk(db.session.get_one(Report, withheld.id), Action.REOPEN)
    again = at_state(State.WITHHELD)
    drain()
    for report in (town, again):
        place = db.session.get_one(MapCase, report.id)
        assert (place.lat, place.lng, place.row, place.column) == (None,) * 4
    assert (
        sum(s.count for s in spots(View.of(WHOLE, 16), ANY)) == 1
    )  # the reopened one keeps its copy
    take_back = db.session.get_one(PublicCase, withheld.id)
    assert take_back.lat is not None


@pytest.mark.engine
def test_what_is_no_longer_public_goes(session: scoped_session[Session]) -> None:
    city()
    report = at_state(State.ACCEPTED)
    drain()
    assert cells()
    walk(db.session.get_one(Report, report.id), Action.WITHDRAW)
    drain()
    assert cells() == {}
    assert db.session.get(MapCase, report.id) is None


@pytest.mark.engine
def test_time_alone_makes_a_case_late(session: scoped_session[Session]) -> None:
    city()
    report = at_state(State.ACCEPTED)
    with writing():
        refresh_public_case(db.session.get_one(Report, report.id), report.state_since)
    assert [town.late for town in towns(ANY).values()] == [0]
    with writing():
        catch_up(LATER)
    assert [town.late for town in towns(ANY).values()] == [1]
    assert lapsed(LATER) == []
    assert map_faults(LATER) == []
