"""Reading the map: squares of a view, towns, and the cases of a view. Full counts, no cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, select
from sqlalchemy.orm import defaultload

from portal.core.db import db
from portal.core.geo import Point
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.publication.conditions import PublicFilter
from portal.domain.publication.map_cells import DEGREE, FINEST, KEPT, TOWN_LEVEL
from portal.domain.publication.map_filters import (
    Span,
    case_conditions,
    cell_conditions,
    is_kept,
    spans,
)
from portal.domain.publication.map_models import MapCase, MapCell
from portal.domain.publication.map_view import View
from portal.domain.publication.models import PublicCase

# Below so many cases in a view they are sorted; above, the newest are met soon on the way down.
_MOST_SORTED = 20_000


@dataclass
class Spot:
    """The cases of one square: how many of each level-1 category, their middle, how many late."""

    row: int
    column: int
    categories: Counter[str] = field(default_factory=Counter)
    count: int = 0
    late: int = 0
    ids: int = 0
    lat_sum: int = 0
    lng_sum: int = 0

    @property
    def middle(self) -> Point:
        """The middle of its public points; of a single case its public point."""
        whole = DEGREE * self.count
        return Point(self.lat_sum / whole, self.lng_sum / whole)


@dataclass
class Town:
    """The cases of a town, by id (0: no town): with a public point, without, and late ones."""

    town_id: int
    located: int = 0
    unlocated: int = 0
    late: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return self.located + self.unlocated


@dataclass(frozen=True)
class Single:
    """What is told of a case that is alone in its square."""

    number: str
    category: str
    state: str


def spots(view: View, wanted: PublicFilter) -> list[Spot]:
    """Every square of the view that holds a case, from north to south."""
    found: dict[tuple[int, int], Spot] = {}
    for span in spans(wanted):
        for row in _squares(view, wanted, span):
            spot = found.setdefault((row[0], row[1]), Spot(row[0], row[1]))
            spot.categories[row[2]] += int(row[3])
            spot.count += int(row[3])
            spot.late += int(row[4])
            spot.ids += int(row[5])
            spot.lat_sum += int(row[6])
            spot.lng_sum += int(row[7])
    return [found[key] for key in sorted(found)]


def towns(wanted: PublicFilter) -> dict[int, Town]:
    """Every town with a case that fits, and 0 for those of no town."""
    found: dict[int, Town] = {}
    for span in spans(replace(wanted, town_id=None)):
        for town_id, is_located, count, late in _by_town(wanted, span):
            town = found.setdefault(town_id, Town(town_id))
            town.late += int(late)
            if is_located:
                town.located += int(count)
            else:
                town.unlocated += int(count)
    return found


def singles(found: Sequence[Spot]) -> dict[int, Single]:
    """The cases that are alone in their square, by id."""
    ids = [spot.ids for spot in found if spot.count == 1]
    columns = (PublicCase.report_id, PublicCase.number, Category.code, PublicCase.state)
    query = select(*columns).join(Category, Category.id == PublicCase.category_id)
    rows = db.session.execute(query.where(PublicCase.report_id.in_(ids)))
    return {report_id: Single(*rest) for report_id, *rest in rows}


def cases_in(view: View, wanted: PublicFilter, limit: int, among: int) -> list[PublicCase]:
    """The newest cases with a point inside the view; `among` is about how many there are."""
    span = Span(days=(wanted.from_on, wanted.to_on))
    day, row = MapCase.received_on, MapCase.report_id
    query = select(row).where(*case_conditions(wanted, span))
    if among <= _MOST_SORTED:
        query = query.where(view.holds(MapCase.row, MapCase.column))
        # A sum is no column: the square's index is used, and what it gives is sorted.
        query = query.order_by(_aside(day).desc(), row.desc())
    else:
        inside = view.holds(_aside(MapCase.row), MapCase.column)
        query = query.where(inside).order_by(day.desc(), row.desc())
    ids = list(db.session.scalars(query.limit(limit)))
    shown = (
        select(PublicCase)
        .where(PublicCase.report_id.in_(ids))
        .options(
            defaultload(PublicCase.town).defer(Grid.polygon),
            defaultload(PublicCase.village).defer(Grid.polygon),
        )
    )
    return sorted(db.session.scalars(shown), key=lambda one: ids.index(one.report_id))


def months(wanted: PublicFilter) -> dict[int, int]:
    """How many cases came in each month (202611), by the other filters."""
    timeless = replace(wanted, from_on=None, to_on=None)
    if is_kept(wanted):
        conditions = cell_conditions(timeless, Span(months=(0,)))[1:]
        conditions += [MapCell.level == TOWN_LEVEL, MapCell.month > 0]
        query = select(MapCell.month, func.sum(MapCell.count)).where(*conditions)
        query = query.group_by(MapCell.month).order_by(MapCell.month)
    else:
        query = select(MapCase.month, func.count()).where(*case_conditions(timeless, Span()))
        query = query.group_by(MapCase.month).order_by(MapCase.month)
    return {month: int(count) for month, count in db.session.execute(query)}


def _squares(view: View, wanted: PublicFilter, span: Span) -> Iterator[Row[*tuple[Any, ...]]]:
    """Row, column, category; count, late, ids and degrees summed up."""
    is_summed = span.months and view.level <= KEPT[-1]
    query = _square_cells(view, wanted, span) if is_summed else _square_cases(view, wanted, span)
    yield from db.session.execute(query)


def _square_cells(view: View, wanted: PublicFilter, span: Span) -> Select[*tuple[Any, ...]]:
    level = max(view.level, KEPT[0])
    row, column = (_coarser(side, level - view.level) for side in (MapCell.row, MapCell.column))
    parts = (MapCell.count, _late_cells(), MapCell.ids, MapCell.lat_sum, MapCell.lng_sum)
    inside = view.holds(MapCell.row, MapCell.column, level)
    conditions = [MapCell.level == level, inside, *cell_conditions(wanted, span)]
    query = select(row, column, MapCell.category_code, *map(func.sum, parts)).where(*conditions)
    return query.group_by(row, column, MapCell.category_code)


def _square_cases(view: View, wanted: PublicFilter, span: Span) -> Select[*tuple[Any, ...]]:
    shift = FINEST - view.level
    row, column = (_coarser(side, shift) for side in (MapCase.row, MapCase.column))
    parts = (_late_cases(), MapCase.report_id, MapCase.lat, MapCase.lng)
    sums = (func.count(), *map(func.sum, parts))
    conditions = [view.holds(MapCase.row, MapCase.column), *_as_cases(wanted, span)]
    query = select(row, column, MapCase.category_code, *sums).where(*conditions)
    return query.group_by(row, column, MapCase.category_code)


def _by_town(wanted: PublicFilter, span: Span) -> Iterator[Row[*tuple[Any, ...]]]:
    """Town, whether located, count, late."""
    if span.months:
        columns = (MapCell.row, MapCell.column)
        query = select(*columns, func.sum(MapCell.count), func.sum(_late_cells()))
        conditions = [MapCell.level == TOWN_LEVEL, *cell_conditions(wanted, span)]
        if wanted.town_id is not None:
            conditions.append(MapCell.row == wanted.town_id)
        yield from db.session.execute(query.where(*conditions).group_by(*columns))
        return
    town, is_located = func.coalesce(MapCase.town_id, literal_column("0")), _located()
    query = select(town, is_located, func.count(), func.sum(_late_cases()))
    query = query.where(*_as_cases(wanted, span)).group_by(town, is_located)
    yield from db.session.execute(query)


def _as_cases(wanted: PublicFilter, span: Span) -> list[ColumnElement[bool]]:
    """The conditions on rows; a span of whole months reads them by their month."""
    if not span.months:
        return case_conditions(wanted, span)
    found = case_conditions(replace(wanted, from_on=None, to_on=None), Span())
    if span.months[0]:
        found.append(MapCase.month.in_(span.months))
    return found


def _coarser(side: Any, shift: int) -> ColumnElement[Any]:
    """In the words of the query: PostgreSQL must see that it groups by what it selects."""
    found: ColumnElement[Any] = side.op(">>")(literal_column(str(shift))) if shift else side
    return found


def _aside(side: Any) -> ColumnElement[Any]:
    """The same value, which no index knows."""
    return func.coalesce(side, side)


def _located() -> ColumnElement[int]:
    return case((MapCase.row.is_not(None), literal_column("1")), else_=literal_column("0"))


def _late_cells() -> ColumnElement[int]:
    return case((MapCell.is_late, MapCell.count), else_=0)


def _late_cases() -> ColumnElement[int]:
    return case((MapCase.is_late, 1), else_=0)
