"""What is known near by: how like one another two reports are, by place, kind, words and age.

Advice only. The residents' page shows it before a filing is sent, the desk before a merge. It knows
nothing of tables: rooms above and below bring what they may show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import hypot, sqrt

from portal.core.geo import Point, haversine_m
from portal.core.text import bigrams

RADIUS_M = 500.0
RECENT_DAYS = 90
MOST_SHOWN = 3
# What a likeness is made of, together 1. Found by measuring (tests/domain/triage/test_nearby.py).
_BY_PLACE, _BY_CATEGORY, _BY_WORDS, _BY_AGE = 0.45, 0.25, 0.2, 0.1
_ENOUGH = 0.42
# Where a case has no point the same village must do, and little where the filing has none either:
# a village is kilometres wide. Both count less the more cases it has to choose from.
_SAME_VILLAGE, _VILLAGE_ONLY = 0.4, 0.05
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Told:
    """What somebody is about to tell: a category's code, words, a WGS-84 point, a grid's id."""

    category: str
    words: str
    point: Point | None = None
    village_id: int | None = None


@dataclass(frozen=True)
class KnownCase:
    """A case to compare with. `reach_m`: how far its shown point may lie from the true one."""

    key: int
    category: str
    words: str
    point: Point | None
    reach_m: float
    village_id: int | None
    closed_on: date | None


@dataclass(frozen=True)
class Likeness:
    """How like a known case is: 0 to 1, and its distance in metres where both have a point."""

    key: int
    score: float
    distance_m: float | None


def likest(told: Told, known: Iterable[KnownCase], on: date) -> list[Likeness]:
    """The cases that may well be the same thing on day `on`, the likest first, MOST_SHOWN at most.

    Only of the same level-1 category, and within RADIUS_M or, where a point is missing, in the same
    village.
    """
    cases = [case for case in known if _top(case.category) == _top(told.category)]
    choice = max(1, sum(_is_placed_by_village(told, case) for case in cases))
    village = (_SAME_VILLAGE if told.point else _VILLAGE_ONLY) / choice
    words = _counted(told.words)
    likely = []
    for case in cases:
        distance, place = _nearness(told, case, village)
        if place is not None:
            score = _BY_PLACE * place + _likeness(told, words, case, on)
            likely.append(Likeness(case.key, score, distance))
    likely = [one for one in likely if one.score >= _ENOUGH]
    likely.sort(key=lambda one: (-one.score, -one.key))
    return likely[:MOST_SHOWN]


def reach_of(decimals: int | None) -> float:
    """How far a point rounded to so many decimals of a degree may be from the true one, metres."""
    if decimals is None:
        return 0.0
    half: float = 0.5 * 10.0**-decimals * _METRES_PER_DEGREE
    return hypot(half, half)


def _likeness(told: Told, words: Mapping[str, int], case: KnownCase, on: date) -> float:
    """What kind, words and age add to the score."""
    # Whoever cannot say which kind it is may mean any of the level-1 category.
    is_same_kind = told.category in {case.category, _top(case.category)}
    is_fresh = case.closed_on is None or (on - case.closed_on).days <= RECENT_DAYS
    likeness = min(1.0, 2 * _cosine(words, _counted(case.words)))
    return _BY_CATEGORY * is_same_kind + _BY_WORDS * likeness + _BY_AGE * is_fresh


def _nearness(told: Told, case: KnownCase, village: float) -> tuple[float | None, float | None]:
    """The distance in metres, and how near that is from 0 to 1; None for too far."""
    if told.point is None or case.point is None:
        return None, village if _is_placed_by_village(told, case) else None
    distance = haversine_m(told.point, case.point)
    gap = max(0.0, distance - case.reach_m)
    return distance, 1 - gap / RADIUS_M if gap <= RADIUS_M else None


def _is_placed_by_village(told: Told, case: KnownCase) -> bool:
    has_points = told.point is not None and case.point is not None
    return not has_points and told.village_id is not None and told.village_id == case.village_id


def _top(category: str) -> str:
    return category.partition(".")[0]


def _counted(text: str) -> Counter[str]:
    return Counter(bigrams(text).split())


def _cosine(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    shared = sum(count * other[term] for term, count in one.items() if term in other)
    if not shared:
        return 0.0
    length = sum(n * n for n in one.values()) * sum(n * n for n in other.values())
    return shared / sqrt(length)
