"""/report/done: the receipt, reloadable for half an hour by the browser that filed."""

from __future__ import annotations

from typing import Any

from flask import abort, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.domain.categories.queries import top_of
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.queries import RuleValue, last_deadline, rule_for
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.citizen.qr import qr_code
from portal.web.citizen.receipt_cookie import shown_receipt
from portal.web.citizen.signed_tokens import new_form_token
from portal.web.filters import named, term


@bp.get("/report/done")
@public
def receipt() -> ResponseReturnValue:
    """The receipt page, or a kind word for whoever comes without one."""
    answer = shown_receipt(now())
    report = report_by_number(answer["number"]) if answer else None
    if answer is None or report is None:
        return render_template("citizen/no_receipt.html")
    return render_template("citizen/receipt.html", answer=answer, **_context(answer, report))


@bp.get("/report/receipt.json")
@public
def receipt_file() -> ResponseReturnValue:
    """The receipt for checking it in the public log, as a file; never the codes."""
    answer = shown_receipt(now())
    if answer is None:
        abort(404)
    response = jsonify(answer["receipt"])
    name = f"receipt-{answer['number']}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _context(answer: dict[str, Any], report: Report) -> dict[str, Any]:
    accept = last_deadline(report.id, Clock.ACCEPT)
    return {
        "report": report,
        "accept_due_at": accept.due_at if accept else None,
        "category": category_words(report),
        "place": place_words(report),
        "state": State(report.state),
        "qr": qr_code(answer["track_url"]),
        "refused": [photo for photo in answer["photos"] if photo["status"] == "refused"],
        "photo_count": answer["receipt"]["photo_count"],
        "steps": _steps(report),
        "form_token": new_form_token().text,
    }


def _steps(report: Report) -> dict[str, str]:
    """The terms of what follows, read from the rules in force."""
    on = report.received_at.date()
    clocks = {"dispatch": Clock.DISPATCH, "contact": Clock.CONTACT}
    terms = {name: _term(rule_for(clock, None, on)) for name, clock in clocks.items()}
    for name in DeadlineClass:
        terms[name] = _term(rule_for(Clock.RESOLVE, name, on))
    return terms


def _term(rule: RuleValue) -> str:
    return term(rule.amount, rule.unit)


def category_words(report: Report) -> str:
    """大气污染·扬尘, or the level-1 name alone."""
    top = top_of(report.category)
    if top is report.category:
        return named(top)
    return f"{named(top)}·{named(report.category)}"


def place_words(report: Report) -> str:
    """Town, village and address in one line; what the address already says is not said twice."""
    names = [named(grid) for grid in (report.town, report.grid) if grid is not None]
    address = report.address or ""
    parts = [name for name in dict.fromkeys(names) if name not in address]
    return " ".join([*parts, address] if address else parts) or _("地图上标的位置")
