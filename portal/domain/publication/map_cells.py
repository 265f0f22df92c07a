"""Keeping the map: by key, by difference, in the transaction that changes the public row.

A case's row is computed anew from its public row, and the cells move by the difference between the
old row and the new one: doing it twice changes nothing. Nothing here reads a private column, so no
square, however small, says more than the public point, which was rounded when it was released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Delete, Row, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.core.geo import Point
from portal.core.mercator import square_of
from portal.domain.publication.conditions import OPEN
from portal.domain.publication.map_models import MapCase, MapCell
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Report

TOWN_LEVEL = -1
FINEST = 20  # squares of 64 px on a web map of zoom 18: 38 m on the equator
KEPT = range(9, 17)  # as for the zooms 7 to 14; finer views hold few cases and read their rows
ALL_MONTHS = 0
DEGREE = 100_000
KEY = ("level", "month", "row", "column", "category_code", "state", "is_late")
SUMS = ("count", "ids", "lat_sum", "lng_sum")
Key = tuple[int, int, int, int, str, str, bool]
_PUBLIC = (
    PublicCase.report_id, PublicCase.town_id, PublicCase.department_id, PublicCase.category_code,
    PublicCase.category_id, PublicCase.state, PublicCase.received_on, PublicCase.due_at,
    PublicCase.lat, PublicCase.lng,
)  # fmt: skip
PUBLIC_ROWS = select(*_PUBLIC)


@dataclass(frozen=True)
class Placed:
    """The columns of a MapCase."""

    report_id: int
    town_id: int | None
    department_id: int | None
    category_code: str
    category_id: int
    state: str
    month: int
    received_on: date
    is_late: bool
    due_at: datetime | None
    lat: int | None
    lng: int | None
    row: int | None
    column: int | None


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


def cells_of(case: Placed) -> Iterator[Key]:
    """Every cell a case counts in."""
    marks = (case.category_code, case.state, case.is_late)
    for month in (ALL_MONTHS, case.month):
        yield TOWN_LEVEL, month, case.town_id or 0, int(case.row is not None), *marks
        if case.row is not None and case.column is not None:
            for level in KEPT:
                shift = FINEST - level
                yield level, month, case.row >> shift, case.column >> shift, *marks


def _lock(report_id: int) -> None:
    """Let two workers place the same case one after the other."""
    query = select(Report.id).where(Report.id == report_id)
    db.session.execute(query.with_for_update(key_share=True))


def _store(new: Placed) -> None:
    statement = _insert(MapCase).values(**vars(new))
    excluded = {name: statement.excluded[name] for name in vars(new) if name != "report_id"}
    db.session.execute(statement.on_conflict_do_update(index_elements=["report_id"], set_=excluded))


def _move(old: Placed | None, new: Placed | None) -> None:
    change: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for case, sign in ((old, -1), (new, 1)):
        if case is not None:
            sums = (1, case.report_id, case.lat or 0, case.lng or 0)
            for key in cells_of(case):
                change[key] = [a + sign * b for a, b in zip(change[key], sums, strict=True)]
    _add({key: sums for key, sums in change.items() if any(sums)})


def _add(change: Mapping[Key, list[int]]) -> None:
    """Add to the cells, in the order of their keys: two workers never wait for each other."""
    if not change:
        return
    rows = [dict(zip((*KEY, *SUMS), (*key, *change[key]), strict=True)) for key in sorted(change)]
    statement = _insert(MapCell)
    total = {name: getattr(MapCell, name) + statement.excluded[name] for name in SUMS}
    db.session.execute(statement.on_conflict_do_update(index_elements=list(KEY), set_=total), rows)
    gone = [
        {f"in_{name}": part for name, part in zip(KEY, key, strict=True)}
        for key, sums in change.items()
        if sums[0] < 0
    ]
    if gone:
        db.session.execute(_empty(), gone)


@cache
def _empty() -> Delete:
    """Take a cell away when nothing is left in it."""
    table = cast("Table", MapCell.__table__)
    keyed = [table.c[name] == bindparam(f"in_{name}") for name in KEY]
    return delete(table).where(*keyed, table.c["count"] == 0)


def _insert(table: type[Any]) -> Any:
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if is_postgres else sqlite.insert)(table.__table__)
