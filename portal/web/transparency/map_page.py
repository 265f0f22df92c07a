"""The page of the map: towns with their counts and shades, months, and the cases of the view."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.domain.grids.models import Grid, GridLevel
from portal.domain.grids.queries import grids
from portal.domain.publication.map_queries import Town, cases_in, months, spots, towns
from portal.domain.publication.map_view import View
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import PAGE, PublicFilter, public_cases
from portal.web.filters import month as month_words
from portal.web.filters import named
from portal.web.transparency.filtering import Filtering

SHADES = 4
_MOST_YEARS = 2
_MONTHS = range(1, 13)


@dataclass(frozen=True)
class TownLine:
    """A town of the table: its counts, its shade, and the query of its list."""

    code: str
    name: str
    count: int
    located: int
    late: int
    shade: int
    query: str


@dataclass(frozen=True)
class MonthLink:
    """A month, or all of them: its count, its shade, and the query that shows it."""

    words: str
    full: str  # with its year
    count: int
    shade: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class YearOfMonths:
    """A year and its months so far, January first; those without cases stay empty."""

    words: str
    months: list[MonthLink]


@dataclass(frozen=True)
class MonthLinks:
    """All time, and the last years with cases, the newest first."""

    whole: MonthLink
    years: list[YearOfMonths]


def town_lines(asked: Filtering) -> list[TownLine]:
    """Every town, those with the most cases first; cases of no town come last."""
    found = towns(asked.wanted)
    known = {town.id: town for town in grids(GridLevel.TOWN)}
    most = max((town.count for town in found.values()), default=0)
    chosen = asked.wanted.town_id
    lines = [
        _line(grid, found.get(grid_id) or Town(grid_id), most, asked)
        for grid_id, grid in known.items()
        if chosen in {None, grid_id}
    ]
    lines += [_line(None, town, most, asked) for key, town in found.items() if key not in known]
    return sorted(lines, key=lambda line: (not line.code, -line.count, line.code))


def _line(grid: Grid | None, town: Town, most: int, asked: Filtering) -> TownLine:
    code = grid.code if grid else ""
    return TownLine(
        code=code,
        name=named(grid) or _("没有写明镇街"),
        count=town.count,
        located=town.located,
        late=town.late,
        shade=shade_of(town.count, most),
        query=asked.query(town=code) if code else "",
    )


def shade_of(count: int, most: int) -> int:
    """One of four steps of equal width up to the largest; 0 for none."""
    return -(-SHADES * count // most) if most else 0


def month_links(asked: Filtering, view: Mapping[str, str], today: date) -> MonthLinks:
    """Each month of the last years with cases, and all of them at once; `view` is kept."""
    found = months(asked.wanted)
    shown = sorted({key // 100 for key in found}, reverse=True)[:_MOST_YEARS]
    most = max((count for key, count in found.items() if key // 100 in shown), default=0)
    chosen = asked.wanted.from_on, asked.wanted.to_on

    def link(first: date, last: date) -> MonthLink:
        count = found.get(_key(first), 0)
        span = {"from": first.isoformat(), "to": last.isoformat()}
        return MonthLink(
            words=month_words(first, "MMM"),
            full=month_words(first),
            count=count,
            shade=shade_of(count, most),
            query=asked.query(**view, **span),
            is_current=chosen == (first, last),
        )

    everything = asked.query(**view, **{"from": "", "to": ""})
    whole = MonthLink("", "", sum(found.values()), 0, everything, chosen == (None, None))
    return MonthLinks(
        whole,
        [
            YearOfMonths(
                month_words(date(year, 1, 1), "y"),
                [link(*_month(year, n)) for n in _MONTHS if date(year, n, 1) <= today],
            )
            for year in shown
        ],
    )


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _key(first: date) -> int:
    return first.year * 100 + first.month


def cases_of(view: View | None, wanted: PublicFilter, at: Any) -> Iterable[PublicCase]:
    """The newest cases of the view; without one the newest of all, with a place or not."""
    if view is None:
        return public_cases(wanted, at).cases
    among = sum(spot.count for spot in spots(view, wanted))
    return cases_in(view, wanted, PAGE, among)


def by_code(lines: Iterable[TownLine]) -> Mapping[str, TownLine]:
    """The lines of real towns by their code."""
    return {line.code: line for line in lines if line.code}
