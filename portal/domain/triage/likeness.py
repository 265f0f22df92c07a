"""How like one another two reports are, for staff: place, kind, words, hours and photographs.

Advice only, and pure: `duplicates.py` brings the reports. Unlike `nearby`, which compares with what
is published, it sees exact places, both texts and the pictures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import sqrt

from portal.core.geo import Point, haversine_m
from portal.core.text import ngrams

REACH_M = 500.0
WINDOW_DAYS = 30
MOST_SHOWN = 3
# Of the 64 bits of a perceptual hash so many may differ between two pictures of one view.
SAME_PICTURE_BITS = 10
# What a likeness is made of; together 1, and a like picture on top of that. Found by measuring
# (tests/domain/triage/test_duplicates.py).
_BY_PLACE, _BY_KIND, _BY_WORDS, _BY_HOURS, _BY_PICTURE = 0.35, 0.2, 0.3, 0.15, 0.3
_ENOUGH = 0.55
_SAME_GRID = 0.5
_LIKE_WORDS = 0.15
_WHOLE_WORDS = 0.5  # two residents telling of one thing seldom share more of their n-grams
_HOUR = 3600.0


class Kinship(StrEnum):
    """How the kinds of two reports are related."""

    SAME = "same"  # the same category
    AKIN = "akin"  # one of them says only the level-1 category
    OTHER = "other"  # another one of the same level-1 category
    STRANGE = "strange"


_KIN = {Kinship.SAME: 1.0, Kinship.AKIN: 0.8, Kinship.OTHER: 0.3, Kinship.STRANGE: 0.0}


@dataclass(frozen=True)
class Sketch:
    """A report as far as it is compared: category code, words, WGS-84 point, grid, photo hashes."""

    key: int
    category: str
    words: str
    received_at: datetime
    point: Point | None = None
    grid_id: int | None = None
    grid_name: str = ""
    address: str = ""
    hashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """How like a report is, 0 to 1.3, and why: what its reasons are told from."""

    key: int
    score: float
    distance_m: float | None  # None where one of the two has no point: the village is the same
    kinship: Kinship
    hours: float
    words: float  # cosine of character 2- and 3-grams, 0 to 1
    has_like_picture: bool

    @property
    def has_like_words(self) -> bool:
        """Whether the words are more alike than those of two strangers."""
        return self.words >= _LIKE_WORDS


def duplicates(told: Sketch, known: Iterable[Sketch]) -> list[Match]:
    """Which of `known` may well be the same thing as `told`, the likest first, MOST_SHOWN at most.

    Equal ones: the one that came first, for that is the one to merge into.
    """
    words = counted(told.words)
    found = [(match, one) for one in known if (match := _compared(told, words, one)) is not None]
    found = [(match, one) for match, one in found if match.score >= _ENOUGH]
    found.sort(key=lambda pair: (-pair[0].score, pair[1].received_at, pair[0].key))
    return [match for match, _one in found[:MOST_SHOWN]]


def compared(told: Sketch, other: Sketch) -> Match:
    """Two reports beside one another, however unlike."""
    match = _compared(told, counted(told.words), other)
    if match is not None:
        return match
    distance, _near = _nearness(told, other)
    return _match(told, counted(told.words), other, distance, 0.0)


def likeness_of_words(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Cosine of two counts of n-grams, 0 to 1."""
    shared = sum(count * other[term] for term, count in one.items() if term in other)
    if not shared:
        return 0.0
    length = sum(n * n for n in one.values()) * sum(n * n for n in other.values())
    return shared / sqrt(length)


def counted(text: str) -> Counter[str]:
    """The character 2- and 3-grams of `text`, with how often each occurs."""
    return Counter(ngrams(text, (2, 3)))


def differing_bits(one: str, other: str) -> int:
    """Hamming distance of two perceptual hashes in hexadecimal; 64 for what is none."""
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count()
    except ValueError:
        return 64


def _compared(told: Sketch, words: Mapping[str, int], other: Sketch) -> Match | None:
    """None for what lies too far away."""
    distance, near = _nearness(told, other)
    return None if near is None else _match(told, words, other, distance, near)


def _match(
    told: Sketch, words: Mapping[str, int], other: Sketch, distance: float | None, near: float
) -> Match:
    kinship = _kinship(told.category, other.category)
    hours = abs((told.received_at - other.received_at).total_seconds()) / _HOUR
    alike = likeness_of_words(words, counted(other.words))
    picture = has_like_picture(told.hashes, other.hashes)
    score = (
        _BY_PLACE * near
        + _BY_KIND * _KIN[kinship]
        + _BY_WORDS * min(1.0, alike / _WHOLE_WORDS)
        + _BY_HOURS * max(0.0, 1 - hours / (24 * WINDOW_DAYS))
        + _BY_PICTURE * picture
    )
    return Match(other.key, score, distance, kinship, hours, alike, picture)


def has_like_picture(ours: Collection[str], theirs: Collection[str]) -> bool:
    """Whether two of the photographs show the same view."""
    return any(differing_bits(a, b) <= SAME_PICTURE_BITS for a in ours for b in theirs)


def _nearness(told: Sketch, other: Sketch) -> tuple[float | None, float | None]:
    """The distance in metres, and how near that is from 0 to 1; None for too far."""
    if told.point is not None and other.point is not None:
        distance = haversine_m(told.point, other.point)
        return distance, 1 - distance / REACH_M if distance <= REACH_M else None
    is_same = told.grid_id is not None and told.grid_id == other.grid_id
    is_named = _names(told.address, other.grid_name) or _names(other.address, told.grid_name)
    return None, _SAME_GRID if is_same or is_named else None


def _names(address: str, grid_name: str) -> bool:
    """Whether an address in words names a village."""
    return bool(grid_name) and grid_name in address


def _kinship(one: str, other: str) -> Kinship:
    if one == other:
        return Kinship.SAME
    if one.partition(".")[0] != other.partition(".")[0]:
        return Kinship.STRANGE
    return Kinship.AKIN if "." not in one or "." not in other else Kinship.OTHER
