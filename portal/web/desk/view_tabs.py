"""The tabs over a list: the queues, then one's own views, each with how many it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_decimal

from portal.domain.accounts.actor import Actor
from portal.domain.casework.desk_queries import MOST_EXACT, Countable
from portal.domain.casework.models import SavedView
from portal.domain.casework.saved_views import shared_with, views_of
from portal.web.desk import frame
from portal.web.desk.listing import Listing, listing_said


def exactly(count: int) -> str:
    """A count as shown: 9,999, or 10,000+ where nobody counted further."""
    return f"{format_decimal(MOST_EXACT)}+" if count > MOST_EXACT else format_decimal(count)


def listing_of(view: SavedView) -> Listing | None:
    """The list that a view names; None when its queue is gone."""
    return listing_said(f"{view.queue}?{view.query}")


@dataclass(frozen=True)
class Tabs:
    """What stands over a list, and how many the list itself holds."""

    tabs: list[dict[str, Any]]
    total: str
    has_views: bool
    is_view: bool  # the list is kept already


def tabs_over(listing: Listing, who: Actor, at: datetime) -> Tabs:
    """The queues, one's own views and those shared with one, with their counts; three statements.

    Of two views of the same list one's own stands.
    """
    kept = [*views_of(who), *shared_with(who)]
    own = [(view, named) for view in kept if (named := listing_of(view))]
    places = [(named.queue, named.narrowing()) for _view, named in own]
    own = [one for n, one in enumerate(own) if places[n] not in places[:n]]
    lists = [listing, *(named for _view, named in own)]
    asked = [Countable(one.queue, one.filter(), MOST_EXACT + 1) for one in lists]
    total, *counts = frame.count_with(asked, who, at)
    here = (listing.queue, listing.narrowing())
    views = [
        {
            "label": view.name,
            "by": view.owner.display_name if view.user_id != who.user_id else "",
            "href": named.url(),
            "count": exactly(count),
            "current": (named.queue, named.narrowing()) == here,
        }
        for (view, named), count in zip(own, counts, strict=True)
    ]
    queues = frame.tabs(who, listing.queue, at)
    is_view = any(view["current"] for view in views)
    if is_view:
        queues = [{**tab, "current": False} for tab in queues]
    return Tabs([*queues, *views], exactly(total), bool(views), is_view)
