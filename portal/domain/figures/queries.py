"""Reading figures: sums over cells, never over reports, so reading costs the same for any city.

Every page reads the figures here: desk, scorecard and the public pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db
from portal.domain.figures.definitions import FIGURES, SMALL, Figure, Unit
from portal.domain.figures.measures import DAYS, Measure
from portal.domain.figures.models import CaseFact, FigureCell, Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.recount import SUBSCRIBER
from portal.domain.reports.models import Report
from portal.domain.timeline.queries import oldest_waiting


@dataclass
class Tally:
    """How many cases count as each measure, and how many took how many days."""

    counts: dict[str, int] = field(default_factory=dict)
    days: dict[int, int] = field(default_factory=dict)

    def of(self, measure: Measure) -> int:
        """The number of one measure."""
        return self.counts.get(measure.code, 0)

    def add(self, measure: str, bucket: int, count: int) -> None:
        """Take a sum of cells in."""
        if measure == DAYS:
            self.days[bucket] = self.days.get(bucket, 0) + count
        else:
            self.counts[measure] = self.counts.get(measure, 0) + count

    def __add__(self, other: Tally) -> Tally:
        both = Tally(dict(self.counts), dict(self.days))
        for measure, count in other.counts.items():
            both.add(measure, 0, count)
        for days, count in other.days.items():
            both.add(DAYS, days, count)
        return both


@dataclass(frozen=True)
class Value:
    """A figure as it stands. `number` is None when there is nothing to say; percent are 0-100.

    `part` of `whole` cases; `is_small` when they are too few to compare anybody by.
    """

    figure: Figure
    number: float | None
    part: int
    whole: int

    @property
    def is_small(self) -> bool:
        """Whether fewer than SMALL cases stand behind a rate or a median."""
        return self.figure.is_rankable and self.whole < SMALL


def tallies(
    kind: Kind,
    months: Months | None = None,
    keys: Collection[int] | None = None,
    figures: Iterable[Figure] = tuple(FIGURES.values()),
) -> dict[int, Tally]:
    """What `figures` need of a kind, by key; of all months when none are given. One statement."""
    total = func.sum(FigureCell.count)
    query = (
        select(FigureCell.key, FigureCell.measure, FigureCell.bucket, total)
        .where(*_chosen(kind, months, keys, figures))
        .group_by(FigureCell.key, FigureCell.measure, FigureCell.bucket)
        .having(total != 0)
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for key, measure, bucket, count in db.session.execute(query):
        found[key].add(measure, bucket, int(count))
    return dict(found)


def monthly(
    kind: Kind,
    keys: Collection[int],
    months: Months,
    figures: Iterable[Figure] = tuple(FIGURES.values()),
) -> dict[date, Tally]:
    """What `figures` need of some keys, month by month, empty ones included. One statement."""
    columns = (FigureCell.month, FigureCell.measure, FigureCell.bucket, FigureCell.count)
    query = select(*columns).where(*_chosen(kind, months, keys, figures), FigureCell.count != 0)
    found = {month: Tally() for month in months.each()}
    for month, measure, bucket, count in db.session.execute(query):
        if month in found:
            found[month].add(measure, bucket, count)
    return found


def _chosen(
    kind: Kind,
    months: Months | None,
    keys: Collection[int] | None,
    figures: Iterable[Figure],
) -> list[ColumnElement[bool]]:
    wanted = list(figures)
    codes = {m.code for figure in wanted for m in (figure.part, figure.whole) if m is not None}
    codes |= {DAYS} if any(figure.quantile is not None for figure in wanted) else set()
    found: list[ColumnElement[bool]] = [FigureCell.kind == kind, FigureCell.measure.in_(codes)]
    if keys is not None:
        found.append(FigureCell.key.in_(keys))
    if months is not None:
        found.append(FigureCell.month.between(months.first, months.last))
    return found


def value_of(figure: Figure, tally: Tally, inhabitants: int | None = None) -> Value:
    """One figure of a sum. Per 10,000 needs the inhabitants; without them it is None."""
    if figure.part is None:
        return Value(figure, None, 0, 0)
    part = tally.of(figure.part)
    if figure.quantile is not None:
        return Value(figure, quantile(tally.days, figure.quantile), part, part)
    if figure.unit is Unit.PER_10K:
        number = 10_000 * part / inhabitants if inhabitants else None
        return Value(figure, number, part, part)
    if figure.whole is None:
        return Value(figure, float(part), part, part)
    whole = tally.of(figure.whole)
    return Value(figure, 100 * part / whole if whole else None, part, whole)


def values_of(tally: Tally, inhabitants: int | None = None) -> dict[str, Value]:
    """Every figure of a sum, by code."""
    return {code: value_of(figure, tally, inhabitants) for code, figure in FIGURES.items()}


def quantile(spread: Mapping[int, int], share: float) -> float | None:
    """The value below which `share` of the cases lie; the median lies midway between two."""
    steps = sorted(spread.items())
    total = sum(count for _, count in steps)
    if not total:
        return None
    if share == 0.5:
        return (_nth(steps, (total - 1) // 2) + _nth(steps, total // 2)) / 2
    return float(_nth(steps, -int(-share * total // 1) - 1))


def _nth(steps: Iterable[tuple[int, int]], n: int) -> int:
    """The n-th value, counted from 0, of values given as (value, how often), ascending."""
    last = 0
    for value, count in steps:
        if n < count:
            return value
        n, last = n - count, value
    return last


def counts_as(
    wanted: str, report_id: InstrumentedAttribute[int] = Report.id
) -> ColumnElement[bool] | None:
    """The reports a figure counts, as a condition on the column that holds their ids; None when
    there is no such figure.

    `resolve_on_time` names those in its part, `resolve_on_time:rest` those of the whole that are
    not in it, `resolve_on_time:whole` all it is a share of.
    """
    code, _, side = wanted.partition(":")
    figure = FIGURES.get(code)
    if figure is None or figure.part is None or side not in {"", "rest", "whole"}:
        return None
    bits = CaseFact.measures
    is_part = bits.bitwise_and(int(figure.part)) != 0
    is_whole = bits.bitwise_and(int(figure.whole or figure.part)) != 0
    chosen = {"": [is_part], "whole": [is_whole], "rest": [is_whole, ~is_part]}[side]
    return exists().where(CaseFact.report_id == report_id, *chosen)


def counted_at(at: datetime) -> datetime:
    """The moment the figures stand for: now, or since when something waits for the worker."""
    waiting = oldest_waiting(at, SUBSCRIBER)
    return min(at, waiting) if waiting else at
