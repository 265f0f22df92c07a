"""The whole map at once: made anew from the public rows, and compared with a count of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    case,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import db, transaction
from portal.core.geo import Point
from portal.core.mercator import square_of
from portal.domain.publication.map_cells import (
    ALL_MONTHS,
    FINEST,
    KEPT,
    KEY,
    PUBLIC_ROWS,
    SUMS,
    TOWN_LEVEL,
    lapsed,
    place_case,
    placed,
)
from portal.domain.publication.map_models import MapCase, MapCell
from portal.domain.publication.models import PublicCase

_BATCH = 5_000


def is_behind() -> bool:
    """Whether some public row has no place: a portal without a map before, or rows from bulk."""
    missing = PublicCase.report_id.not_in(select(MapCase.report_id))
    return db.session.scalar(select(PublicCase.report_id).where(missing).limit(1)) is not None


def catch_up(at: datetime) -> int:
    """Count as late what has become so by `at`, in short transactions; returns how many cases."""
    seen = 0
    while due := lapsed(at):
        db.session.rollback()
        with transaction():
            for report_id in sorted(due):
                place_case(report_id, at)
        seen += len(due)
    return seen


def rebuild_map(at: datetime) -> int:
    """Place every public case in short transactions, then sum up in one; returns how many."""
    last = db.session.scalar(select(func.max(PublicCase.report_id))) or 0
    with transaction():
        db.session.execute(delete(MapCase).where(MapCase.report_id > last))
    counted = 0
    for low in range(1, last + 1, _BATCH):
        with transaction():
            counted += _place_between(low, low + _BATCH - 1, at)
    with transaction():
        sum_up()
    return counted


def sum_up() -> None:
    """Replace every cell by the sum over the places. On PostgreSQL nobody writes meanwhile."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE map_case, map_cell IN EXCLUSIVE MODE"))
    db.session.execute(delete(MapCell))
    is_located = case((MapCase.row.is_not(None), 1), else_=0)
    for by_month in (False, True):
        _sum(TOWN_LEVEL, func.coalesce(MapCase.town_id, 0), is_located, by_month=by_month)
        for level in KEPT:
            row, column = (_shifted(side, FINEST - level) for side in (MapCase.row, MapCase.column))
            _sum(level, row, column, by_month=by_month)


def map_faults(at: datetime) -> list[str]:
    """Where the cells differ from a count of the public rows as of `at`, in words."""
    total: Counter[tuple[Any, ...]] = Counter()
    for row in db.session.execute(select(PublicCase).execution_options(yield_per=1_000)).scalars():
        is_late = row.days is None and row.due_at is not None and row.due_at < at
        month = int(f"{row.received_on:%Y%m}")
        for level, *square in _squares(row):
            for span in (ALL_MONTHS, month):
                total[level, span, *square, row.category_code, row.state, is_late] += 1
    found: list[str] = []
    columns = (
        MapCell.level, MapCell.month, MapCell.row, MapCell.column, MapCell.category_code,
        MapCell.state, MapCell.is_late, MapCell.count,
    )  # fmt: skip
    for *key, count in db.session.execute(select(*columns)):
        right = total.pop(tuple(key), 0)
        if count != right:
            found.append(f"{key}: {count}, counted {right}")
    return found + [f"{list(key)}: missing, counted {right}" for key, right in total.items()]


def _squares(row: PublicCase) -> Iterator[tuple[int, int, int]]:
    has_point = row.lat is not None and row.lng is not None
    yield TOWN_LEVEL, row.town_id or 0, int(has_point)
    if has_point:
        for level in KEPT:
            yield level, *square_of(Point(row.lat or 0.0, row.lng or 0.0), level)


def _place_between(low: int, high: int, at: datetime) -> int:
    span = MapCase.report_id.between(low, high)
    db.session.execute(delete(MapCase).where(span))
    rows = db.session.execute(PUBLIC_ROWS.where(PublicCase.report_id.between(low, high)))
    places = [vars(placed(row, at)) for row in rows]
    if places:
        db.session.execute(insert(MapCase), places)
    return len(places)


def _shifted(side: InstrumentedAttribute[int | None], shift: int) -> ColumnElement[Any]:
    """In the words of the query: PostgreSQL takes two parameters for two different shifts."""
    return side.op(">>")(literal_column(str(shift)))


def _sum(
    level: int, row: ColumnElement[Any], column: ColumnElement[Any], *, by_month: bool
) -> None:
    marks = (MapCase.category_code, MapCase.state, MapCase.is_late)
    sums = (
        func.count(),
        func.sum(MapCase.report_id),
        func.sum(func.coalesce(MapCase.lat, 0)),
        func.sum(func.coalesce(MapCase.lng, 0)),
    )
    month = MapCase.month if by_month else literal(ALL_MONTHS)
    query = select(literal(level), month, row, column, *marks, *sums)
    query = query.group_by(row, column, *marks, *([month] if by_month else []))
    if level != TOWN_LEVEL:
        query = query.where(MapCase.row.is_not(None))
    db.session.execute(insert(MapCell).from_select([*KEY, *SUMS], query))
