"""The figures: of the city, or of one town, department or category; with trends and comparisons."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.core.clock import now
from portal.domain.accounts.permissions import Permission
from portal.domain.figures.periods import Months
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.figure_scope import DESK, scope_of
from portal.web.figures.page import Asked, chosen_figure, page_of
from portal.web.figures.scope import Scope, is_span_lost, months_of, months_query, usual_spans


@bp.get("/figures")
@require(Permission.ENTER_DESK, Permission.READ_FIGURES)
def figures() -> ResponseReturnValue:
    """Every figure of domain.md section 8 for what the URL names."""
    who, at = actor(), now()
    scope = scope_of(request.args, who) or abort(404)
    asked = Asked(scope, months_of(request.args, at), DESK)
    figure = chosen_figure(request.args.get("by", ""))
    return render_template(
        "desk/figures.html",
        **page_of(asked, figure, at),
        spans=span_links(asked.months, "desk.figures", {**scope.query, "by": figure.code}),
        may_score=who.may(Permission.READ_SCORECARD),
        city=_city_url(scope, asked.months) if who.may(Permission.SEE_ALL) else "",
        is_span_lost=is_span_lost(request.args),
    )


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
