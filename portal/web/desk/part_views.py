"""What departments do among themselves: an assist signs and reports, a head hands out."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import clerks_of
from portal.domain.casework.handing import hand_to
from portal.domain.casework.parts import PartFound, report_part, sign_part
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import Stored
from portal.domain.reports.proofs import GuardError
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say
from portal.web.desk.fields import plain_names
from portal.web.desk.forms import NoteForm
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.pages import case_of
from portal.web.desk.part_forms import HandForm, PartForm
from portal.web.desk.report_views import again, back, demand, visible
from portal.web.errors import problem, wants_json


@bp.post("/reports/<number>/parts/sign")
@require(Permission.ENTER_DESK)
def sign_own_part(number: str) -> ResponseReturnValue:
    """An assisting department signs its own part."""
    visible(number)
    demand(Permission.SEE_DEPARTMENT)
    try:
        with transaction():
            sign_part(again(number), by=actor(), at=now())
    except GuardError as fault:
        return _unfit(number, "parts", NoteForm(), fault)
    return back(number, _("签收了。"))


@bp.post("/reports/<number>/parts/report")
@require(Permission.ENTER_DESK)
def report_own_part(number: str) -> ResponseReturnValue:
    """An assisting department reports its part, with photos; 422 keeps what was typed and sent."""
    visible(number)
    demand(Permission.REPORT_PART)
    who, at = actor(), now()
    form = PartForm(plain_names(request.form))
    stored: list[Stored] = []
    try:
        stored = store_files("photos")
        demand_fit(form)
        with transaction():
            report = again(number)
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.CHECK, who, at)
            said = form.found.data or "", form.done.data or ""
            report_part(report, PartFound(*said, form.taken(), photos), by=who, at=at)
    except (InvalidFieldsError, GuardError) as fault:
        kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.CHECK, who, at)]
        return _unfit(number, "part", form, fault, kept)
    return back(number, _("协办情况报告了，主办单位会看到。"))


@bp.post("/reports/<number>/handler")
@require(Permission.ENTER_DESK)
def hand_report(number: str) -> ResponseReturnValue:
    """The head hands the department's part of a case to a clerk."""
    visible(number)
    demand(Permission.HAND_TO_CLERK)
    who = actor()
    form = HandForm(plain_names(request.form))
    form.offer(clerks_of(who.department_id or 0))
    try:
        demand_fit(form)
        with transaction():
            hand_to(again(number), int(form.handler.data), form.note.data or "", by=who, at=now())
    except (InvalidFieldsError, GuardError) as fault:
        return _unfit(number, "handler", form, fault)
    return back(number, _("分好了，承办员会在“我经手的”里看到。"))


def _unfit(
    number: str, name: str, form: Any, fault: PortalError, kept: list[str] | None = None
) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    refused = left_to_say(form, fault)
    case = case_of(visible(number), actor(), now())
    return render_case(case, Sent(name, form, refused, kept or [])), fault.http_status
