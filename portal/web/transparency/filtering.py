"""The public filters: from the address to a query, and back to chips that take one off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.errors import PortalError
from portal.core.geo import Box
from portal.domain.categories.queries import category_tree
from portal.domain.departments.queries import departments
from portal.domain.figures.disclosure import Shown, publicly_counted, shown
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.domain.publication.conditions import CLOSED, OPEN, PublicFilter, Sort, StateGroup
from portal.domain.publication.models import PublicCase
from portal.domain.reports.states import State
from portal.web.figures.words import list_words
from portal.web.filters import day, named

NAMES = ("q", "category", "town", "department", "state", "from", "to", "figure", "sort")
# Fits a number, a name, a few words; longer ones only cost time.
_MOST_LETTERS, _MOST_WORDS = 60, 5
_NOBODY = 0  # an id that no row has: an unknown town has no cases
Options = Sequence[tuple[str, str]]


class BadParameterError(PortalError):
    """A parameter is unknown or has a value it cannot have (OGC 17-069r4, 7.9)."""

    code = "bad_parameter"
    http_status = HTTPStatus.BAD_REQUEST


@dataclass(frozen=True)
class Filtering:
    """What was asked for, as typed, as a query, and what could not be understood."""

    typed: dict[str, str]
    wanted: PublicFilter
    options: dict[str, Options]
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but words and order was chosen."""
        return any(self.typed[name] for name in NAMES if name not in {"q", "sort"})

    def faults(self, name: str) -> list[str]:
        """What is wrong with one field, as the field shows it."""
        return [self.errors[name]] if name in self.errors else []

    def query(self, **changes: str) -> str:
        """The address's query with `changes`; empty ones are left out."""
        kept = {**self.typed, **changes}
        return urlencode({name: value for name, value in kept.items() if value})

    def chips(self) -> list[dict[str, str]]:
        """Each filter in force: its words, and the query without it."""
        return [
            {"words": self._words(name), "query": self.query(**{name: ""})}
            for name in NAMES
            if self.typed[name] and name not in self.errors
        ]

    def _words(self, name: str) -> str:
        value = self.typed[name]
        if name == "q":
            return _("含“%(words)s”", words=value)
        if name == "from":
            return _("%(day)s起", day=day(date.fromisoformat(value)))
        if name == "figure":
            return list_words(value)
        if name == "to":
            return _("到%(day)s", day=day(date.fromisoformat(value)))
        return dict(self.options[name]).get(value, value)


def filtering(args: MultiDict[str, str], box: Box | None = None) -> Filtering:
    """Read the address; what it cannot mean is told and left out. `box` is read by who knows it."""
    typed = {name: _clean(args.get(name, "")) for name in NAMES}
    typed["q"] = " ".join(typed["q"][:_MOST_LETTERS].split()[:_MOST_WORDS])
    if typed["sort"] not in set(Sort):
        typed["sort"] = ""
    counted = publicly_counted(typed["figure"], PublicCase.report_id)
    if counted is None:
        typed["figure"] = ""
    towns = {town.code: town for town in grids(GridLevel.TOWN)}
    units = {unit.code: unit for unit in departments()}
    errors: dict[str, str] = {}
    from_on, to_on = _days(typed, errors)
    wanted = PublicFilter(
        q=typed["q"],
        category=typed["category"],
        town_id=_id_of(towns, typed["town"]),
        department_id=_id_of(units, typed["department"]),
        state=typed["state"],
        from_on=from_on,
        to_on=to_on,
        sort=typed["sort"] or Sort.NEW,
        after=_clean(args.get("after", "")),
        counted=counted,
        box=box,
        only_published=counted is not None and shown(typed["figure"]) is Shown.PUBLISHED,
    )
    options: dict[str, Options] = {
        "category": [(b.top.code, named(b.top)) for b in category_tree()],
        "town": [(code, named(town)) for code, town in towns.items()],
        "department": [(code, named(unit)) for code, unit in units.items()],
        "state": _state_options(),
        "sort": [(sort.value, _(sort.label)) for sort in Sort],
    }
    return Filtering(typed, wanted, options, errors)


def _state_options() -> Options:
    listed = [state for state in State if state in OPEN | CLOSED]
    return [(one.value, _(one.label)) for one in (*StateGroup, *listed)]


def _days(typed: dict[str, str], errors: dict[str, str]) -> tuple[date | None, date | None]:
    found: dict[str, date | None] = {}
    for name in ("from", "to"):
        try:
            found[name] = date.fromisoformat(typed[name]) if typed[name] else None
        except ValueError:
            found[name] = None
            errors[name] = _("日期没有看懂，请写成2026-11-22这样。")
    start, end = found["from"], found["to"]
    if start and end and start > end:
        errors["to"] = _("结束的日子早于开始的日子，请换一下。")
        end = None
    return start, end


def _id_of(known: dict[str, Any], code: str) -> int | None:
    if not code:
        return None
    row = known.get(code)
    return row.id if row is not None else _NOBODY


def _clean(text: str) -> str:
    """Without control characters, which no database of ours takes."""
    return "".join(letter for letter in text if letter.isprintable())[:100].strip()
