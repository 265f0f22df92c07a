"""Keeping the map: by key, by difference, in the transaction that changes the public row.

A case's row is computed anew from its public row, and the cells move by the difference between the
old row and the new one: doing it twice changes nothing. Nothing here reads a private column, so no
square, however small, says more than the public point, which was rounded when it was released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import Delete, Row, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.core.geo import Point
from portal.core.mercator import square_of
from portal.domain.publication.conditions import OPEN
from portal.domain.publication.map_keys import (
    DEGREE,
    FINEST,
    Key,
    Placed,
    SliceKey,
    cells_of,
    slices_of,
)
from portal.domain.publication.map_models import MapCase, MapCell, MapSlice
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Report

SUMS = ("count", "ids", "lat_sum", "lng_sum")
_K = TypeVar("_K", bound=tuple[Any, ...])
_Change = defaultdict[_K, list[int]]
_PUBLIC = (
    PublicCase.report_id, PublicCase.town_id, PublicCase.department_id, PublicCase.category_code,
    PublicCase.category_id, PublicCase.state, PublicCase.received_on, PublicCase.due_at,
    PublicCase.lat, PublicCase.lng,
)  # fmt: skip
PUBLIC_ROWS = select(*_PUBLIC)


def place_case(report_id: int, at: datetime) -> None:
    """Bring a case's place on the map up to its public row; take it off when there is none."""
    _lock(report_id)
    columns = [getattr(MapCase, field.name) for field in fields(Placed)]
    found = db.session.execute(select(*columns).where(MapCase.report_id == report_id)).first()
    old = Placed(*found) if found else None
    public = db.session.execute(PUBLIC_ROWS.where(PublicCase.report_id == report_id)).first()
    new = placed(public, at) if public else None
    if old == new:
        return
    if new is None:
        db.session.execute(delete(MapCase).where(MapCase.report_id == report_id))
    else:
        _store(new)
    _move(old, new)


def lapsed(at: datetime, limit: int = 200) -> list[int]:
    """The cases that have become late by `at` and are not counted so yet; their ids."""
    query = select(MapCase.report_id).where(MapCase.due_at < at)
    return list(db.session.scalars(query.order_by(MapCase.due_at).limit(limit)))


def placed(public: Row[*tuple[Any, ...]], at: datetime) -> Placed:
    """A row of PUBLIC_ROWS as the map counts it."""
    is_open = public.state in OPEN and public.due_at is not None
    is_late = is_open and public.due_at < at
    point = None if public.lat is None or public.lng is None else Point(public.lat, public.lng)
    square = square_of(point, FINEST) if point else None
    return Placed(
        report_id=public.report_id,
        town_id=public.town_id,
        department_id=public.department_id,
        category_code=public.category_code,
        category_id=public.category_id,
        state=public.state,
        month=public.received_on.year * 100 + public.received_on.month,
        received_on=public.received_on,
        is_late=is_late,
        due_at=public.due_at if is_open and not is_late else None,
        lat=round(point.lat * DEGREE) if point else None,
        lng=round(point.lng * DEGREE) if point else None,
        row=square.row if square else None,
        column=square.column if square else None,
    )


def _lock(report_id: int) -> None:
    """Let two workers place the same case one after the other."""
    query = select(Report.id).where(Report.id == report_id)
    db.session.execute(query.with_for_update(key_share=True))


def _store(new: Placed) -> None:
    statement = _insert(MapCase).values(**vars(new))
    excluded = {name: statement.excluded[name] for name in vars(new) if name != "report_id"}
    db.session.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=excluded))


def _move(old: Placed | None, new: Placed | None) -> None:
    cells: _Change[Key] = defaultdict(lambda: [0, 0, 0, 0])
    slices: _Change[SliceKey] = defaultdict(lambda: [0, 0, 0, 0])
    for case, sign in ((old, -1), (new, 1)):
        if case is not None:
            sums = [sign * part for part in (1, case.report_id, case.lat or 0, case.lng or 0)]
            _count(cells, cells_of(case), sums)
            _count(slices, slices_of(case), sums)
    _add(MapCell, cells)
    _add(MapSlice, slices)


def _count(change: _Change[_K], keys: Iterable[_K], sums: Sequence[int]) -> None:
    for key in keys:
        change[key] = [a + b for a, b in zip(change[key], sums, strict=True)]


def _add(sums_of: type[MapCell | MapSlice], change: Mapping[_K, list[int]]) -> None:
    """Add to the sums, in the order of their keys: two workers never wait for each other."""
    names = key_of(sums_of)
    moved = sorted(key for key, sums in change.items() if any(sums))
    if not moved:
        return
    rows = [dict(zip((*names, *SUMS), (*key, *change[key]), strict=True)) for key in moved]
    statement = _insert(sums_of)
    total = {name: getattr(sums_of, name) + statement.excluded[name] for name in SUMS}
    db.session.execute(statement.on_conflict_do_update(index_elements=names, set_=total), rows)
    left = [key for key in moved if change[key][0] < 0]
    gone = [dict(zip((f"in_{name}" for name in names), key, strict=True)) for key in left]
    if gone:
        db.session.execute(_empty(sums_of), gone)


def key_of(sums_of: type[MapCell | MapSlice]) -> list[str]:
    """The names of its key, in order."""
    return [column.name for column in cast("Table", sums_of.__table__).primary_key.columns]


@cache
def _empty(sums_of: type[MapCell | MapSlice]) -> Delete:
    """Take a sum away when nothing is left in it."""
    table = cast("Table", sums_of.__table__)
    keyed = [table.c[name] == bindparam(f"in_{name}") for name in key_of(sums_of)]
    return delete(table).where(*keyed, table.c["count"] == 0)


def _insert(table: type[Any]) -> Any:
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgres else sqlite.insert)(table.__table__)
