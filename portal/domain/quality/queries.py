"""Reading what was measured: a station's months, and whether they keep the limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.glance import Glance
from portal.domain.quality.indicators import INDICATORS, Indicator, Medium
from portal.domain.quality.limits import Limit, limits_on
from portal.domain.quality.models import QualityImport, QualityReading


@dataclass(frozen=True)
class Measured:
    """A value of a month; `is_below`: less than it."""

    month: date
    value: float
    is_below: bool


@dataclass(frozen=True)
class Series:
    """An indicator at a station: its limit today, and its months, the oldest first."""

    indicator: Indicator
    limit: Limit | None
    months: tuple[Measured, ...]

    @property
    def last(self) -> Measured:
        """The newest value."""
        return self.months[-1]

    @property
    def excess(self) -> float | None:
        """How far the newest value lies beyond the limit, as a share of it; None without a limit.

        Below zero: how far it stays inside.
        """
        if self.limit is None:
            return None
        value, limit = self.last.value, self.limit
        inside = [value / limit.most - 1] if limit.most else []
        inside += [limit.least / value - 1] if limit.least and value else []
        return limit.times(value) or max(inside, default=0.0)

    @property
    def is_kept(self) -> bool | None:
        """Whether the newest value is allowed; None where nothing is laid down."""
        return None if self.limit is None else self.limit.is_kept(self.last.value)


@dataclass(frozen=True)
class Station:
    """A station with everything it measures, in the order of the indicators."""

    name: str
    medium: Medium
    series: tuple[Series, ...]

    @property
    def month(self) -> date:
        """Its newest month."""
        return max(one.last.month for one in self.series)

    @property
    def broken(self) -> list[Series]:
        """What lies beyond its limit in the newest month, the furthest first."""
        found = [
            one for one in self.series if one.is_kept is False and one.last.month == self.month
        ]
        return sorted(found, key=lambda one: -(one.excess or 0))

    @property
    def is_kept(self) -> bool:
        """Whether its newest month keeps every limit."""
        return not self.broken


def stations(first: date, on: date, name: str | None = None) -> list[Station]:
    """The stations with readings since `first`, air before water, by name. Two statements."""
    query = select(QualityReading).where(QualityReading.month.between(first, on))
    if name is not None:
        query = query.where(QualityReading.station == name)
    found: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(QualityReading.month)):
        if row.indicator in INDICATORS:
            found[row.station, row.indicator].append(Measured(row.month, row.value, row.is_below))
    limits = limits_on(on)
    names = sorted({(_medium(code), station) for station, code in found})
    return [_station(station, medium, found, limits) for medium, station in names]


def _medium(code: str) -> Medium:
    return INDICATORS[code].medium


def _station(
    name: str,
    medium: Medium,
    found: Mapping[tuple[str, str], list[Measured]],
    limits: Mapping[str, Limit],
) -> Station:
    series = [
        Series(one, limits.get(code), tuple(found[name, code]))
        for code, one in INDICATORS.items()
        if one.medium is medium and (name, code) in found
    ]
    return Station(name, medium, tuple(series))


def newest_month() -> date | None:
    """The newest month there are readings of."""
    return db.session.scalar(select(func.max(QualityReading.month)))


def imports(limit: int) -> list[QualityImport]:
    """The newest files that were taken."""
    query = select(QualityImport).order_by(QualityImport.id.desc()).limit(limit)
    return list(db.session.scalars(query))


def last_import_at() -> datetime | None:
    """When the newest file was taken."""
    return db.session.scalar(select(func.max(QualityImport.at)))


def readings_version() -> str:
    """Changes with every file that is taken."""
    return str(_NEWEST.one()[0] or 0)


_NEWEST = Glance(select(func.max(QualityImport.id)))
