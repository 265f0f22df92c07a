"""The first page of the desk: what to do first, what else waits, and how the city stands.

Every number is counted by the list that its link opens. Whoever only reads gets figures with their
trends and nothing to press.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.desk_queries import (
    MOST_EXACT,
    Countable,
    Queue,
    queue_page,
    waiting_since,
)
from portal.domain.lookback.queries import to_do_count
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.supervision.queries import OrderFilter, OrderView, order_counts
from portal.web import filters
from portal.web.desk import frame
from portal.web.desk.figure_scope import DESK, scope_of
from portal.web.desk.frame import name_of
from portal.web.desk.listing import Listing
from portal.web.desk.own_rows import own_standing
from portal.web.desk.pages import report_colour
from portal.web.desk.system_facts import system_facts
from portal.web.desk.tasks import Task, tasks_of
from portal.web.desk.view_tabs import exactly
from portal.web.figures.page import Asked, chosen_figure, headline_and_trends
from portal.web.figures.reader import Reader
from portal.web.figures.scope import months_of, named_scope, usual_spans

_SHOWN = 6  # rows of the list that comes first
_READS = frozenset({Role.LEADER, Role.OBSERVER})


@dataclass(frozen=True)
class Tile:
    """A number and the list it counts; `do` is empty for what is only looked up."""

    label: str
    count: int
    href: str
    do: str = ""
    tone: str = ""
    note: str = ""
    listing: Listing | None = None

    @property
    def words(self) -> str:
        """The count as shown."""
        return exactly(self.count)


def dashboard(who: Actor, at: datetime) -> dict[str, Any]:
    """What desk/dashboard.html takes."""
    tiles = [*_counted(tasks_of(who), who, at), *_orders(who, at), *_look_backs(who, at)]
    first = next((tile for tile in tiles if tile.do and tile.count), None)
    return {
        "tiles": sorted((t for t in tiles if t is not first), key=lambda tile: not tile.count),
        "first": first,
        "rows": _rows(first.listing, who, at) if first and first.listing else [],
        "works": any(tile.do for tile in tiles),
        "facts": system_facts(who, at),
        "standing": _standing(who, at) if who.roles & _READS else None,
        "role": frame.role_words(who),
    }


def _counted(tasks: Sequence[Task], who: Actor, at: datetime) -> list[Tile]:
    """The tasks with their counts, together with the rail's; one statement, and the oldest's."""
    lists = [task.listing(who) for task in tasks]
    asked = [Countable(one.queue, one.filter(), MOST_EXACT + 1) for one in lists]
    counts = frame.count_with(asked, who, at)
    return [
        Tile(
            label=_(task.label),
            count=count,
            href=listing.url(),
            do=_(task.do) if task.do else "",
            tone=task.tone if count else "",
            note=_oldest(who, at) if count and _is_intake(listing) else "",
            listing=listing,
        )
        for task, listing, count in zip(tasks, lists, counts, strict=True)
    ]


def _is_intake(listing: Listing) -> bool:
    return listing.queue is Queue.TO_ACCEPT and not listing.narrowing()


def _oldest(who: Actor, at: datetime) -> str:
    """How long the report that waits longest to be taken on has waited."""
    since = waiting_since(Queue.TO_ACCEPT, who, at)
    return _("最早一件%(when)s来的", when=filters.near(since)) if since else ""


def _orders(who: Actor, at: datetime) -> list[Tile]:
    """Orders to answer for a department, to press and to read for whoever issues them."""
    if not who.may(Permission.READ_ORDERS):
        return []
    counts = order_counts(OrderFilter(), who, at)
    if who.may(Permission.ANSWER_ORDER):
        wanted = [(OrderView.OPEN, _("督办单待答复"), _("答复督办单"))]
    elif who.may(Permission.ISSUE_ORDER):
        wanted = [
            (OrderView.LATE, _("督办单超期未答复"), _("催没答复的督办单")),
            (OrderView.ANSWERED, _("督办单已答复"), _("看督办答复")),
        ]
    else:
        wanted = [(OrderView.LATE, _("督办单超期未答复"), "")]
    return [
        Tile(
            label,
            counts[view],
            url_for("desk.order_list", view=view),
            do,
            "yellow" if counts[view] and view is not OrderView.ANSWERED else "",
        )
        for view, label, do in wanted
    ]


def _look_backs(who: Actor, at: datetime) -> list[Tile]:
    """Places to go back to within a week."""
    goes = who.may(Permission.LOOK_BACK)
    if not goes and not who.may(Permission.SET_SAMPLE_RATE):
        return []
    href = url_for("desk.look_backs", _anchor="soon")
    return [Tile(_("7天内回头看"), to_do_count(who, at), href, _("去回头看") if goes else "")]


def _rows(listing: Listing, who: Actor, at: datetime) -> list[dict[str, Any]]:
    """The reports at the head of the list that comes first."""
    reports = queue_page(listing.queue, listing.filter(), who, at).reports[:_SHOWN]
    own = own_standing(who, [report.id for report in reports], at)
    return [_row(report, at) | own.get(report.id, {}) for report in reports]


def _row(report: Report, at: datetime) -> dict[str, Any]:
    place = name_of(report.grid or report.town)
    lead = name_of(report.lead_department)
    return {
        "href": url_for("desk.show_report", number=report.number),
        "title": report.title,
        "small": _("，").join(part for part in (name_of(report.category), place, lead) if part),
        "state": State(report.state),
        "due_at": report.due_at,
        "colour": report_colour(report, at),
    }


def _public_list(scope: Any, figure: str, months: Any) -> str:
    return url_for("transparency.reports", **scope.list_query(figure, months))


_OUTSIDE = Reader(_public_list)
"""Observers read what everybody reads, until a set of cases is theirs."""


def _standing(who: Actor, at: datetime) -> dict[str, Any] | None:
    """The figures of the city with their trends, for whoever reads."""
    may_open = who.may(Permission.SEE_ALL)
    scope = scope_of({}, who) if may_open else named_scope("", "")
    if scope is None:
        return None
    asked = Asked(scope, months_of({}, at), DESK if may_open else _OUTSIDE)
    more = url_for("desk.figures") if may_open else url_for("transparency.figures")
    found = headline_and_trends(asked, chosen_figure(""))
    return {**found, "more": more, "span": usual_spans(at)[0][0]}
