"""One report on one page, and what is put on record about it without moving it."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.closing import record_check, record_contact
from portal.domain.casework.scope import report_in_scope
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import Stored
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case
from portal.web.desk.door import bp
from portal.web.desk.faults import add_faults, demand_fit, faults_of
from portal.web.desk.fields import plain_names
from portal.web.desk.forms import NoteForm
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.pages import case_of
from portal.web.desk.told import described
from portal.web.errors import problem, wants_json


def visible(number: str) -> Report:
    """The report, if the caller sees it; 404 otherwise."""
    report = report_in_scope(actor(), number)
    if report is None:
        abort(404)
    return report


@bp.get("/reports/<number>")
@require(Permission.ENTER_DESK)
def show_report(number: str) -> ResponseReturnValue:
    """Everything on one screen; for programs the state and the allowed steps."""
    report = visible(number)
    if report.number != number and not wants_json():
        return redirect(url_for("desk.show_report", number=report.number), code=303)
    case = case_of(report, actor(), now())
    return jsonify(described(case)) if wants_json() else render_case(case)


@bp.post("/reports/<number>/contacts")
@require(Permission.ENTER_DESK)
def add_contact(number: str) -> ResponseReturnValue:
    """Put a call to the reporter on record."""
    report, who, at = visible(number), actor(), now()
    demand(Permission.RECORD_CONTACT)
    form = NoteForm(plain_names(request.form))
    if not form.validate():
        return _unfit(report, "contacts", form)
    with transaction():
        record_contact(again(number), form.note.data or "", by=who, at=at)
    return back(number, _("联系情况记下了。"))


@bp.post("/reports/<number>/checks")
@require(Permission.ENTER_DESK)
def add_check(number: str) -> ResponseReturnValue:
    """Put a look at the place on record, with photos."""
    report, who, at = visible(number), actor(), now()
    demand(Permission.RECORD_CHECK)
    form = NoteForm(plain_names(request.form))
    stored: list[Stored] = []
    try:
        stored = store_files("photos")
        demand_fit(form)
        with transaction():
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.CHECK, who, at)
            record_check(again(number), form.note.data or "", photos, by=who, at=at)
    except InvalidFieldsError as fault:
        if not any(one.errors for one in form):
            add_faults(form, fault)
        kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.CHECK, who, at)]
        return _unfit(report, "checks", form, kept)
    return back(number, _("现场核查记下了。"))


def demand(permission: Permission) -> None:
    """Raise NotAllowedError when the caller lacks `permission`."""
    if not actor().may(permission):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))


def again(number: str) -> Report:
    """The report read afresh inside the transaction."""
    report = report_in_scope(actor(), number)
    if report is None:
        raise NotFoundError
    return report


def _unfit(
    report: Report, name: str, form: NoteForm, kept: list[str] | None = None
) -> ResponseReturnValue:
    fault = faults_of(form)
    if wants_json():
        return problem(fault)
    case = case_of(visible(report.number), actor(), now())
    return render_case(case, Sent(name, form, kept=kept or [])), fault.http_status


def back(number: str, words: str) -> ResponseReturnValue:
    """To the case with `words`; for programs where it stands now."""
    report = visible(number)
    if wants_json():
        seen: dict[str, Any] = {
            "number": report.number,
            "state": report.state,
            "version": report.version,
            "at": local(now()).isoformat(timespec="seconds"),
        }
        return jsonify(seen)
    flash(words)
    return redirect(url_for("desk.show_report", number=report.number), code=303)
