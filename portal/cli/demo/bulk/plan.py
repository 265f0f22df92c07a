"""Which histories are copied to which days: by chance, and told in the order they began.

A city's reports come one after the other: in that order their numbers rise, and what is read
together lies together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from portal.cli.demo.bulk.templates import Template

_WEEK = timedelta(days=7)
_SPAN = timedelta(days=546)  # eighteen months
_OPEN_SHARE = 0.05
Planned = tuple[datetime, int, int]
"""When a copy begins, the place of its template, and by how many weeks it is moved."""


def planned(found: Sequence[Template], count: int, seed: int, midnight: datetime) -> list[Planned]:
    """`count` copies in the order they begin: short histories happen more often than long ones."""
    rng = Random(f"chosen:{seed}")
    ended = [place for place, one in enumerate(found) if one.is_ended]
    rest = [place for place, one in enumerate(found) if not one.is_ended] or ended
    ended = ended or rest
    groups = [(group, _weights(found, group)) for group in (rest, ended)]
    copies = []
    for _ in range(count):
        places, weights = groups[rng.random() >= _OPEN_SHARE]
        (place,) = rng.choices(places, cum_weights=weights)
        weeks = _weeks(found[place], midnight, rng)
        copies.append((found[place].first_at + weeks * _WEEK, place, weeks))
    copies.sort()
    return copies


def shift_of(weeks: int) -> timedelta:
    """Whole weeks, so that working days stay so."""
    return weeks * _WEEK


def _weights(found: Sequence[Template], group: Sequence[int]) -> list[float]:
    return list(accumulate(1 / found[place].size for place in group))


def _weeks(template: Template, midnight: datetime, rng: Random) -> int:
    """How far to move a history; what is still open stays where it is."""
    if not template.is_ended:
        return 0
    ahead = (midnight - template.last_at) // _WEEK
    back = (template.report["received_at"] - (midnight - _SPAN)) // _WEEK
    return rng.randint(-max(back, 0), max(ahead, 0))


def runs(copies: Sequence[Planned]) -> Iterator[tuple[Planned, int]]:
    """Equal copies, which stand together, with their number."""
    start = 0
    for place, copy in enumerate(copies, 1):
        if place == len(copies) or copies[place] != copy:
            yield copy, place - start
            start = place
