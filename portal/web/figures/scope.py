"""What the figure pages are about: which months, and whom; read from the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.clock import local
from portal.domain.categories.queries import category_by_code, category_ids_below, category_tree
from portal.domain.departments.queries import department_by_code, departments
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months, moved
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grid_by_code, grids
from portal.web import filters
from portal.web.filters import named

_YEARS = range(2000, 2100)


@dataclass(frozen=True)
class Scope:
    """Whose figures: the city's, or those of one town, department or category."""

    kind: Kind
    keys: frozenset[int]
    code: str = ""
    name: str = ""
    inhabitants: int | None = None

    @property
    def query(self) -> dict[str, Any]:
        """The part of an address that names it."""
        return {"kind": self.kind.value, "key": self.code} if self.code else {}

    def list_query(self, figure: str, months: Months | None) -> dict[str, Any]:
        """How an address narrows a list to what a figure counts; all months when none are given."""
        narrowed: dict[str, Any] = {"figure": figure}
        if self.code:
            narrowed[self.kind.value] = self.code
        if months is not None:
            narrowed |= {"from": months.first.isoformat(), "to": months.end.isoformat()}
        return narrowed


def named_scope(kind: str, code: str) -> Scope | None:
    """Whom an address names, the whole city when nobody; None for what is unknown."""
    if kind in {"", Kind.CITY}:
        return Scope(Kind.CITY, frozenset({0}), "", _("全市"), city_inhabitants())
    find = _FINDERS.get(kind)
    # No code holds a control character, and no database of ours takes them.
    return find(code) if find and code.isprintable() else None


def _town(code: str) -> Scope | None:
    grid = grid_by_code(code)
    if grid is None or grid.level is not GridLevel.TOWN:
        return None
    return Scope(Kind.TOWN, frozenset({grid.id}), code, named(grid), grid.inhabitants)


def _department(code: str) -> Scope | None:
    row = department_by_code(code)
    return Scope(Kind.DEPARTMENT, frozenset({row.id}), code, named(row)) if row else None


def _category(code: str) -> Scope | None:
    row = category_by_code(code)
    return Scope(Kind.CATEGORY, category_ids_below(code), code, named(row)) if row else None


_FINDERS: dict[str, Callable[[str], Scope | None]] = {
    Kind.TOWN: _town,
    Kind.DEPARTMENT: _department,
    Kind.CATEGORY: _category,
}


def units(kind: Kind) -> list[Scope]:
    """All towns, departments or level-1 categories, in the order of lists."""
    if kind is Kind.TOWN:
        return [
            Scope(kind, frozenset({t.id}), t.code, named(t), t.inhabitants)
            for t in grids(GridLevel.TOWN)
        ]
    if kind is Kind.DEPARTMENT:
        return [Scope(kind, frozenset({d.id}), d.code, named(d)) for d in departments()]
    return [
        Scope(
            kind,
            frozenset({b.top.id, *(child.id for child in b.children)}),
            b.top.code,
            named(b.top),
        )
        for b in category_tree(with_inactive=True)
    ]


def city_inhabitants() -> int | None:
    """All towns together; None while one of them does not say."""
    numbers = [town.inhabitants for town in grids(GridLevel.TOWN)]
    return sum(n or 0 for n in numbers) if numbers and all(numbers) else None


def months_of(given: Mapping[str, str], at: datetime) -> Months:
    """The months in the address; this year so far when they make no sense or none are given."""
    today = local(at).date()
    return _span_in(given) or Months(today.replace(month=1, day=1), today.replace(day=1))


def is_span_lost(given: Mapping[str, str]) -> bool:
    """Whether the address names months that make no sense, so that others are shown."""
    return any(given.get(name) for name in ("from", "to")) and _span_in(given) is None


def _span_in(given: Mapping[str, str]) -> Months | None:
    first, last = month_in(given.get("from", "")), month_in(given.get("to", ""))
    return None if first is None or last is None or first > last else Months(first, last)


def month_in(text: str) -> date | None:
    """2026-03 as the first of March."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month.year in _YEARS else None


def usual_spans(at: datetime) -> list[tuple[str, Months]]:
    """Spans people ask for, with their names."""
    month = local(at).date().replace(day=1)
    return [
        (_("今年"), Months(month.replace(month=1), month)),
        (_("去年"), Months.of_year(month.year - 1)),
        (_("本月"), Months(month, month)),
        (_("上月"), Months(moved(month, -1), moved(month, -1))),
        (_("近12个月"), Months.until(month, 12)),
    ]


def months_query(months: Months) -> dict[str, Any]:
    """The part of an address that names a span."""
    return {"from": f"{months.first:%Y-%m}", "to": f"{months.last:%Y-%m}"}


def month_words(month: date) -> str:
    """2026年3月."""
    return filters.month(month)


def span_words(months: Months) -> str:
    """2026年1月到3月, in full."""
    if months.count == 1:
        return month_words(months.first)
    return _("%(first)s到%(last)s", first=month_words(months.first), last=month_words(months.last))


def is_running(months: Months, at: datetime) -> bool:
    """Whether the span's last month is not over."""
    return months.end >= local(at).date()
