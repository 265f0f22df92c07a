"""The whole map at once: made anew from the public rows, and compared with a count of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    String,
    case,
    cast,
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
    PUBLIC_ROWS,
    SUMS,
    key_of,
    lapsed,
    place_case,
    placed,
)
from portal.domain.publication.map_keys import (
    ALL_MONTHS,
    FINEST,
    KEPT,
    SLICED,
    TOWN_LEVEL,
    parts_of,
)
from portal.domain.publication.map_models import MapCase, MapCell, MapSlice
from portal.domain.publication.models import PublicCase

_BATCH = 5_000
_Column = ColumnElement[Any] | InstrumentedAttribute[Any]
_PARTS: dict[str, InstrumentedAttribute[Any]] = {
    "d": MapCase.department_id,
    "t": MapCase.town_id,
    "c": MapCase.category_id,
}


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
        db.session.execute(text("LOCK TABLE map_case, map_cell, map_slice IN EXCLUSIVE MODE"))
    for sums_of in (MapCell, MapSlice):
        db.session.execute(delete(sums_of))
    for level, square in _levels(KEPT):
        _sum(MapCell, (literal(level), literal(ALL_MONTHS), *square), square)
        _sum(MapCell, (literal(level), MapCase.month, *square), [MapCase.month, *square])
    for mark, whose in _PARTS.items():
        part = literal(mark, literal_execute=True).concat(cast(whose, String))
        for level, square in _levels(SLICED):
            _sum(MapSlice, (part, literal(level), *square), [whose, *square])


def _levels(levels: Iterable[int]) -> Iterator[tuple[int, Sequence[ColumnElement[Any]]]]:
    """Each level, and what rows and columns are on it."""
    is_located = case((MapCase.row.is_not(None), literal_column("1")), else_=literal_column("0"))
    yield TOWN_LEVEL, [func.coalesce(MapCase.town_id, literal_column("0")), is_located]
    for level in levels:
        yield level, [_shifted(side, FINEST - level) for side in (MapCase.row, MapCase.column)]


def map_faults(at: datetime) -> list[str]:
    """Where the cells differ from a count of the public rows as of `at`, in words."""
    cells: Counter[tuple[Any, ...]] = Counter()
    slices: Counter[tuple[Any, ...]] = Counter()
    for row in db.session.execute(select(PublicCase).execution_options(yield_per=1_000)).scalars():
        is_late = row.days is None and row.due_at is not None and row.due_at < at
        marks = (row.category_code, row.state, is_late)
        month = int(f"{row.received_on:%Y%m}")
        for square in _squares(row, KEPT):
            cells.update((square[0], span, *square[1:], *marks) for span in (ALL_MONTHS, month))
        parts = parts_of(row.department_id, row.town_id, row.category_id)
        for square in _squares(row, SLICED):
            slices.update((part, *square, *marks) for part in parts)
    return [*_differences(MapCell, cells), *_differences(MapSlice, slices)]


def _differences(
    sums_of: type[MapCell | MapSlice], right: Counter[tuple[Any, ...]]
) -> Iterator[str]:
    columns = [getattr(sums_of, name) for name in key_of(sums_of)]
    for *key, count in db.session.execute(select(*columns, sums_of.count)):
        counted = right.pop(tuple(key), 0)
        if count != counted:
            yield f"{key}: {count}, counted {counted}"
    yield from (f"{list(key)}: missing, counted {counted}" for key, counted in right.items())


def _squares(row: PublicCase, levels: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    has_point = row.lat is not None and row.lng is not None
    yield TOWN_LEVEL, row.town_id or 0, int(has_point)
    if has_point:
        for level in levels:
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
    sums_of: type[MapCell | MapSlice],
    place: Sequence[_Column],
    by: Sequence[_Column],
) -> None:
    """Add up by `by`: what tells places apart. Whose sums those are is known, if they have any."""
    marks = (MapCase.category_code, MapCase.state, MapCase.is_late)
    sums = (
        func.count(),
        func.sum(MapCase.report_id),
        func.sum(func.coalesce(MapCase.lat, 0)),
        func.sum(func.coalesce(MapCase.lng, 0)),
    )
    known = [part.is_not(None) for part in by]
    query = select(*place, *marks, *sums).where(*known).group_by(*by, *marks)
    db.session.execute(insert(sums_of).from_select([*key_of(sums_of), *SUMS], query))
