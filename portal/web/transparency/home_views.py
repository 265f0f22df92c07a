"""The home page and the front of the public pages."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import now
from portal.domain.publication.conditions import StateGroup
from portal.domain.publication.queries import latest_published, overdue_cases
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.pages import cards, rows
from portal.web.transparency.standing import (
    Headline,
    page_version,
    standing,
)
from portal.web.transparency.towns import where

_LATEST, _OVERDUE = 3, 5


@bp.get("/")
@public
def home() -> Response:
    """What this is, what it does for you, and how it is going."""
    at = now()
    version = page_version(at)
    figures = standing(version, at)

    def render() -> str:
        latest = cards(latest_published(_LATEST + 1), at)
        hero = latest[0] if latest and latest[0]["before"] and latest[0]["after"] else None
        # The one in the hero is not shown twice, unless there is little else.
        latest = latest[1:] if hero and len(latest) > _LATEST else latest[:_LATEST]
        return render_template(
            "home.html", latest=latest, hero=hero, figures=headline_figures(figures.year)
        )

    return cached_page(render, version, figures.version)


@bp.get("/open")
@public
def front() -> Response:
    """Figures, where, the latest results, and what is late."""
    at = now()
    version = page_version(at)
    figures = standing(version, at)

    def render() -> str:
        return render_template(
            "open/front.html",
            figures=headline_figures(figures.year),
            counted_at=figures.at,
            latest=cards(latest_published(_LATEST), at),
            overdue=rows(overdue_cases(_OVERDUE, at), at),
            **where(figures),
        )

    return cached_page(render, version, figures.version)


def headline_figures(year: Headline) -> list[dict[str, Any]]:
    """Four figures, each a link to the list that shows it."""
    since: dict[str, Any] = {"from": year.since.isoformat()}
    days = year.median_days
    return [
        {
            "label": _("今年受理"),
            "value": year.problems,
            "unit": ngettext("件", "件", year.problems),
            "note": _("共收到%(n)s件举报", n=year.received),
            "href": url_for("transparency.reports", **since),
        },
        {
            "label": _("其中已办结"),
            "value": year.resolved,
            "unit": ngettext("件", "件", year.resolved),
            "note": _share(year),
            "href": url_for("transparency.reports", state=StateGroup.CLOSED, **since),
        },
        {
            "label": _("办结用时"),
            "value": f"{days:g}" if days is not None else "–",
            "unit": _("天") if days is not None else "",
            "note": _("一半的件比这更快") if days is not None else _("还没有办结的"),
            "href": url_for("transparency.reports", state=StateGroup.CLOSED, sort="days", **since),
        },
        {
            "label": _("现在逾期"),
            "value": year.overdue,
            "unit": ngettext("件", "件", year.overdue),
            "note": _("每一件都公开"),
            "href": url_for("transparency.reports", state=StateGroup.OVERDUE, sort="old"),
        },
    ]


def _share(year: Headline) -> str:
    if not year.problems:
        return _("办好一件，公开一件")
    return _("占受理的%(share)s%%", share=f"{100 * year.resolved / year.problems:.0f}")
