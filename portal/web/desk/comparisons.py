"""Towns, departments and categories side by side, in the order of one rate or median."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.domain.categories.queries import category_tree
from portal.domain.departments.queries import departments
from portal.domain.figures.definitions import FIGURES, Better, Figure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, Value, tallies, value_of
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.web.desk.figure_scope import Scope
from portal.web.desk.figure_words import value_words
from portal.web.desk.frame import name_of

_COLUMNS = ("received", "problems", "closed_rate", "resolve_on_time", "median_days", "reopen_rate")
_NOW = ("open", "overdue")


@dataclass(frozen=True)
class _Line:
    scope: Scope
    values: dict[str, Value]
    chosen: Value


def comparison(kind: Kind, months: Months, figure: Figure) -> dict[str, Any]:
    """The units of a kind with cases, ranked by `figure`; those with few cases stand below.

    Two statements for the sums.
    """
    now = tallies(kind, months, None, [figure, *(FIGURES[code] for code in _COLUMNS)])
    ever = tallies(kind, None, None, [FIGURES[code] for code in _NOW])
    lines = [_line(scope, now, ever, figure) for scope in units(kind)]
    lines = [line for line in lines if line.values["received"].part or line.values["open"].part]
    codes = [*_COLUMNS, *_NOW]
    if figure.code not in codes:
        codes.insert(2, figure.code)
    return {
        "kind": kind.value,
        "label": _("按%(what)s", what=_(kind.label)),
        "columns": [{"code": c, "label": _(FIGURES[c].label)} for c in codes],
        "chosen": figure.code,
        "lines": [_shown(line, rank, codes, months) for line, rank in _ranked(lines, figure)],
    }


def units(kind: Kind) -> list[Scope]:
    """All towns, departments or level-1 categories, in the order of lists."""
    if kind is Kind.TOWN:
        return [
            Scope(kind, frozenset({t.id}), t.code, name_of(t), t.inhabitants)
            for t in grids(GridLevel.TOWN)
        ]
    if kind is Kind.DEPARTMENT:
        return [Scope(kind, frozenset({d.id}), d.code, name_of(d)) for d in departments()]
    return [
        Scope(
            kind,
            frozenset({b.top.id, *(child.id for child in b.children)}),
            b.top.code,
            name_of(b.top),
        )
        for b in category_tree(with_inactive=True)
    ]


def _line(scope: Scope, now: dict[int, Tally], ever: dict[int, Tally], figure: Figure) -> _Line:
    tally = sum((now[key] for key in scope.keys if key in now), Tally())
    standing = sum((ever[key] for key in scope.keys if key in ever), Tally())
    values = {code: value_of(FIGURES[code], tally) for code in _COLUMNS}
    values |= {code: value_of(FIGURES[code], standing) for code in _NOW}
    values[figure.code] = value_of(figure, tally)
    return _Line(scope, values, values[figure.code])


def _ranked(lines: list[_Line], figure: Figure) -> list[tuple[_Line, int | None]]:
    """Best first with ranks, equal ones sharing theirs; then those nobody can be ranked by."""
    sign = -1 if figure.better is Better.HIGH else 1
    fit = [ln for ln in lines if ln.chosen.number is not None and not ln.chosen.is_small]
    keys = {id(ln): sign * round(ln.chosen.number or 0, 1) for ln in fit}
    fit.sort(key=lambda ln: keys[id(ln)])
    ranks = [1 + sum(keys[id(o)] < keys[id(ln)] for o in fit) for ln in fit]
    rest = [ln for ln in lines if id(ln) not in keys]
    rest.sort(key=lambda ln: -ln.values["received"].part)
    return [*zip(fit, ranks, strict=True), *((ln, None) for ln in rest)]


def _shown(line: _Line, rank: int | None, codes: list[str], months: Months) -> dict[str, Any]:
    cells = []
    for code in codes:
        value = line.values[code]
        span = None if code in _NOW else months
        cells.append(
            {
                "code": code,
                "words": value_words(value),
                "href": line.scope.list_url(code, span) if value.part else "",
                "is_small": value.is_small and value.number is not None,
            }
        )
    return {"rank": rank, "name": line.scope.name, "scope": line.scope, "cells": cells}
