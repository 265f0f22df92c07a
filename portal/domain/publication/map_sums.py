"""What is asked of the map's tables for a view, or for all towns: sums where they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal_column, null, or_, select

from portal.core.db import db, passing
from portal.domain.publication.conditions import PublicFilter
from portal.domain.publication.map_filters import Span, case_conditions, cell_conditions
from portal.domain.publication.map_keys import FINEST, KEPT, SLICED, TOWN_LEVEL
from portal.domain.publication.map_models import MapCase, MapCell, MapSlice
from portal.domain.publication.map_view import View


def in_view(view: View, wanted: PublicFilter, span: Span) -> Iterator[Row[*tuple[Any, ...]]]:
    """Row, column, category, town; count, late, ids and degrees summed up.

    Row and column are None for cases without a point, the town for all others.
    """
    if not span.is_summed:
        # Finding the cases costs more than counting them: those with a point and without at once.
        yield from db.session.execute(_from_cases(view, wanted, span))
        return
    kept = SLICED if span.part else KEPT
    level = next((level for level in kept if level >= view.level), None)
    if level is None:
        yield from db.session.execute(_from_cases(view, wanted, span))
    else:
        yield from db.session.execute(_from_cells(view, wanted, span, level))
    yield from db.session.execute(_unlocated(wanted, span))


def _from_cells(
    view: View, wanted: PublicFilter, span: Span, level: int
) -> Select[*tuple[Any, ...]]:
    cell = span.sums
    row, column = (_coarser(side, level - view.level) for side in (cell.row, cell.column))
    sums = (cell.count, _late_cells(cell), cell.ids, cell.lat_sum, cell.lng_sum)
    columns = (row, column, cell.category_code, null(), *map(func.sum, sums))
    inside = view.holds(cell.row, cell.column, level)
    query = select(*columns).where(cell.level == level, inside, *cell_conditions(wanted, span))
    return query.group_by(row, column, cell.category_code)


def _from_cases(view: View, wanted: PublicFilter, span: Span) -> Select[*tuple[Any, ...]]:
    """Those of no point only where no sums tell them.

    Beside sums it is a fine view, which its squares find; else what is asked for is narrower.
    """
    shift = FINEST - view.level
    row, column = (_coarser(side, shift) for side in (MapCase.row, MapCase.column))
    is_nowhere = MapCase.row.is_(None)
    town = case((is_nowhere, func.coalesce(MapCase.town_id, literal_column("0"))))
    inside, wanted_ones = view.holds(MapCase.row, MapCase.column), _as_cases(wanted, span)
    if span.is_summed:
        wanted_ones = list(map(passing, wanted_ones))
    else:
        inside = passing(or_(is_nowhere, inside))
    parts = (_late_cases(), MapCase.report_id, MapCase.lat, MapCase.lng)
    columns = (row, column, MapCase.category_code, town)
    query = select(*columns, func.count(), *map(func.sum, parts))
    return query.where(inside, *wanted_ones).group_by(*columns)


def _unlocated(wanted: PublicFilter, span: Span) -> Select[*tuple[Any, ...]]:
    cell = span.sums
    nothing = (null(), null(), null())
    query = select(*nothing, cell.row, func.sum(cell.count))
    conditions = [cell.level == TOWN_LEVEL, cell.column == 0, *cell_conditions(wanted, span)]
    if wanted.town_id is not None:
        conditions.append(cell.row == wanted.town_id)
    return query.where(*conditions).group_by(cell.row)


def by_town(wanted: PublicFilter, span: Span) -> Iterator[Row[*tuple[Any, ...]]]:
    """Town, whether located, count, late."""
    if span.is_summed:
        cell = span.sums
        columns = (cell.row, cell.column)
        query = select(*columns, func.sum(cell.count), func.sum(_late_cells(cell)))
        conditions = [cell.level == TOWN_LEVEL, *cell_conditions(wanted, span)]
        if wanted.town_id is not None:
            conditions.append(cell.row == wanted.town_id)
        yield from db.session.execute(query.where(*conditions).group_by(*columns))
        return
    town, is_located = func.coalesce(MapCase.town_id, literal_column("0")), _located()
    query = select(town, is_located, func.count(), func.sum(_late_cases()))
    query = query.where(*_as_cases(wanted, span)).group_by(town, is_located)
    yield from db.session.execute(query)


def _as_cases(wanted: PublicFilter, span: Span) -> list[ColumnElement[bool]]:
    """The conditions on rows; a span of whole months reads them by their month."""
    if not span.is_summed:
        return case_conditions(wanted, span)
    found = case_conditions(replace(wanted, from_on=None, to_on=None), Span())
    if span.months and span.months[0]:
        found.append(MapCase.month.in_(span.months))
    return found


def _coarser(side: Any, shift: int) -> ColumnElement[Any]:
    """In the words of the query: PostgreSQL must see that it groups by what it selects."""
    found: ColumnElement[Any] = side.op(">>")(literal_column(str(shift))) if shift else side
    return found


def _located() -> ColumnElement[int]:
    return case((MapCase.row.is_not(None), literal_column("1")), else_=literal_column("0"))


def _late_cells(cell: type[MapCell | MapSlice]) -> ColumnElement[int]:
    return case((cell.is_late, cell.count), else_=0)


def _late_cases() -> ColumnElement[int]:
    return case((MapCase.is_late, 1), else_=0)
