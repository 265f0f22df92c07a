"""The scorecard 考核: departments and towns by weighed points; the weights and who set them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.figures.definitions import FIGURES, SMALL, TARGETABLE
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import counted_at
from portal.domain.figures.scorecard import (
    ORDINARY_DAYS,
    SCORED,
    Mark,
    NewWeights,
    Score,
    scores,
    set_weights,
    weight_history,
    weights_on,
)
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import add_faults
from portal.web.desk.fields import plain_names
from portal.web.desk.figure_forms import WeightForm
from portal.web.desk.figure_scope import list_url
from portal.web.desk.figure_views import span_links
from portal.web.figures.scope import (
    Scope,
    is_running,
    is_span_lost,
    months_of,
    months_query,
    span_words,
    units,
)
from portal.web.figures.words import number_words, target_words, value_words


@bp.get("/scorecard")
@require(Permission.ENTER_DESK, Permission.READ_SCORECARD)
def scorecard() -> ResponseReturnValue:
    """The units of one kind, the best first."""
    return _page(_kind(), None)


@bp.post("/scorecard/weights")
@require(Permission.ENTER_DESK, Permission.SET_WEIGHTS)
def save_weights() -> ResponseReturnValue:
    """Change what counts how much, from a day on."""
    kind, form = _kind(), WeightForm(plain_names(request.form))
    if not form.validate():
        return _page(kind, form), 422
    on = form.effective_on.data or local(now()).date()
    new = NewWeights(kind, form.numbers, on, form.note.data or "")
    try:
        with transaction():
            changed = set_weights(new, by=actor(), at=now())
    except InvalidFieldsError as fault:
        add_faults(form, fault)
        return _page(kind, form), fault.http_status
    words = _("权重改好了，到生效那天起按新的算。") if changed else _("和原来一样，没有改动。")
    flash(words, "" if changed else "amber")
    return redirect(url_for("desk.scorecard", kind=kind.value), code=303)


def _kind() -> Kind:
    given = request.values.get("kind", "")
    return Kind(given) if given in SCORED else Kind.DEPARTMENT


def _page(kind: Kind, form: WeightForm | None) -> str:
    at, who = now(), actor()
    months = months_of(request.args, at)
    found = scores(kind, months, at)
    weights = weights_on(kind, min(months.end, local(at).date()))
    total = sum(weights.values()) or 1
    scopes = {next(iter(scope.keys)): scope for scope in units(kind)}
    return render_template(
        "desk/scorecard.html",
        kind=kind,
        kinds=_kind_links(kind, months),
        span=span_words(months),
        months=months_query(months),
        spans=span_links(months, "desk.scorecard", {"kind": kind.value}),
        columns=[
            {"label": _(FIGURES[c].label), "share": number_words(100 * w / total)}
            for c, w in weights.items()
        ],
        lines=[_line(scopes[s.key], s, months) for s in found if s.key in scopes],
        unrated=[_(FIGURES[c].label) for c in weights if FIGURES[c].part is None],
        ordinary=number_words(ORDINARY_DAYS),
        least=SMALL,
        counted_at=counted_at(at),
        is_running=is_running(months, at),
        form=form or WeightForm(data={"effective_on": local(at).date()}),
        weights=_weights(kind, form, at),
        history=_history(kind),
        may_set=who.may(Permission.SET_WEIGHTS),
        may_target=who.may(Permission.SET_TARGETS),
        is_span_lost=is_span_lost(request.args),
    )


def _kind_links(kind: Kind, months: Months) -> list[dict[str, Any]]:
    return [
        {
            "label": _(one.label),
            "href": url_for("desk.scorecard", kind=one.value, **months_query(months)),
            "count": None,
            "current": one is kind,
        }
        for one in SCORED
    ]


def _line(scope: Scope, score: Score, months: Months) -> dict[str, Any]:
    return {
        "name": scope.name,
        "scope": scope,
        "rank": score.rank,
        "is_small": score.is_small,
        "total": number_words(score.total),
        "problems": score.problems,
        "href": list_url(scope, "problems", months),
        "cells": [_cell(scope, mark, months) for mark in score.marks],
    }


def _cell(scope: Scope, mark: Mark, months: Months) -> dict[str, Any]:
    value = mark.value
    return {
        "words": value_words(value),
        "points": number_words(mark.points) if mark.points is not None else "",
        "href": list_url(scope, f"{value.figure.code}:whole", months) if value.whole else "",
        "is_small": value.is_small and value.number is not None,
        "target": target_words(value.figure, mark.target) if mark.target is not None else "",
        "is_met": mark.is_met,
    }


def _weights(kind: Kind, form: WeightForm | None, at: datetime) -> list[dict[str, Any]]:
    """What the form offers: every figure that can be weighed, as typed or as in force."""
    in_force = weights_on(kind, local(at).date())
    typed = form.weights.data if form else {}
    return [
        {
            "code": figure.code,
            "label": _(figure.label),
            "value": typed.get(figure.code, str(in_force.get(figure.code, 0))),
        }
        for figure in TARGETABLE
    ]


def _history(kind: Kind) -> list[dict[str, Any]]:
    rows = weight_history(kind)
    names = names_of({row.set_by_id for row in rows if row.set_by_id})
    return [
        {
            "at": row.set_at,
            "who": names.get(row.set_by_id or 0, _("系统")),
            "figure": _(FIGURES[row.figure].label) if row.figure in FIGURES else row.figure,
            "weight": row.weight,
            "effective_on": row.effective_on,
            "note": row.note,
        }
        for row in rows
    ]
