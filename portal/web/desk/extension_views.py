"""More time for a case: the lead asks, the supervisor grants or refuses."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError, NotFoundError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.extending import (
    MoreTime,
    ask_more_time,
    grant_more_time,
    refuse_more_time,
)
from portal.domain.casework.scope import report_in_scope
from portal.domain.deadlines.models import ExtensionReason
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import SeparationError
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, add_faults, faults_of, render_case
from portal.web.desk.door import bp
from portal.web.desk.fields import plain_names
from portal.web.desk.pages import case_of
from portal.web.desk.report_views import demand, visible
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
            ask_more_time(_again(number), wanted, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(number, "extension", form, fault)
    return _back(number, _("延期申请送出了，等督办员批。"))


@bp.post("/reports/<number>/extension/grant")
@require(Permission.ENTER_DESK)
def grant_extension(number: str) -> ResponseReturnValue:
    """Grant the request; the reporter is told the new end."""
    visible(number)
    form = DecisionForm(plain_names(request.form))
    try:
        _demand_fit(form, Permission.DECIDE_EXTENSION)
        with transaction():
            grant_more_time(_again(number), form.extension_id.data or 0, by=actor(), at=now())
    except (ConflictError, SeparationError) as fault:
        return _unfit(number, "refusal", form, fault)
    return _back(number, _("批准了，办理时限顺延，举报人会看到。"))


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
            refuse_more_time(_again(number), row_id, note, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError, SeparationError) as fault:
        return _unfit(number, "refusal", form, fault)
    return _back(number, _("没有批准，承办单位会看到理由。"))


def _demand_fit(form: Any, permission: Permission) -> None:
    """The right first, then the words: a stranger is not told to mend a form."""
    demand(permission)
    if not form.validate():
        raise faults_of(form)


def _again(number: str) -> Report:
    report = report_in_scope(actor(), number)
    if report is None:
        raise NotFoundError
    return report


def _unfit(number: str, name: str, form: Any, fault: PortalError) -> ResponseReturnValue:
    """The page again with what was typed, and why it was not taken."""
    if wants_json():
        return problem(fault)
    refused: PortalError | None = fault
    if isinstance(fault, InvalidFieldsError):
        refused = None
        if not any(one.errors for one in form):
            add_faults(form, fault)
    case = case_of(visible(number), actor(), now())
    return render_case(case, Sent(name, form, refused)), fault.http_status


def _back(number: str, words: str) -> ResponseReturnValue:
    report = visible(number)
    if wants_json():
        return jsonify({"number": report.number, "state": report.state, "version": report.version})
    flash(words)
    return redirect(url_for("desk.show_report", number=report.number), code=303)
