"""Reading the map: squares of a view, towns, and the cases of a view. Full counts, no cap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import defaultload

from portal.core.db import db
from portal.core.geo import Point
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.publication.conditions import PublicFilter
from portal.domain.publication.map_filters import (
    Span,
    case_conditions,
    cell_conditions,
    is_kept,
    spans,
)
from portal.domain.publication.map_keys import DEGREE, TOWN_LEVEL
from portal.domain.publication.map_models import MapCase, MapCell
from portal.domain.publication.map_sums import by_town, in_view
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

    def add(self, category: str, sums: Sequence[int]) -> None:
        """Count these in: cases of one category, late ones, the sums of their ids and degrees."""
        count, late, ids, lat, lng = map(int, sums)
        self.categories[category] += count
        self.count += count
        self.late += late
        self.ids += ids
        self.lat_sum += lat
        self.lng_sum += lng

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


@dataclass
class Seen:
    """What a view shows: its squares, and by town (0: no town) the cases without a public point."""

    spots: list[Spot]
    unlocated: Counter[int]


def seen(view: View, wanted: PublicFilter) -> Seen:
    """Every square of the view that holds a case, from north to south, and the unlocated ones."""
    found: dict[tuple[int, int], Spot] = {}
    unlocated: Counter[int] = Counter()
    for span in spans(wanted):
        for row, column, category, town_id, *sums in in_view(view, wanted, span):
            if row is None:
                unlocated[town_id] += int(sums[0])
            else:
                spot = found.setdefault((row, column), Spot(row, column))
                spot.add(category, sums)
    return Seen([found[key] for key in sorted(found)], unlocated)


def spots(view: View, wanted: PublicFilter) -> list[Spot]:
    """Every square of the view that holds a case, from north to south."""
    return seen(view, wanted).spots


def towns(wanted: PublicFilter) -> dict[int, Town]:
    """Every town with a case that fits, and 0 for those of no town."""
    found: dict[int, Town] = {}
    for span in spans(replace(wanted, town_id=None)):
        for town_id, is_located, count, late in by_town(wanted, span):
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


def _aside(side: Any) -> ColumnElement[Any]:
    """The same value, which no index knows."""
    return func.coalesce(side, side)
