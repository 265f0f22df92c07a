"""What is known near by: the matcher, and how well it does on the demo city's planted truth."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.cli.demo.filing import file_planned
from portal.cli.demo.plans import Plan, Planner
from portal.cli.demo.settle import settle_city
from portal.cli.demo.staff import actor
from portal.cli.demo.texts.outcomes import outcome
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.core.geo import Point, round_point
from portal.domain.categories.queries import category_by_code, top_of
from portal.domain.grids.queries import grid_by_code
from portal.domain.publication.models import PublicCase, PublicCopy, PublicLevel, Rounding
from portal.domain.publication.nearby import published_near
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.triage.nearby import KnownCase, Told, likest, reach_of
from portal.domain.triage.queries import under_way_near
from tests.factories import PATHS, START, file, grid, walk, writing

ON = date(2026, 11, 22)
HERE = Point(30.4, 112.4)
TOLD = Told("air.dust", "工地土堆没盖，刮风就扬尘，满屋都是灰。", HERE, village_id=1)
METRE = 1 / 111_320
SEED, FILINGS = 1, 500
_ROUNDINGS = {5: Rounding.EXACT, 3: Rounding.STREET, 2: Rounding.AREA}


def known(
    key: int = 1, metres: float = 40, category: str = "air.dust", **more: object
) -> KnownCase:
    """A case so many metres north of HERE, closed last week."""
    facts: dict[str, Any] = {
        "words": "住建局到现场核查，工地土堆没有盖，扬尘情况属实。",
        "point": Point(HERE.lat + metres * METRE, HERE.lng),
        "reach_m": 0.0,
        "village_id": 1,
        "closed_on": date(2026, 11, 15),
    } | more
    return KnownCase(key=key, category=category, **facts)


def keys(told: Told, *cases: KnownCase) -> list[int]:
    """Which of `cases` are shown, in order."""
    return [one.key for one in likest(told, cases, ON)]


def test_the_nearer_and_the_more_like_come_first_and_three_at_most() -> None:
    cases = [known(1, 300), known(2, 20), known(3, 20, "air.smoke"), known(4, 90), known(5, 150)]
    assert keys(TOLD, *cases) == [2, 4, 5]
    assert likest(TOLD, cases[1:2], ON)[0].distance_m == pytest.approx(20, abs=1)


@pytest.mark.parametrize(
    "case",
    [known(metres=501), known(category="water.outfall"), known(metres=300, category="air.voc")],
    ids=["too far", "another kind", "far and of another sort"],
)
def test_what_is_not_like_is_not_shown(case: KnownCase) -> None:
    assert keys(TOLD, case) == []


def test_what_is_still_open_or_closed_lately_counts_more() -> None:
    old = known(1, closed_on=ON - timedelta(days=91))
    assert keys(TOLD, old, known(2, closed_on=None), known(3)) == [3, 2, 1]


def test_a_rounded_point_is_forgiven_by_how_far_it_was_rounded() -> None:
    assert reach_of(2) == pytest.approx(787, abs=1)
    assert keys(TOLD, known(metres=900)) == []
    assert keys(TOLD, known(metres=900, reach_m=reach_of(2))) == [1]


def test_without_a_point_the_same_village_must_do() -> None:
    far = known(point=None, village_id=2)
    assert keys(TOLD, known(point=None)) == [1]
    assert keys(TOLD, far) == []
    assert keys(TOLD, known(point=None, category="air.voc")) == []


def test_a_village_of_many_cases_needs_like_words() -> None:
    old: dict[str, Any] = {"point": None, "closed_on": date(2025, 1, 1)}
    others = [known(n, words="与此无关的别的事情", **old) for n in (2, 3, 4)]
    assert keys(TOLD, known(1, **old), *others) == [1]
    assert keys(Told("air.dust", TOLD.words, village_id=1), *others) == []


def test_few_reports_under_way_are_not_told(db_city: scoped_session[Session]) -> None:
    at = START + timedelta(hours=3)
    for metres in (10, 120):
        _accepted(metres)
    assert under_way_near(HERE, "air", at) == 0
    _accepted(200)
    assert under_way_near(HERE, "air", at) == 3
    assert under_way_near(HERE, "water", at) == 0
    assert under_way_near(Point(30.41, 112.4), "air", at) == 0
    assert under_way_near(HERE, "air", at + timedelta(days=7)) == 0


def test_reports_nobody_accepted_are_not_counted(db_city: scoped_session[Session]) -> None:
    for metres in (10, 20, 30):
        file(place=_place(metres))
    assert under_way_near(HERE, "air", START + timedelta(hours=1)) == 0


def test_planted_duplicates_are_found_and_others_left_alone(
    session: scoped_session[Session],
) -> None:
    at = datetime(2026, 11, 22, 4, tzinfo=UTC)
    plans = _demo_city(at)
    shown = {id(plan): _shown_for(plan, at) for plan in plans}
    published = {row.number for row in db.session.query(PublicCase)}
    twins = [p for p in plans if p.twin_of and p.twin_of.number in published]
    alone = [p for p in plans if p.twin_of is None]
    found = sum(p.twin_of.number in shown[id(p)] for p in twins if p.twin_of)
    disturbed = sum(bool(shown[id(p)]) for p in alone)
    assert len(twins) >= 10
    assert found / len(twins) >= 0.80, f"{found} of {len(twins)}"
    assert disturbed / len(alone) <= 0.10, f"{disturbed} of {len(alone)}"


def _place(metres: float) -> Place:
    lat = HERE.lat + metres * METRE
    return Place(lat, HERE.lng, lat, HERE.lng, "wgs84", "pin", 10.0, grid=grid())


def _accepted(metres: float) -> Report:
    with writing():
        return walk(file(place=_place(metres)), *PATHS[State.ACCEPTED])


def _demo_city(at: datetime) -> list[Plan]:
    """The demo's filings without their photos, and the public rows of those that get published:
    walking them through every step would take minutes and change nothing that is compared.
    """
    settle_city()
    actor.cache_clear()
    plans = Planner(FILINGS, SEED, at.replace(hour=0)).plans()
    with transaction():
        for plan in plans:
            report = file_planned(plan, []).report
            plan.number = report.number
            _publish(plan, report, at)
    return plans


def _publish(plan: Plan, report: Report, at: datetime) -> None:
    """The public row as publication.listing makes it, when the plan's life leads to one; category
    and village are those that triage settles at acceptance.
    """
    resolved = [when for step, when in plan.times.steps if step == "resolve"]
    if not any(step == "publish" for step, _ in plan.times.steps):
        return
    category, village = category_by_code(plan.category), grid_by_code(plan.village.code)
    assert category
    assert village
    rounding = _ROUNDINGS[category.place_rounding]
    assert rounding.decimals is not None
    has_point = report.lat is not None and report.lng is not None
    point = round_point(Point(report.lat or 0, report.lng or 0), rounding.decimals)
    told = outcome(plan.category, plan.verdict, plan.village.zh, "生态环境局",
                   Random(f"outcome:{plan.seed}"))  # fmt: skip
    shown = {
        "lat": point.lat if has_point else None,
        "lng": point.lng if has_point else None,
        "text": told.public,
    }
    closed_on = local(resolved[-1]).date()
    db.session.add(
        PublicCopy(
            report_id=report.id, verdict=plan.verdict, measures=[], rounding=rounding,
            released_at=at, released_by_id=1, resolved_on=closed_on, **shown,
        )
    )  # fmt: skip
    db.session.add(
        PublicCase(
            report_id=report.id,
            number=report.number,
            level=PublicLevel.PUBLISHED,
            state=State.DEREGISTERED,
            category_code=top_of(category).code,
            category_id=category.id,
            town_id=report.town_id,
            village_id=village.id,
            received_on=local(report.received_at).date(),
            closed_on=closed_on,
            updated_at=at,
            **shown,
        )
    )


def _shown_for(plan: Plan, at: datetime) -> list[str]:
    """The numbers somebody who files this plan now would be shown; their own is no suggestion."""
    report = db.session.query(Report).filter_by(number=plan.number).one()
    has_point = report.lat is not None and report.lng is not None
    told = Told(
        report.category.code,
        report.description,
        Point(report.lat or 0, report.lng or 0) if has_point else None,
        report.grid_id,
    )
    own = {plan.number}
    return [one.case.number for one in published_near(told, at) if one.case.number not in own]
