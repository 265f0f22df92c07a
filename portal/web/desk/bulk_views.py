"""Many reports at once: a page that says what would happen, and one that says what did."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.errors import NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_queries import Queue
from portal.domain.reports.table import WORKFLOW
from portal.web.access import actor, require
from portal.web.desk.bulk import BULK, MOST, SHARED, Planner, carry_out, shared_faults, shared_form
from portal.web.desk.door import bp
from portal.web.desk.fields import plain_names
from portal.web.desk.forms import ActionForm
from portal.web.desk.listing import Listing, listing_said
from portal.web.desk.pane import words_of
from portal.web.desk.steps import actions_of

HOLD_S = 10  # between the press and the sending (docs/adr: the hold is in the page)


@bp.get("/bulk/<step>")
@require(Permission.ENTER_DESK)
def preview_bulk(step: str) -> ResponseReturnValue:
    """What the step would do to each of the reports picked."""
    planner = _planner(step, request.args.getlist("pick"))
    form = shared_form(step, None, planner.choices())
    if "note" in SHARED[step]:
        form["note"].data = _("请到现场核查，依法处理，按期报结果。")
    return _preview(planner, form, _came_from(request.args.get("back", "")))


@bp.post("/bulk/<step>")
@require(Permission.ENTER_DESK)
def take_bulk(step: str) -> ResponseReturnValue:
    """Take the step on each, and say report by report what came of it."""
    tickets = request.form.getlist("pick")
    planner = _planner(step, [ticket.partition(":")[0] for ticket in tickets])
    listing = _came_from(request.form.get("back", ""))
    form = shared_form(step, plain_names(request.form), planner.choices())
    problems = shared_faults(step, form)
    if problems:
        return _preview(planner, form, listing, problems), 422
    shared = {name: form[name].data for name in SHARED[step]}
    outcomes = carry_out(planner, tickets, shared, now())
    return render_template(
        "desk/bulk_done.html",
        words=words_of(step),
        done=[one for one in outcomes if not one.fault],
        left=[one for one in outcomes if one.fault],
        back=listing.url(),
    )


def _planner(step: str, numbers: list[str]) -> Planner:
    if step not in BULK:
        abort(404)
    if not all(WORKFLOW[move].admits(actor()) for move in actions_of(step)):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    return Planner(step, list(dict.fromkeys(numbers))[:MOST], actor())


def _came_from(words: str) -> Listing:
    return listing_said(words) or Listing(Queue.TO_ACCEPT, {})


def _preview(planner: Planner, form: ActionForm, listing: Listing, problems: Any = ()) -> str:
    plans = planner.plans()
    return render_template(
        "desk/bulk.html",
        step=planner.step,
        words=words_of(planner.step),
        plans=[plan for plan in plans if not plan.obstacle],
        left=[plan for plan in plans if plan.obstacle],
        form=form,
        shared=SHARED[planner.step],
        problems=problems,
        back=listing.words(),
        close=listing.url(),
        hold=HOLD_S,
    )
