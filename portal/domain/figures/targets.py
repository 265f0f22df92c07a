"""Yearly targets 目标责任书: what a unit is to reach. Rows are only added: that is the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.glance import Glance
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.figures.definitions import FIGURES, TARGETABLE, Better, Figure, Unit
from portal.domain.figures.models import FigureTarget, Kind
from portal.domain.figures.queries import Value

TargetKey = tuple[str, int, str]
"""kind, key, figure."""
_YEARS = range(2000, 2100)
_MOST = {Unit.PERCENT: 100.0, Unit.DAYS: 365.0}
_LONGEST_NOTE = 200


@dataclass(frozen=True)
class NewTarget:
    """A target as staff set it; `value` None withdraws it. Percent are 0-100."""

    year: int
    kind: Kind
    key: int
    figure: str
    value: float | None
    note: str = ""


def set_target(new: NewTarget, *, by: Actor, at: datetime) -> bool:
    """Set, change or withdraw a target; False when it is so already.

    Raises NotAllowedError, InvalidFieldsError.
    """
    if not by.may(Permission.SET_TARGETS):
        raise NotAllowedError(N_("您的岗位不能定目标。"))
    figure = FIGURES.get(new.figure)
    if figure not in TARGETABLE:
        raise InvalidFieldsError.one("figure", "unknown", N_("这个指标不能定目标。"))
    if new.year not in _YEARS:
        raise InvalidFieldsError.one("year", "range", N_("年份不对。"))
    if new.value is not None and not 0 <= new.value <= _MOST[figure.unit]:
        raise InvalidFieldsError.one("value", "range", N_("比率在0到100之间，天数在0到365之间。"))
    if len(new.note) > _LONGEST_NOTE:
        raise InvalidFieldsError.one("note", "long", N_("说明最多200个字。"))
    known = targets_of(new.year).get((new.kind, new.key, new.figure))
    if (known.value if known else None) == new.value:
        return False
    row = FigureTarget(
        year=new.year,
        kind=new.kind,
        key=new.key,
        figure=new.figure,
        value=new.value,
        note=new.note,
        set_at=at,
        set_by_id=by.staff_id,
    )
    db.session.add(row)
    db.session.flush()
    return True


def targets_of(year: int) -> dict[TargetKey, FigureTarget]:
    """The targets in force for a year; what was withdrawn is left out."""
    newest = (
        select(func.max(FigureTarget.id))
        .where(FigureTarget.year == year)
        .group_by(FigureTarget.kind, FigureTarget.key, FigureTarget.figure)
    )
    query = select(FigureTarget).where(FigureTarget.id.in_(newest), FigureTarget.value.is_not(None))
    return {(row.kind, row.key, row.figure): row for row in db.session.scalars(query)}


def targets_version() -> int:
    """Changes whenever a target was set, changed or withdrawn."""
    return _NEWEST.one()[0] or 0


def target_history(year: int, limit: int = 100) -> list[FigureTarget]:
    """Every change of the year's targets, the newest first."""
    query = select(FigureTarget).where(FigureTarget.year == year)
    return list(db.session.scalars(query.order_by(FigureTarget.id.desc()).limit(limit)))


def target_for(
    targets: dict[TargetKey, FigureTarget], kind: Kind, key: int, figure: Figure
) -> float | None:
    """The unit's own target, else the city's."""
    own = targets.get((kind, key, figure.code)) or targets.get((Kind.CITY, 0, figure.code))
    return own.value if own else None


def is_met(value: Value, target: float | None) -> bool | None:
    """Whether a target is reached; None without a target or a figure."""
    if target is None or value.number is None:
        return None
    number = round(value.number, 1)  # as it is shown
    return number >= target if value.figure.better is Better.HIGH else number <= target


_NEWEST = Glance(select(func.max(FigureTarget.id)))
