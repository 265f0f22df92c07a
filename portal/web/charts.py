"""Charts as SVG drawn on the server (look.md section 9): two drawings of each, phone and wide."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_WIDE, _PHONE = (520.0, 200.0), (400.0, 220.0)
_TOP, _FOOT, _SIDE, _EDGE = 26.0, 28.0, 40.0, 12.0
_MOST_LINES = 4
_LABEL_WIDTH = 36.0  # what a month's name needs
_UNDER = 29.0  # from above a point to below it


@dataclass(frozen=True)
class Row:
    """One place on the axis: its name, short and full, and up to two numbers."""

    short: str
    full: str
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Plan:
    """What a chart shows. `caption` states the finding; `names` are those of the two numbers."""

    caption: str
    names: tuple[str, str]
    rows: Sequence[Row]
    unit: str = ""
    is_fine: bool = False  # numbers well below 1 have an axis of their own size


def columns(plan: Plan) -> dict[str, Any]:
    """Columns for the first number, a slimmer one inside for the second."""
    return _chart(plan, _columns)


def lines(plan: Plan) -> dict[str, Any]:
    """A line for the first number, a dashed one for the second."""
    return _chart(plan, _lines)


def _chart(plan: Plan, draw: Any) -> dict[str, Any]:
    numbers = [n for row in plan.rows for n in (row.first, row.second) if n is not None]
    top = _round_up(max(numbers, default=0), is_fine=plan.is_fine)
    return {
        "caption": plan.caption,
        "names": plan.names,
        "rows": plan.rows,
        "unit": plan.unit,
        "is_blank": not any(numbers),
        "drawings": [
            {"only": only, **_Frame(size, top, len(plan.rows)).axes(plan), **draw(plan, size, top)}
            for only, size in (("only-w", _WIDE), ("only-p", _PHONE))
        ],
    }


@dataclass(frozen=True)
class _Frame:
    """Where things stand on a drawing of `size` whose axis ends at `top`."""

    size: tuple[float, float]
    top: float
    count: int

    @property
    def step(self) -> float:
        return (self.size[0] - _SIDE - _EDGE) / max(1, self.count)

    def x(self, n: int) -> float:
        """The middle of the n-th place."""
        return round(_SIDE + (n + 0.5) * self.step, 1)

    def y(self, number: float) -> float:
        room = self.size[1] - _TOP - _FOOT
        return round(_TOP + room * (1 - number / self.top), 1)

    def axes(self, plan: Plan) -> dict[str, Any]:
        """Grid lines with their numbers, and the names below: as many as fit, the last always."""
        every = max(1, math.ceil(_LABEL_WIDTH / self.step))
        marks = [self.top * n / _MOST_LINES for n in range(_MOST_LINES + 1)]
        is_fine = plan.is_fine and self.top < _MOST_LINES
        whole = marks if is_fine else [mark for mark in marks if mark == int(mark)] or marks
        names = [
            {"x": self.x(n), "y": self.size[1] - 8, "words": row.short}
            for n, row in enumerate(plan.rows)
            if (self.count - 1 - n) % every == 0
        ]
        return {
            "view": f"0 0 {self.size[0]:g} {self.size[1]:g}",
            "left": _SIDE,
            "right": self.size[0],
            "grid": [{"y": self.y(mark), "words": f"{mark:g}"} for mark in whole],
            "names": names,
        }


def _columns(plan: Plan, size: tuple[float, float], top: float) -> dict[str, Any]:
    frame = _Frame(size, top, len(plan.rows))
    bars: list[dict[str, Any]] = []
    for n, row in enumerate(plan.rows):
        for number, share, tone in ((row.first, 0.72, "c-b"), (row.second, 0.4, "c-a")):
            if number:
                y, wide = frame.y(number), frame.step * share
                bars.append(
                    {
                        "x": round(frame.x(n) - wide / 2, 1),
                        "y": y,
                        "width": round(wide, 1),
                        "height": round(frame.y(0) - y, 1),
                        "tone": tone,
                    }
                )
    told = {len(plan.rows) - 1, _highest(plan.rows)}
    values = [_told(frame, n, plan.rows[n]) for n in sorted(told) if n >= 0]
    return {"bars": bars, "paths": [], "ends": [], "values": [v for v in values if v]}


def _lines(plan: Plan, size: tuple[float, float], top: float) -> dict[str, Any]:
    frame = _Frame(size, top, len(plan.rows))
    series = (
        ("c-line2", [row.second for row in plan.rows]),
        ("c-line", [row.first for row in plan.rows]),
    )
    paths = [{"tone": tone, "d": _path(frame, numbers)} for tone, numbers in series]
    last = max((n for n, row in enumerate(plan.rows) if row.first is not None), default=-1)
    if last < 0:
        return {"bars": [], "paths": [p for p in paths if p["d"]], "ends": [], "values": []}
    row = plan.rows[last]
    value, end = (
        _told(frame, last, row, plan.unit),
        {"x": frame.x(last), "y": frame.y(row.first or 0)},
    )
    if value and row.second is not None and row.second >= (row.first or 0):
        value["y"] += _UNDER  # below the point: the other line runs above it
    return {
        "bars": [],
        "paths": [p for p in paths if p["d"]],
        "ends": [end],
        "values": [value] if value else [],
    }


def _path(frame: _Frame, numbers: Sequence[float | None]) -> str:
    """Path data with a gap where a number is missing; a lone one is a short dash."""
    parts: list[str] = []
    for n, number in enumerate(numbers):
        if number is None:
            continue
        is_new = n == 0 or numbers[n - 1] is None
        parts.append(f"{'M' if is_new else 'L'}{frame.x(n):g} {frame.y(number):g}")
        if is_new and (n + 1 == len(numbers) or numbers[n + 1] is None):
            parts.append(f"h{4:g}")
    return "".join(parts)


def _told(frame: _Frame, n: int, row: Row, unit: str = "") -> dict[str, Any] | None:
    if row.first is None:
        return None
    x = min(frame.x(n), frame.size[0] - 18)
    return {"x": x, "y": frame.y(row.first) - 9, "words": f"{row.first:g}{unit}"}


def _highest(rows: Sequence[Row]) -> int:
    return max(range(len(rows)), key=lambda n: rows[n].first or 0, default=-1)


def _round_up(number: float, *, is_fine: bool) -> float:
    """The next of 4, 8, 10, 20, 40, 80, 100 …: a quarter of it is a number people like."""
    if number <= 4 and not (is_fine and number > 0):
        return 4.0
    power: float = 10.0 ** math.floor(math.log10(number))
    return next(power * step for step in (1, 2, 4, 8, 10) if power * step >= number)
