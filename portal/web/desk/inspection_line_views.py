"""One line of an inspection: put on the list, taken off it, filled in on site with a phone."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError, NotFoundError, PortalError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.scope import report_in_scope
from portal.domain.inspections.models import InspectionLine, Result, Stage
from portal.domain.inspections.queries import line_in_scope
from portal.domain.inspections.running import (
    Found,
    add_line,
    check_may_inspect,
    record_result,
    remove_line,
)
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import Stored
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.inspection_facts import MARKS, line_view, week_words
from portal.web.desk.inspection_forms import AddForm, RemoveForm, ResultForm
from portal.web.desk.inspection_views import seen, unfit
from portal.web.desk.report_views import demand
from portal.web.errors import problem, translated, wants_json


@dataclass(frozen=True)
class Attempt:
    """A form that came in and was not taken: its photos are kept, and why it was refused."""

    form: ResultForm
    kept: list[str] = field(default_factory=list)
    fault: PortalError | None = None
    remove: RemoveForm = field(default_factory=RemoveForm)


@bp.post("/inspections/<int:inspection_id>/lines")
@require(Permission.ENTER_DESK)
def add_to_inspection(inspection_id: int) -> ResponseReturnValue:
    """Put a case on the list by hand."""
    seen(inspection_id)
    demand(Permission.PLAN_INSPECTION)
    form = AddForm(plain_names(request.form))
    try:
        demand_fit(form)
        with transaction():
            report = report_in_scope(actor(), form.number.data or "")
            if report is None:
                words = N_("没有这个编号的举报。")
                raise InvalidFieldsError.one("number", "unknown", words)
            add_line(seen(inspection_id), report, form.why.data or "", by=actor())
    except (InvalidFieldsError, ConflictError) as fault:
        return unfit(inspection_id, fault, add=form)
    flash(_("加到清单上了。"))
    return redirect(url_for("desk.inspection", inspection_id=inspection_id), code=303)


@bp.get("/inspections/<int:inspection_id>/lines/<int:line_id>")
@require(Permission.ENTER_DESK)
def inspection_line(inspection_id: int, line_id: int) -> ResponseReturnValue:
    """One line: the pictures of the case, what was found, and the form while it is open."""
    return _page(_in_scope(inspection_id, line_id), Attempt(ResultForm()))


@bp.post("/inspections/<int:inspection_id>/lines/<int:line_id>")
@require(Permission.ENTER_DESK)
def inspect_place(inspection_id: int, line_id: int) -> ResponseReturnValue:
    """Put what was found on record; 422 keeps what was typed and sent."""
    check_may_inspect(_in_scope(inspection_id, line_id), actor())
    who, at = actor(), now()
    form = ResultForm(plain_names(request.form))
    stored: list[Stored] = []
    try:
        stored = store_files("photos", "camera")
        demand_fit(form)
        with transaction():
            line = line_in_scope(who, inspection_id, line_id)
            if line is None:
                raise NotFoundError
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.INSPECTION, who, at)
            found = Found(Result(form.result.data), form.note.data or "", photos, form.spot())
            record_result(line, found, by=who, at=at)
    except (InvalidFieldsError, ConflictError) as fault:
        kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.INSPECTION, who, at)]
        return _unfit(_in_scope(inspection_id, line_id), fault, Attempt(form, kept))
    return _after(inspection_id, line_id, Result(form.result.data))


@bp.post("/inspections/<int:inspection_id>/lines/<int:line_id>/remove")
@require(Permission.ENTER_DESK)
def take_off_inspection(inspection_id: int, line_id: int) -> ResponseReturnValue:
    """Take a case off the list."""
    _in_scope(inspection_id, line_id)
    demand(Permission.PLAN_INSPECTION)
    form = RemoveForm(plain_names(request.form))
    try:
        demand_fit(form)
        with transaction():
            line = _in_scope(inspection_id, line_id)
            remove_line(line, form.removed_why.data or "", by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        attempt = Attempt(ResultForm(), remove=form)
        return _unfit(_in_scope(inspection_id, line_id), fault, attempt)
    flash(_("从清单上拿掉了，理由记下了。"))
    return redirect(url_for("desk.inspection", inspection_id=inspection_id), code=303)


def _after(inspection_id: int, line_id: int, result: Result) -> ResponseReturnValue:
    """Trouble: where an order follows, for whoever may issue one; else back to the list."""
    flash(_("记下了：%(result)s。", result=_(result.label)), "amber" if result.fails else "")
    target = url_for("desk.inspection", inspection_id=inspection_id)
    if result.fails and actor().may(Permission.ISSUE_ORDER):
        target = url_for("desk.inspection_line", inspection_id=inspection_id, line_id=line_id)
    return redirect(target, code=303)


def _in_scope(inspection_id: int, line_id: int) -> InspectionLine:
    line = line_in_scope(actor(), inspection_id, line_id)
    if line is None:
        abort(404)
    return line


def _unfit(line: InspectionLine, fault: PortalError, attempt: Attempt) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    form = attempt.remove if attempt.remove.removed_why.raw_data else attempt.form
    refused = left_to_say(form, fault)
    told = Attempt(attempt.form, attempt.kept, refused, attempt.remove)
    return _page(line, told), fault.http_status


def _page(line: InspectionLine, attempt: Attempt) -> str:
    row, hindrance = line.inspection, ""
    try:
        check_may_inspect(line, actor())
    except PortalError as fault:
        hindrance = translated(fault)
    forms = {"result": attempt.form, "remove": attempt.remove}
    return render_template(
        "desk/inspection_line.html",
        r=line_view(line, actor()),
        inspection=row,
        words=week_words(row),
        form=attempt.form,
        remove=attempt.remove,
        kept=attempt.kept,
        marks={result.value: mark for result, mark in MARKS.items()},
        is_draft=row.stage is Stage.DRAFT,
        is_under_way=row.stage is Stage.UNDER_WAY,
        keeps=actor().may(Permission.PLAN_INSPECTION),
        hindrance=hindrance,
        refusal=translated(attempt.fault) if attempt.fault else "",
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
    )
