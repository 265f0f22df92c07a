"""What may be the same thing, for staff: the matcher, its candidates, and the planted truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.cli.demo.filing import file_planned
from portal.cli.demo.plans import Plan, Planner
from portal.cli.demo.settle import settle_city
from portal.cli.demo.staff import actor
from portal.core.db import db, transaction
from portal.core.geo import Point
from portal.domain.accounts.actor import SYSTEM
from portal.domain.accounts.permissions import Role
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.states import Action, State
from portal.domain.triage.duplicates import are_told_apart, likely_same, take_back, tell_apart
from portal.domain.triage.likeness import Kinship, Sketch, compared, differing_bits, duplicates
from portal.domain.triage.services import Part, split_report
from tests.factories import START, file, grid, staff, take, walk, writing

HERE = Point(30.4, 112.4)
METRE = 1 / 111_320
WORDS = "工地土堆没盖，刮风就扬尘，满屋都是灰。"
HASH = "ff00ff00ff00ff00"
FILINGS, SEED = 400, 7


def sketch(key: int, metres: float = 0, **more: Any) -> Sketch:
    """A report so many metres north of HERE."""
    facts: dict[str, Any] = {
        "category": "air.dust",
        "words": WORDS,
        "received_at": START,
        "point": Point(HERE.lat + metres * METRE, HERE.lng),
    } | more
    return Sketch(key=key, **facts)


def keys(*known: Sketch, **told: Any) -> list[int]:
    return [match.key for match in duplicates(sketch(0, **told), known)]


def test_the_likest_come_first_and_three_at_most() -> None:
    known = [sketch(n, metres) for n, metres in enumerate((400, 20, 90, 150), start=1)]
    assert keys(*known) == [2, 3, 4]
    assert keys(sketch(1, received_at=START + timedelta(hours=1)), sketch(2)) == [2, 1]


@pytest.mark.parametrize(
    "far",
    [
        sketch(1, 501),
        sketch(1, 300, category="water.outfall", words="河水发黑发臭。"),
        sketch(1, point=None, grid_id=2),
    ],
    ids=["too far", "another thing", "another village"],
)
def test_what_is_not_like_is_not_suggested(far: Sketch) -> None:
    assert keys(far, grid_id=1) == []


def test_the_match_says_why() -> None:
    (match,) = duplicates(
        sketch(0, hashes=(HASH,)),
        [sketch(1, 80, received_at=START - timedelta(hours=2), hashes=("ff00ff00ff00ff0f",))],
    )
    assert match.distance_m == pytest.approx(80, abs=1)
    assert (match.kinship, match.hours) == (Kinship.SAME, 2)
    assert match.has_like_words
    assert match.has_like_picture


def test_a_like_picture_outweighs_other_words_and_another_kind() -> None:
    other = {"category": "air.smoke", "words": "楼下有烟冒出来了，请来看看。"}
    known = sketch(1, 250, received_at=START - timedelta(days=9), **other)
    assert keys(known, hashes=(HASH,)) == []
    assert keys(sketch(1, 250, hashes=(HASH,), **other), hashes=(HASH,)) == [1]
    assert keys(sketch(1, 250, hashes=("00ff00ff00ff00ff",), **other), hashes=(HASH,)) == []


def test_bits_of_what_is_no_hash_all_differ() -> None:
    assert differing_bits(HASH, HASH) == 0
    assert differing_bits(HASH, "none") == 64


def test_a_village_named_in_an_address_is_a_place() -> None:
    named = sketch(1, point=None, address="河东村村口的料场")
    assert keys(named, grid_id=7, grid_name="河东村") == [1]
    assert compared(sketch(0, grid_name="河东村"), named).distance_m is None


def test_reports_told_apart_and_parts_of_one_filing_are_no_suggestion(
    db_city: scoped_session[Session],
) -> None:
    one, two = _filed(10), _filed(30)
    by = staff(Role.TRIAGE)
    assert _numbers(one) == [two.number]
    with transaction():
        tell_apart(two, one, by=by, at=START)
        tell_apart(one, two, by=by, at=START)
    assert are_told_apart(one, two)
    assert _numbers(one) == _numbers(two) == []
    with transaction():
        take_back(one, two)
    assert _numbers(two) == [one.number]
    with pytest.raises(GuardError), transaction():
        tell_apart(one, one, by=by, at=START)

    walk(one, Action.ACCEPT)
    with transaction():
        parts = [Part("夜间噪声扰民。"), Part("刮风就扬尘。")]
        at = one.state_since + timedelta(minutes=1)
        children = split_report(one, parts, expected=one.version, by=by, at=at)
    family = {one.number, *(child.number for child in children)}
    assert not family & set(_numbers(one))
    assert not family & set(_numbers(children[0]))


def test_only_what_can_be_a_main_and_what_one_may_see(db_city: scoped_session[Session]) -> None:
    one, two = _filed(10), _filed(30)
    assert _numbers(one, Role.CLERK) == []
    take(two, Action.DECLINE)
    assert two.state == State.DECLINED
    assert _numbers(one) == []


def test_planted_duplicates_are_among_the_first_three(
    session: scoped_session[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    plans = _demo_city(datetime(2026, 11, 22, tzinfo=UTC))
    main_of = {plan.number: plan.twin_of.number for plan in plans if plan.twin_of}
    shown = {report.number: _numbers(report) for report in db.session.query(Report)}
    found = sum(main in shown[number] for number, main in main_of.items())
    group = {plan.number: main_of.get(plan.number, plan.number) for plan in plans}
    cards = [(number, other) for number, others in shown.items() for other in others]
    right = sum(group[number] == group[other] for number, other in cards)
    alone = [n for n in shown if n not in main_of and n not in main_of.values()]
    disturbed = sum(bool(shown[number]) for number in alone)
    with capsys.disabled():
        print(
            f"\nduplicates: recall {found}/{len(main_of)} among the first three, "
            f"precision {right}/{len(cards)}, {disturbed}/{len(alone)} others got a suggestion"
        )
    assert len(main_of) >= 15
    assert found / len(main_of) >= 0.8
    assert right / len(cards) >= 0.5
    assert disturbed / len(alone) <= 0.1


def _filed(metres: float) -> Report:
    lat = HERE.lat + metres * METRE
    place = Place(lat, HERE.lng, lat, HERE.lng, "wgs84", "pin", 10.0, grid=grid())
    with writing():
        return file(place=place)


def _numbers(report: Report, role: Role | None = None) -> list[str]:
    by = staff(role) if role else SYSTEM
    return [likely.report.number for likely in likely_same(report, by)]


def _demo_city(midnight: datetime) -> list[Plan]:
    """The demo's filings without their photographs, each as it came in."""
    settle_city()
    actor.cache_clear()
    plans = Planner(FILINGS, SEED, midnight).plans()
    with transaction():
        for plan in plans:
            plan.number = file_planned(plan, []).report.number
    return plans
