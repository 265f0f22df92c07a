"""A head hands many cases to one clerk: which, to whom, with a word on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import clerks_of
from portal.domain.casework.desk_queries import Queue
from portal.domain.casework.handing import hand_to
from portal.domain.casework.scope import reports_among
from portal.web.access import actor, require
from portal.web.desk.bulk import MOST
from portal.web.desk.door import bp
from portal.web.desk.faults import problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.listing import Listing, listing_said
from portal.web.desk.part_forms import HandForm
from portal.web.desk.report_views import again
from portal.web.errors import translated


@bp.get("/hand-out")
@require(Permission.ENTER_DESK, Permission.HAND_TO_CLERK)
def choose_clerk() -> ResponseReturnValue:
    """The cases picked, and whom to hand them to."""
    return _page(_form(), request.args.getlist("pick"), request.args.get("back", ""))


@bp.post("/hand-out")
@require(Permission.ENTER_DESK, Permission.HAND_TO_CLERK)
def hand_many() -> ResponseReturnValue:
    """Hand each of them over; what could not be is told, the rest is done."""
    form = _form(plain_names(request.form))
    picked, back = request.form.getlist("pick"), request.form.get("back", "")
    if not form.validate():
        return _page(form, picked, back), 422
    left = _hand(picked, form, actor(), now())
    done = len(_numbers(picked)) - len(left)
    if done:
        flash(ngettext("分好了%(num)s件。", "分好了%(num)s件。", done))
    for number, words in left:
        flash(_("%(number)s没有分：%(why)s", number=number, why=words), "amber")
    return redirect(_list(back).url(), code=303)


def _hand(picked: Sequence[str], form: HandForm, by: Actor, at: datetime) -> list[tuple[str, str]]:
    """Hand each case over in a transaction of its own; returns those left, and why."""
    left = []
    for number in _numbers(picked):
        try:
            with transaction():
                hand_to(again(number), int(form.handler.data), form.note.data or "", by=by, at=at)
        except InvalidFieldsError as fault:
            left.append((number, _first(fault)))
        except PortalError as fault:
            left.append((number, translated(fault)))
    return left


def _first(fault: InvalidFieldsError) -> str:
    return next(_(one.message) for group in fault.faults.values() for one in group)


def _numbers(picked: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(picked))[:MOST]


def _form(given: Any = None) -> HandForm:
    form = HandForm(given)
    form.offer(clerks_of(actor().department_id or 0))
    return form


def _list(back: str) -> Listing:
    return listing_said(back) or Listing(Queue.IN_HAND, {})


def _page(form: HandForm, picked: Sequence[str], back: str) -> str:
    return render_template(
        "desk/hand_out.html",
        reports=reports_among(actor(), _numbers(picked)),
        form=form,
        problems=problems_of("hand", form),
        back=_list(back).words(),
        close=_list(back).url(),
    )
