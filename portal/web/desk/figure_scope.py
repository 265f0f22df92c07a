"""What the figure pages are about: which months, and whom. From the URL, within one's rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.core.clock import local
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.categories.queries import category_by_code, category_ids_below
from portal.domain.departments.queries import department_by_code, department_by_id
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months, moved
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grid_by_code, grids
from portal.web import filters
from portal.web.desk.frame import name_of

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

    def list_url(self, figure: str, months: Months | None) -> str:
        """The list of the reports a figure counts; of all months when none are given."""
        narrowed: dict[str, Any] = {self.kind.value: self.code} if self.code else {}
        if months is not None:
            narrowed |= {"from": months.first.isoformat(), "to": months.end.isoformat()}
        return url_for("desk.queue", name="all", figure=figure, **narrowed)


def scope_of(given: Mapping[str, str], who: Actor) -> Scope | None:
    """Whom the address names, as far as `who` may see it; None for what is unknown or not theirs.

    Whoever does not see all sees their own department only.
    """
    kind, code = given.get("kind", ""), given.get("key", "")
    if not who.may(Permission.SEE_ALL):
        own = department_by_id(who.department_id) if who.department_id else None
        if own is None or (code and (kind, code) != (Kind.DEPARTMENT, own.code)):
            return None
        return Scope(Kind.DEPARTMENT, frozenset({own.id}), own.code, name_of(own))
    if kind in {"", Kind.CITY}:
        return Scope(Kind.CITY, frozenset({0}), "", _("全市"), city_inhabitants())
    return _named(kind, code)


def _named(kind: str, code: str) -> Scope | None:
    if kind == Kind.TOWN:
        grid = grid_by_code(code)
        if grid is None or grid.level is not GridLevel.TOWN:
            return None
        return Scope(Kind.TOWN, frozenset({grid.id}), code, name_of(grid), grid.inhabitants)
    if kind == Kind.DEPARTMENT:
        department = department_by_code(code)
        if department is None:
            return None
        return Scope(Kind.DEPARTMENT, frozenset({department.id}), code, name_of(department))
    category = category_by_code(code) if kind == Kind.CATEGORY else None
    if category is None:
        return None
    return Scope(Kind.CATEGORY, category_ids_below(code), code, name_of(category))


def city_inhabitants() -> int | None:
    """All towns together; None while one of them does not say."""
    numbers = [town.inhabitants for town in grids(GridLevel.TOWN)]
    return sum(n or 0 for n in numbers) if numbers and all(numbers) else None


def months_of(given: Mapping[str, str], at: datetime) -> Months:
    """The months in the address; this year so far when they make no sense or none are given."""
    today = local(at).date()
    first, last = month_in(given.get("from", "")), month_in(given.get("to", ""))
    if first is None or last is None or first > last:
        return Months(today.replace(month=1, day=1), today.replace(day=1))
    return Months(first, last)


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
