"""The queues: lists of reports with counts, filters, and a cursor in the URL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_filters import QueueFilter, Sort
from portal.domain.casework.desk_queries import (
    Queue,
    QueuePage,
    first_photos,
    follower_counts,
    matching_count,
    queue_page,
)
from portal.domain.categories.queries import category_tree
from portal.domain.deadlines.clocks import Colour
from portal.domain.departments.queries import departments
from portal.domain.figures.queries import counts_as
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.states import State
from portal.web import filters
from portal.web.access import actor, require
from portal.web.desk import frame
from portal.web.desk.door import bp
from portal.web.desk.figure_words import list_words
from portal.web.desk.frame import name_of
from portal.web.desk.pages import report_colour
from portal.web.errors import wants_json

_LABELS = {"from": N_("从%(value)s"), "to": N_("到%(value)s"), "q": N_("“%(value)s”")}
_YEARS = range(1970, 9999)  # what can be told in UTC, with a day after it
_FILTERS = ("category", "town", "department", "state", "colour", "from", "to", "q", "figure")


@bp.get("/")
@require(Permission.ENTER_DESK)
def home() -> ResponseReturnValue:
    """Go to the first queue with work."""
    return redirect(url_for("desk.queue", name=frame.first_queue(actor(), now())), code=303)


@bp.get("/queue/<name>")
@require(Permission.ENTER_DESK)
def queue(name: str) -> ResponseReturnValue:
    """One queue, narrowed by what the URL says."""
    if name not in set(Queue):
        abort(404)
    which, who, at = Queue(name), actor(), now()
    wanted = read_filter(which)
    page = queue_page(which, wanted, who, at)
    if wants_json():
        return jsonify(_as_json(page, at))
    options = _options(who)
    return render_template(
        "desk/queue.html",
        queue=which,
        rows=rows_of(page, at),
        tabs=frame.tabs(who, which, at),
        total=frame.counted(matching_count(which, wanted, who, at)),
        wanted=wanted,
        options=options,
        chosen=_chosen(which, options),
        older=_url(which, after=page.after) if page.after else "",
        newest=_url(which, after="") if wanted.after else "",
        may_file=who.may(Permission.FILE_FOR_RESIDENT),
        notice_toggle=_notice_toggle(which, wanted),
        q=wanted.q,
    )


def read_filter(which: Queue) -> QueueFilter:
    """The filter in the URL; what cannot be read is left out."""
    given = request.args
    usual = Sort.NEW if which in {Queue.ALL, Queue.MINE} else Sort.DUE
    sort = given.get("sort", "")
    return QueueFilter(
        q=given.get("q", "").strip()[:100],
        category=given.get("category", ""),
        town=given.get("town", ""),
        department=given.get("department", ""),
        state=given.get("state", ""),
        colour=given.get("colour", ""),
        from_on=_day(given.get("from", "")),
        to_on=_day(given.get("to", "")),
        sort=Sort(sort) if sort in set(Sort) else usual,
        after=given.get("after", "")[:60],
        in_notice=given.get("notice") == "1",
        counted=counts_as(given.get("figure", "")),
    )


def rows_of(page: QueuePage, at: datetime) -> list[dict[str, Any]]:
    """The rows as components/desk.html draws them; two statements."""
    ids = [report.id for report in page.reports]
    photos, followers = first_photos(ids), follower_counts(ids)
    return [_row(r, photos.get(r.id), followers.get(r.id, 0), at) for r in page.reports]


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


def _options(who: Actor) -> dict[str, Any]:
    """What the selects offer; three statements."""
    kinds = []
    for branch in category_tree():
        kinds.append((branch.top.code, name_of(branch.top)))
        kinds += [(child.code, f"　{name_of(child)}") for child in branch.children]
    return {
        "category": kinds,
        "town": [(grid.code, name_of(grid)) for grid in grids(GridLevel.TOWN)],
        "department": [(d.code, name_of(d)) for d in departments()]
        if who.may(Permission.SEE_ALL)
        else [],
        "state": [(state.value, _(state.label)) for state in State],
        "colour": [(colour.value, _(colour.label)) for colour in Colour],
        "sort": [(sort.value, _(sort.label)) for sort in Sort],
        "figure": [(code, list_words(code)) for code in [request.args.get("figure", "")] if code],
    }


def _chosen(which: Queue, options: dict[str, Any]) -> list[tuple[str, str]]:
    """The filters in use, in words, each with the list without it."""
    found = []
    for name in _FILTERS:
        value = request.args.get(name, "").strip()
        if value:
            words = dict(options.get(name, ())).get(value, value).strip()
            words = _(_LABELS[name], value=words) if name in _LABELS else words
            found.append((words, _url(which, **{name: "", "after": ""})))
    return found


def _notice_toggle(which: Queue, wanted: QueueFilter) -> str:
    if which is not Queue.TO_STRIKE_OFF:
        return ""
    return _url(which, notice="" if wanted.in_notice else "1", after="")


def _url(which: Queue, **changed: str) -> str:
    kept = {name: value for name, value in request.args.items() if value}
    kept |= changed
    query = urlencode({key: value for key, value in kept.items() if value})
    return url_for("desk.queue", name=which) + (f"?{query}" if query else "")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


def _as_json(page: QueuePage, at: datetime) -> dict[str, Any]:
    return {
        "reports": [
            {
                "number": report.number,
                "state": report.state,
                "version": report.version,
                "category": report.category.code,
                "due_at": local(report.due_at).isoformat() if report.due_at else None,
                "colour": report_colour(report, at) or Colour.NONE,
                "lead": report.lead_department.code if report.lead_department else None,
            }
            for report in page.reports
        ],
        "after": page.after or None,
    }
