"""Limits of the national standards, kept as data; a city may add stricter ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.quality.models import QualityLimit
from portal.domain.quality.seed import LIMITS


@dataclass(frozen=True)
class Limit:
    """Between what an indicator must lie, both ends allowed; by which standard."""

    least: float | None
    most: float | None
    standard: str
    basis: str

    def is_kept(self, value: float) -> bool:
        """Whether a value is allowed."""
        return not self.times(value)

    def times(self, value: float) -> float:
        """How far beyond, as a share of the limit: 0 when it is kept."""
        if self.most is not None and value > self.most:
            return value / self.most - 1
        if self.least is not None and value < self.least:
            return 1 - value / self.least
        return 0.0


def seed_limits() -> None:
    """Store the national limits; what a city added stays."""
    known = set(db.session.scalars(select(QualityLimit.indicator)))
    names = ("indicator", "least", "most", "standard", "basis", "effective_on")
    for row in LIMITS:
        if row[0] not in known:
            db.session.add(QualityLimit(**dict(zip(names, row, strict=True))))
    db.session.flush()


def limits_on(on: date) -> Mapping[str, Limit]:
    """The limits in force on a day, by indicator."""
    query = select(QualityLimit).where(QualityLimit.effective_on <= on)
    rows = db.session.scalars(query.order_by(QualityLimit.effective_on, QualityLimit.id))
    return {row.indicator: Limit(row.least, row.most, row.standard, row.basis) for row in rows}
