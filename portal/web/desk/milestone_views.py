"""Reporting progress on a milestone of a plan."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.milestones import Progress, check_in
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import Stored
from portal.domain.reports.proofs import GuardError
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say
from portal.web.desk.fields import plain_names
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.pages import case_of
from portal.web.desk.report_views import again, back, demand, visible
from portal.web.desk.time_forms import ProgressForm
from portal.web.errors import problem, wants_json


@bp.post("/reports/<number>/milestones/<int:milestone_id>")
@require(Permission.ENTER_DESK)
def report_progress(number: str, milestone_id: int) -> ResponseReturnValue:
    """Put progress on record, with photos; 422 keeps what was typed and sent."""
    visible(number)
    demand(Permission.RECORD_PROGRESS)
    who, at = actor(), now()
    form = ProgressForm(plain_names(request.form))
    stored: list[Stored] = []
    try:
        stored = store_files("photos")
        demand_fit(form)
        with transaction():
            report = again(number)
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.PROGRESS, who, at)
            said = form.note.data or "", form.told.data or ""
            check_in(report, milestone_id, Progress(*said, form.is_done, photos), by=who, at=at)
    except (InvalidFieldsError, GuardError) as fault:
        kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.PROGRESS, who, at)]
        return _unfit(number, f"milestone-{milestone_id}", form, fault, kept)
    return back(number, _("进展记下了，举报人会看到。"))


def _unfit(
    number: str, name: str, form: ProgressForm, fault: PortalError, kept: list[str]
) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    refused = left_to_say(form, fault)
    case = case_of(visible(number), actor(), now())
    return render_case(case, Sent(name, form, refused, kept)), fault.http_status
