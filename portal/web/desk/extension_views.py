"""More time for a case: the lead asks, the supervisor grants or refuses."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.extending import (
    MoreTime,
    ask_more_time,
    grant_more_time,
    refuse_more_time,
)
from portal.domain.deadlines.models import ExtensionReason
from portal.domain.reports.proofs import SeparationError
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say
from portal.web.desk.fields import plain_names
from portal.web.desk.pages import case_of
from portal.web.desk.report_views import again, back, demand, visible
from portal.web.desk.time_forms import DecisionForm, ExtensionForm
from portal.web.errors import problem, wants_json


@bp.post("/reports/<number>/extension")
@require(Permission.ENTER_DESK)
def ask_extension(number: str) -> ResponseReturnValue:
    """Ask for a longer term to handle the case."""
    visible(number)
    form = ExtensionForm(plain_names(request.form))
    try:
        _demand_fit(form, Permission.ASK_EXTENSION)
        reason = ExtensionReason(form.reason.data)
        wanted = MoreTime(form.days.data or 0, reason, form.note.data or "")
        with transaction():
            ask_more_time(again(number), wanted, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(number, "extension", form, fault)
    return back(number, _("延期申请送出了，等督办员批。"))


@bp.post("/reports/<number>/extension/grant")
@require(Permission.ENTER_DESK)
def grant_extension(number: str) -> ResponseReturnValue:
    """Grant the request; the reporter is told the new end."""
    visible(number)
    form = DecisionForm(plain_names(request.form))
    try:
        _demand_fit(form, Permission.DECIDE_EXTENSION)
        with transaction():
            grant_more_time(again(number), form.extension_id.data or 0, by=actor(), at=now())
    except (ConflictError, SeparationError) as fault:
        return _unfit(number, "refusal", form, fault)
    return back(number, _("批准了，办理时限顺延，举报人会看到。"))


@bp.post("/reports/<number>/extension/refuse")
@require(Permission.ENTER_DESK)
def refuse_extension(number: str) -> ResponseReturnValue:
    """Refuse the request with a reason; the term stays."""
    visible(number)
    form = DecisionForm(plain_names(request.form))
    try:
        _demand_fit(form, Permission.DECIDE_EXTENSION)
        note, row_id = form.note.data or "", form.extension_id.data or 0
        with transaction():
            refuse_more_time(again(number), row_id, note, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError, SeparationError) as fault:
        return _unfit(number, "refusal", form, fault)
    return back(number, _("没有批准，承办单位会看到理由。"))


def _demand_fit(form: Any, permission: Permission) -> None:
    """The right first, then the words: a stranger is not told to mend a form."""
    demand(permission)
    demand_fit(form)


def _unfit(number: str, name: str, form: Any, fault: PortalError) -> ResponseReturnValue:
    """The page again with what was typed, and why it was not taken."""
    if wants_json():
        return problem(fault)
    refused = left_to_say(form, fault)
    case = case_of(visible(number), actor(), now())
    return render_case(case, Sent(name, form, refused)), fault.http_status
