"""Towns, departments and categories side by side, in the order of one rate or median."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from portal.domain.figures.definitions import FIGURES, Better, Figure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, Value, tallies, value_of
from portal.web.figures.reader import Reader
from portal.web.figures.scope import Scope, units
from portal.web.figures.words import value_words

_COLUMNS = ("received", "problems", "closed_rate", "resolve_on_time", "median_days", "reopen_rate")
_NOW = ("open", "overdue")


@dataclass(frozen=True)
class _Line:
    scope: Scope
    values: dict[str, Value]
    chosen: Value


def comparison(kind: Kind, months: Months, figure: Figure, reader: Reader) -> dict[str, Any]:
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
        "lines": [
            {
                "rank": rank,
                "name": line.scope.name,
                "scope": line.scope,
                "cells": [_cell(line, code, months, reader) for code in codes],
            }
            for line, rank in _ranked(lines, figure)
        ],
    }


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


def _cell(line: _Line, code: str, months: Months, reader: Reader) -> dict[str, Any]:
    value = line.values[code]
    if reader.hides(line.scope.kind, value):
        return {"code": code, "words": _("不公开"), "number": None, "href": "", "is_small": True}
    span = None if code in _NOW else months
    return {
        "code": code,
        "words": value_words(value),
        "number": value.number,
        "href": reader.list_url(line.scope, code, span) if value.part else "",
        "is_small": value.is_small and value.number is not None,
    }
