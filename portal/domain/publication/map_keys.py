"""Which sums a public case counts in: by square and month, and once more for whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

TOWN_LEVEL = -1
FINEST = 20  # squares of 64 px on a web map of zoom 18: 38 m on the equator
KEPT = range(9, 17)  # as for the zooms 7 to 14; finer views hold few cases and read their rows
# Of one department, town or level-2 category: over all months, and every other level is summed up
# from the next finer one.
SLICED = (11, 13, 15)
ALL_MONTHS = 0
DEGREE = 100_000
Key = tuple[int, int, int, int, str, str, bool]
SliceKey = tuple[str, int, int, int, str, str, bool]


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


def cells_of(case: Placed) -> Iterator[Key]:
    """Every MapCell a case counts in."""
    marks = (case.category_code, case.state, case.is_late)
    for month in (ALL_MONTHS, case.month):
        for level, row, column in _squares(case, KEPT):
            yield level, month, row, column, *marks


def slices_of(case: Placed) -> Iterator[SliceKey]:
    """Every MapSlice a case counts in."""
    marks = (case.category_code, case.state, case.is_late)
    for part in parts_of(case.department_id, case.town_id, case.category_id):
        for level, row, column in _squares(case, SLICED):
            yield part, level, row, column, *marks


def parts_of(department_id: int | None, town_id: int | None, category_id: int | None) -> list[str]:
    """Whose sums: `d3`, `t5`, `c12`, as far as they are known."""
    marked = {"d": department_id, "t": town_id, "c": category_id}
    return [f"{mark}{key}" for mark, key in marked.items() if key is not None]


def _squares(case: Placed, levels: range | tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    """Level, row and column: the town (located or not), and the square of each level."""
    yield TOWN_LEVEL, case.town_id or 0, int(case.row is not None)
    if case.row is not None and case.column is not None:
        for level in levels:
            shift = FINEST - level
            yield level, case.row >> shift, case.column >> shift
