"""Drawing a queue: its rows with what narrows them, and one report beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.belonging import Came, Due
from portal.domain.casework.desk_filters import Sort
from portal.domain.casework.desk_queries import (
    Queue,
    QueuePage,
    first_photos,
    follower_counts,
    hands_out,
    queue_page,
)
from portal.domain.casework.scope import report_in_scope
from portal.domain.deadlines.clocks import Colour
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.states import Action, State
from portal.domain.supervision.queries import pressed
from portal.domain.triage.repeats import repeated_among
from portal.web import filters
from portal.web.desk import frame
from portal.web.desk.case_page import Sent
from portal.web.desk.frame import name_of
from portal.web.desk.listing import FILTERS, Listing
from portal.web.desk.offered import category_options, department_options, town_options
from portal.web.desk.offers import LOOKS
from portal.web.desk.own_rows import handler_chips, handler_options, own_standing
from portal.web.desk.pages import case_of, report_colour
from portal.web.desk.pane import Press, pane_of, words_of
from portal.web.desk.steps import TAKE_ON
from portal.web.desk.view_tabs import tabs_over
from portal.web.figures.words import list_words

_LABELS = {"from": N_("从%(value)s"), "to": N_("到%(value)s"), "q": N_("“%(value)s”")}
# Where the first report stands open beside the list, for those who work on it.
TRIAGED = frozenset({Queue.TO_ACCEPT, Queue.TO_DISPATCH})
_KEYS = {TAKE_ON: "a", Action.ACCEPT: "c"}
# What can be done to many reports of a queue at once.
_TOGETHER = {
    Queue.TO_ACCEPT: (TAKE_ON, Action.ACCEPT, Action.MERGE, Action.DECLINE),
    Queue.TO_DISPATCH: (Action.DISPATCH, Action.MERGE),
}


def render_queue(listing: Listing, who: Actor, at: datetime, sent: Sent | None = None) -> str:
    """The page; `sent` is a form that came from beside the list and was not taken."""
    wanted = listing.filter()
    page = queue_page(listing.queue, wanted, who, at)
    options, over = _options(listing, who), tabs_over(listing, who, at)
    report = _opened(listing, page, who)
    rows = rows_of(page, listing, who, at, report)
    by_handler = handler_chips(listing, who, at)
    beside = pane_of(case_of(report, who, at), listing, sent) if report else None
    return render_template(
        "desk/queue.html",
        queue=listing.queue,
        listing=listing,
        rows=rows,
        by_handler=by_handler,
        pane=beside,
        then=_after(page, report),
        together=_together(listing.queue, who),
        tabs=over.tabs,
        total=over.total,
        can_keep=bool(listing.narrowing()) and not over.is_view,
        has_views=over.has_views,
        wanted=wanted,
        options=options,
        chosen=_chosen(listing, options),
        older=listing.url(after=page.after) if page.after else "",
        newest=listing.url(after="") if wanted.after else "",
        may_file=who.may(Permission.FILE_FOR_RESIDENT),
        notice_toggle=_notice_toggle(listing),
        q=wanted.q,
        pane_keys=_keys(beside["presses"]) if beside else [],
    )


def _keys(presses: Sequence[Press]) -> list[tuple[str, str]]:
    """The keys of the page, for its foot and the dialog."""
    found = [(press.key.upper(), press.words) for press in presses if press.key]
    return [
        *found,
        ("X", _("选中")),
        ("P", _("放大照片")),
        ("O", _("打开这一件")),
        ("Esc", _("收起表单")),
    ]


def _opened(listing: Listing, page: QueuePage, who: Actor) -> Report | None:
    """The report beside the list: the one asked for, or the first where triage works."""
    if listing["open"]:
        found = next((r for r in page.reports if r.number == listing["open"]), None)
        found = found or report_in_scope(who, listing["open"])
        if found is not None:
            return found
    return page.reports[0] if _works_on(listing.queue, who) and page.reports else None


def _works_on(queue: Queue, who: Actor) -> bool:
    return queue in TRIAGED and queue in frame.work_queues(who)


def _together(queue: Queue, who: Actor) -> list[dict[str, str]]:
    """The buttons for what was picked."""
    if hands_out(queue, who):
        return [{"words": _("分给承办员"), "href": url_for("desk.choose_clerk"), "key": "h"}]
    if not _works_on(queue, who):
        return []
    return [
        {
            "words": words_of(step),
            "href": url_for("desk.preview_bulk", step=step),
            "key": _KEYS.get(step) or LOOKS[Action(step)].key,
        }
        for step in _TOGETHER[queue]
    ]


def _after(page: QueuePage, report: Report | None) -> str:
    """The number of the report that comes next, or before when it is the last one."""
    numbers = [row.number for row in page.reports]
    if report is None or report.number not in numbers:
        return ""
    at = numbers.index(report.number)
    return next(iter([*numbers[at + 1 : at + 2], *numbers[max(0, at - 1) : at]]), "")


def rows_of(
    page: QueuePage, listing: Listing, who: Actor, at: datetime, opened: Report | None
) -> list[dict[str, Any]]:
    """The rows as desk/_row.html draws them; four statements, and three for a department."""
    ids = [report.id for report in page.reports]
    photos, followers, again = first_photos(ids), follower_counts(ids), repeated_among(ids)
    orders, own = pressed(ids), own_standing(who, ids, at)
    return [
        _row(r, photos.get(r.id), followers.get(r.id, 0), at)
        | {"beside": listing.url(open=r.number), "current": opened is r, "is_repeat": r.id in again}
        | {"order": orders.get(r.id)}
        | own.get(r.id, {})
        for r in page.reports
    ]


def _row(report: Report, photo: Photo | None, same: int, at: datetime) -> dict[str, Any]:
    lead = name_of(report.lead_department)
    row = {
        "number": report.number,
        "href": url_for("desk.show_report", number=report.number),
        "title": report.title,
        "received_at": report.received_at,
        "words": report.description[:120],
        "category": name_of(report.category),
        "town": name_of(report.grid or report.town),
        "state": State(report.state),
        "lead": lead,
        "colour": report_colour(report, at),
        "due_at": report.due_at,
        "same": same,
        "thumb": _thumb(photo),
    }
    if report.notice_ends_at is not None and report.notice_ends_at > at:
        row["in_notice"] = True
        row["deadline_words"] = _("公示到%(day)s", day=filters.due(report.notice_ends_at))
    return row


def _thumb(photo: Photo | None) -> dict[str, Any] | None:
    if photo is None:
        return None
    return {"src": f"/media/{photo.key}/160.jpg", "alt": "", "width": 160, "height": 120}


def _options(listing: Listing, who: Actor) -> dict[str, Any]:
    """What the selects offer."""
    return {
        "category": category_options(),
        "town": town_options(),
        "department": department_options() if who.may(Permission.SEE_ALL) else [],
        "state": [(state.value, _(state.label)) for state in State],
        "colour": [(colour.value, _(colour.label)) for colour in Colour],
        "due": [(due.value, _(due.label)) for due in Due],
        "came": [(came.value, _(came.label)) for came in Came],
        "part": [("1", _("只看协办"))],
        "handler": handler_options(who),
        "sort": [(sort.value, _(sort.label)) for sort in Sort],
        "figure": [(code, list_words(code)) for code in [listing["figure"]] if code],
    }


def _chosen(listing: Listing, options: dict[str, Any]) -> list[tuple[str, str]]:
    """The filters in use, in words, each with the list without it."""
    found = []
    for name in FILTERS:
        value = listing[name]
        if value:
            words = dict(options.get(name, ())).get(value, value).strip()
            words = _(_LABELS[name], value=words) if name in _LABELS else words
            found.append((words, listing.url(**{name: "", "after": ""})))
    return found


def _notice_toggle(listing: Listing) -> str:
    if listing.queue is not Queue.TO_STRIKE_OFF:
        return ""
    return listing.url(notice="" if listing["notice"] == "1" else "1", after="")
