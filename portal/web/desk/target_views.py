"""Yearly targets 目标责任书 beside what was reached, and every change of them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.figures.definitions import FIGURES, TARGETABLE
from portal.domain.figures.models import FigureTarget, Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, tallies, value_of
from portal.domain.figures.targets import (
    NewTarget,
    is_met,
    set_target,
    target_history,
    targets_of,
)
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import add_faults
from portal.web.desk.fields import plain_names
from portal.web.desk.figure_forms import TargetForm
from portal.web.desk.figure_scope import list_url
from portal.web.figures.scope import Scope, units
from portal.web.figures.words import target_words, value_words

_KINDS = (Kind.DEPARTMENT, Kind.TOWN)
_YEARS = range(2000, 2100)


@bp.get("/targets")
@require(Permission.ENTER_DESK, Permission.SET_TARGETS)
def targets() -> ResponseReturnValue:
    """The targets of a year, with what was reached so far."""
    return _page(_year(), None)


@bp.post("/targets")
@require(Permission.ENTER_DESK, Permission.SET_TARGETS)
def save_target() -> ResponseReturnValue:
    """Set, change or withdraw one target."""
    form = TargetForm(plain_names(request.form))
    scopes = _scopes()
    _offer(form, scopes)
    if not form.validate():
        return _page(_year(), form), 422
    scope = scopes[form.unit.data]
    new = NewTarget(
        form.year.data or 0,
        scope.kind,
        next(iter(scope.keys)),
        form.figure.data,
        form.number,
        form.note.data or "",
    )
    try:
        with transaction():
            changed = set_target(new, by=actor(), at=now())
    except InvalidFieldsError as fault:
        add_faults(form, fault)
        return _page(_year(), form), fault.http_status
    flash(_("目标记下了。") if changed else _("和原来一样，没有改动。"), "" if changed else "amber")
    return redirect(url_for("desk.targets", year=new.year), code=303)


def _year() -> int:
    given = request.values.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else 0
    return year if year in _YEARS else local(now()).year


def _scopes() -> dict[str, Scope]:
    """Whom a target can be set for, by what the form sends: `town:999901001`."""
    city = Scope(Kind.CITY, frozenset({0}), "", _("全市"))
    found = [city, *(scope for kind in _KINDS for scope in units(kind))]
    return {f"{scope.kind.value}:{scope.code}": scope for scope in found}


def _offer(form: TargetForm, scopes: dict[str, Scope]) -> None:
    form.unit.choices = [(code, scope.name) for code, scope in scopes.items()]
    form.figure.choices = [(figure.code, figure.label) for figure in TARGETABLE]


def _page(year: int, form: TargetForm | None) -> str:
    scopes = _scopes()
    form = form or TargetForm(data={"year": year})
    _offer(form, scopes)
    by_key = {(s.kind.value, next(iter(s.keys))): s for s in scopes.values()}
    return render_template(
        "desk/targets.html",
        year=year,
        form=form,
        rows=_rows(year, by_key),
        history=_history(year, by_key),
        years=_year_links(year),
        may_read=actor().may(Permission.READ_FIGURES),
    )


def _year_links(year: int) -> list[dict[str, Any]]:
    this = local(now()).year
    return [
        {
            "label": str(one),
            "href": url_for("desk.targets", year=one),
            "count": None,
            "current": one == year,
        }
        for one in sorted({year, this - 1, this, this + 1})
    ]


def _rows(year: int, by_key: dict[tuple[str, int], Scope]) -> list[dict[str, Any]]:
    """The targets in force beside the year's figures; a statement per kind."""
    span = Months.of_year(year)
    sums = {kind: tallies(kind, span, None, TARGETABLE) for kind in (Kind.CITY, *_KINDS)}
    found = []
    order = list(by_key)
    for (kind, key, code), row in targets_of(year).items():
        scope = by_key.get((kind, key))
        if scope is None or code not in FIGURES:
            continue
        value = value_of(FIGURES[code], sums[Kind(kind)].get(key, Tally()))
        found.append(
            {
                "order": (order.index((kind, key)), list(FIGURES).index(code)),
                "scope": scope,
                "figure": _(value.figure.label),
                "target": target_words(value.figure, row.value or 0.0),
                "actual": value_words(value),
                "is_met": is_met(value, row.value),
                "href": list_url(scope, f"{code}:whole", span) if value.whole else "",
                "note": row.note,
            }
        )
    return sorted(found, key=lambda line: line["order"])


def _history(year: int, by_key: dict[tuple[str, int], Scope]) -> list[dict[str, Any]]:
    rows = target_history(year)
    names = names_of({row.set_by_id for row in rows})
    return [_change(row, names, by_key) for row in rows]


def _change(
    row: FigureTarget, names: dict[int, str], by_key: dict[tuple[str, int], Scope]
) -> dict[str, Any]:
    figure, scope = FIGURES.get(row.figure), by_key.get((row.kind, row.key))
    return {
        "at": row.set_at,
        "who": names.get(row.set_by_id, ""),
        "unit": scope.name if scope else "",
        "figure": _(figure.label) if figure else row.figure,
        "target": _("撤销")
        if row.value is None or figure is None
        else target_words(figure, row.value),
        "note": row.note,
    }
