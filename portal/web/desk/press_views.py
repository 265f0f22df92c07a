"""Pressing the lead of a case by hand: urge it, order it, put a talk on record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.inspections.queries import lines_of
from portal.domain.inspections.wording import pressing_words
from portal.domain.reports.models import Report
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.services import (
    NewOrder,
    NewTalk,
    issue_order,
    record_talk,
    urge_lead,
)
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.order_facts import pressure_card
from portal.web.desk.order_forms import OrderForm, TalkForm, UrgeForm
from portal.web.desk.reading import Reading
from portal.web.desk.report_views import again, demand, visible
from portal.web.errors import problem, translated, wants_json

_USUAL_DAYS = 7


# What has to be read here: whatever pressure there was.
_PRESSED = frozenset({"urged", "talked", "order_issued"})


@bp.get("/reports/<number>/press")
@require(Permission.ENTER_DESK)
def press_case(number: str) -> ResponseReturnValue:
    """The forms that press the lead of a case."""
    report = visible(number)
    demand(Permission.ISSUE_ORDER)
    return _page(report, demanded=_inspected(report) if request.args.get("inspected") else "")


@bp.post("/reports/<number>/press/urge")
@require(Permission.ENTER_DESK)
def urge_case(number: str) -> ResponseReturnValue:
    """Remind the lead."""
    visible(number)
    demand(Permission.ISSUE_ORDER)
    form = UrgeForm(plain_names(request.form))
    try:
        demand_fit(form)
        with transaction():
            urge_lead(again(number), form.words.data or "", by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(number, fault, urge=form)
    flash(_("催办发出了，主办单位会看到。"))
    return redirect(url_for("desk.show_report", number=number), code=303)


@bp.post("/reports/<number>/press/order")
@require(Permission.ENTER_DESK)
def order_case(number: str) -> ResponseReturnValue:
    """Issue a numbered order."""
    visible(number)
    demand(Permission.ISSUE_ORDER)
    form = OrderForm(plain_names(request.form))
    try:
        demand_fit(form)
        new = NewOrder(
            OrderLevel(form.level.data),
            form.demand.data or "",
            form.due_on.data or local(now()).date(),
            form.title.data or "",
            form.leader_name.data or "",
            form.leader_post.data or "",
        )
        with transaction():
            order_id = issue_order(again(number), new, by=actor(), at=now()).id
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(number, fault, order=form)
    flash(_("督办单发出了。"))
    return redirect(url_for("desk.show_order", order_id=order_id), code=303)


@bp.post("/reports/<number>/press/talk")
@require(Permission.ENTER_DESK)
def talk_about_case(number: str) -> ResponseReturnValue:
    """Put a talk on record."""
    visible(number)
    demand(Permission.ISSUE_ORDER)
    form = TalkForm(plain_names(request.form))
    try:
        demand_fit(form)
        held_on = form.held_on.data or local(now()).date()
        new = NewTalk(form.person_post.data or "", held_on, form.record.data or "")
        with transaction():
            record_talk(again(number), new, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(number, fault, talk=form)
    flash(_("约谈记下了。"))
    return redirect(url_for("desk.show_report", number=number), code=303)


def _unfit(number: str, fault: PortalError, **forms: Any) -> ResponseReturnValue:
    """The page again with what was typed, and why it was not taken."""
    if wants_json():
        return problem(fault)
    left = [left_to_say(form, fault) for form in forms.values()]
    refusal = translated(fault) if any(left) else ""
    return _page(visible(number), refusal, **forms), fault.http_status


def _inspected(report: Report) -> str:
    """What the weekly inspection demands, when the last list this case was on found trouble."""
    line = next(iter(lines_of(report)), None)
    return pressing_words(line) if line and line.result and line.result.fails else ""


def _page(report: Report, refusal: str = "", *, demanded: str = "", **sent: Any) -> str:
    today = local(now()).date()
    forms = {
        "urge": UrgeForm(),
        "order": OrderForm(
            data={"due_on": today + timedelta(days=_USUAL_DAYS), "demand": demanded}
        ),
        "talk": TalkForm(data={"held_on": today}),
        **sent,
    }
    return render_template(
        "desk/press.html",
        report=report,
        forms=forms,
        opened=next(iter(sent), "order"),
        pressure=pressure_card(Reading(report, _PRESSED), actor(), now()),
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        refusal=refusal,
    )
