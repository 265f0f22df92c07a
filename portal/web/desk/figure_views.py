"""The figures: of the city, or of one town, department or category; with trends and comparisons."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.domain.accounts.permissions import Permission
from portal.domain.figures.definitions import FIGURES, SMALL, Figure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import counted_at
from portal.web.access import actor, require
from portal.web.desk.comparisons import comparison
from portal.web.desk.door import bp
from portal.web.desk.figure_scope import (
    Scope,
    months_of,
    months_query,
    scope_of,
    span_words,
    usual_spans,
)
from portal.web.desk.figures_page import groups, headline, is_running, spans_of, trends

_RANKED_BY = "resolve_on_time"


@bp.get("/figures")
@require(Permission.ENTER_DESK, Permission.READ_FIGURES)
def figures() -> ResponseReturnValue:
    """Every figure of domain.md section 8 for what the URL names."""
    who, at = actor(), now()
    scope = scope_of(request.args, who) or abort(404)
    months = months_of(request.args, at)
    figure = chosen_figure()
    compared = scope.kind is Kind.CITY
    found = groups(scope, months, spans_of(scope, months))
    return render_template(
        "desk/figures.html",
        headline=headline(found),
        groups=found,
        scope=scope,
        span=span_words(months),
        months=months_query(months),
        spans=span_links(months, "desk.figures", {**scope.query, "by": figure.code}),
        charts=trends(scope, months, figure),
        tables=[comparison(kind, months, figure) for kind in _OTHERS] if compared else [],
        figure=figure,
        choices=[(f.code, _(f.label)) for f in FIGURES.values() if f.is_rankable],
        counted_at=counted_at(at),
        is_running=is_running(months, at),
        least=SMALL,
        may_score=who.may(Permission.READ_SCORECARD),
        city=_city_url(scope, months) if who.may(Permission.SEE_ALL) else "",
    )


_OTHERS = (Kind.DEPARTMENT, Kind.TOWN, Kind.CATEGORY)


def chosen_figure() -> Figure:
    """The figure that trends show and comparisons rank by."""
    figure = FIGURES.get(request.args.get("by", ""))
    return figure if figure and figure.is_rankable else FIGURES[_RANKED_BY]


def span_links(months: Months, endpoint: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """The usual spans as tabs."""
    return [
        {
            "label": label,
            "href": url_for(endpoint, **kept, **months_query(span)),
            "count": None,
            "current": span == months,
        }
        for label, span in usual_spans(now())
    ]


def _city_url(scope: Scope, months: Months) -> str:
    """The way back to the whole city."""
    return url_for("desk.figures", **months_query(months)) if scope.code else ""
