"""The public figures 公开统计: what came in, how fast and how well it was handled, by whom."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.text import N_
from portal.domain.figures.definitions import FIGURES, Unit
from portal.domain.figures.disclosure import LEAST, is_too_few
from portal.domain.figures.periods import Months
from portal.domain.figures.targets import targets_version
from portal.web.access import public
from portal.web.figures.page import Asked, chosen_figure, page_of
from portal.web.figures.reader import Reader
from portal.web.figures.scope import (
    Scope,
    is_span_lost,
    months_of,
    months_query,
    named_scope,
    usual_spans,
)
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.standing import page_version


def list_url(scope: Scope, figure: str, months: Months | None) -> str:
    """The public list of the cases a figure counts, with the line about the others.

    Written out: a page has two hundred of them, and url_for would be a fifth of its time.
    """
    return "/open/reports?" + urlencode(scope.list_query(figure, months))


PUBLIC = Reader(list_url, is_too_few)
"""Everybody sees numbers; shares of a handful of cases stay hidden where they tell of each."""


# What comes first, in words nobody has to look up.
_PLAIN = {
    "received": N_("收到的举报"),
    "problems": N_("受理的问题"),
    "closed_rate": N_("已经办结"),
    "median_days": N_("一般多久办结"),
    "open": N_("正在办"),
    "overdue": N_("现在逾期"),
}


def plainly(headline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures that come first, named for everybody."""
    named = [(_PLAIN[item["code"]], item) for item in headline]
    return [{**item, "label": _(words)} for words, item in named]


@bp.get("/open/figures")
@public
def figures() -> Response:
    """Every figure of domain.md section 8, of the city or of one town, department or category."""
    at = now()
    scope = named_scope(request.args.get("kind", ""), request.args.get("key", ""))
    if scope is None or "." in scope.code:
        abort(404)  # below level 1 only published cases say what they are
    asked = Asked(scope, months_of(request.args, at), PUBLIC)
    figure = chosen_figure(request.args.get("by", ""))

    def render() -> str:
        found = page_of(asked, figure, at)
        found["headline"] = plainly(found["headline"])
        return render_template(
            "open/figures.html",
            **found,
            spans=_spans(asked, figure.code),
            rankings=[_ranking(table, asked.months) for table in found["tables"]],
            fewest=LEAST,
            is_span_lost=is_span_lost(request.args),
        )

    return cached_page(render, page_version(at), str(targets_version()), sheet="figures", keep=True)


def _spans(asked: Asked, by: str) -> list[dict[str, Any]]:
    """The usual spans, each a link to the same page."""
    kept = {**asked.scope.query, "by": by}
    return [
        {
            "label": label,
            "href": url_for("transparency.figures", **kept, **months_query(span)),
            "current": span == asked.months,
        }
        for label, span in usual_spans(now())
    ]


def _ranking(table: dict[str, Any], months: Months) -> dict[str, Any]:
    """Bars in order, what they find, and the whole table behind them."""
    bars = [_bar(line, table["chosen"], months) for line in table["lines"]]
    is_share = FIGURES[table["chosen"]].unit is Unit.PERCENT
    most = 100 if is_share else max((bar["number"] for bar in bars if bar["rank"]), default=0) or 1
    for bar in bars:
        bar["width"] = round(100 * bar["number"] / most, 1) if bar["rank"] else 0
    return {**table, "bars": bars, "finding": _finding(bars)}


def _bar(line: dict[str, Any], chosen: str, months: Months) -> dict[str, Any]:
    cell = next(cell for cell in line["cells"] if cell["code"] == chosen)
    query = {**line["scope"].query, **months_query(months)}
    return {
        "rank": line["rank"],
        "name": line["name"],
        "href": url_for("transparency.figures", **query),
        "words": cell["words"],
        "list": cell["href"],
        "number": cell["number"] or 0,
    }


def _finding(bars: list[dict[str, Any]]) -> list[str]:
    """What the bars say, in phrases that stay whole on a line."""
    ranked = [bar for bar in bars if bar["rank"]]
    if len(ranked) < 2:
        return [_("件数都还太少，不排名")]
    first, last = ranked[0], ranked[-1]
    if first["words"] == last["words"]:
        return [_("都一样，是%(words)s", words=first["words"])]
    best = [bar["name"] for bar in ranked if bar["rank"] == 1]
    return [
        _("%(best)s最好，%(first)s；", best=_("、").join(best), first=first["words"]),
        _("%(worst)s排在最后，%(last)s", worst=last["name"], last=last["words"]),
    ]
