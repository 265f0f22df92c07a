"""The queues: lists of reports with counts, filters, a cursor and an open report in the URL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_queries import QueuePage, queue_page
from portal.domain.casework.scope import report_in_scope
from portal.domain.deadlines.clocks import Colour
from portal.web.access import actor, require
from portal.web.desk.dashboard import dashboard
from portal.web.desk.door import bp
from portal.web.desk.listing import Listing, listing_at
from portal.web.desk.pages import case_of, report_colour
from portal.web.desk.pane import pane_of
from portal.web.desk.queue_page import render_queue
from portal.web.errors import wants_json


@bp.get("/")
@require(Permission.ENTER_DESK)
def home() -> ResponseReturnValue:
    """What to do first, and what else waits."""
    return render_template("desk/dashboard.html", **dashboard(actor(), now()))


@bp.get("/queue/<name>")
@require(Permission.ENTER_DESK)
def queue(name: str) -> ResponseReturnValue:
    """One queue, narrowed by what the URL says; a script asks for what stands beside it alone."""
    listing, who, at = listing_at(name, request.args), actor(), now()
    if listing is None:
        abort(404)
    if wants_json():
        return jsonify(_as_json(queue_page(listing.queue, listing.filter(), who, at), at))
    if request.headers.get("X-Part") == "pane":
        return _beside(listing)
    return render_queue(listing, who, at)


def _beside(listing: Listing) -> str:
    who = actor()
    report = report_in_scope(who, listing["open"])
    if report is None:
        abort(404)
    pane = pane_of(case_of(report, who, now()), listing)
    return render_template("desk/_pane_alone.html", pane=pane, listing=listing, then="")


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
