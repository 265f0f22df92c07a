"""每周一督查: the weeks, one week with its list, and the report it ends with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.documents.parts import Document
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.core.ids import random_key
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.inspections.cancelling import cancel_inspection, redraw_inspection
from portal.domain.inspections.models import Inspection, InspectionLine, Stage
from portal.domain.inspections.planning import (
    WEEK,
    change_plan,
    inspection_of,
    people_to_send,
    plan_inspection,
    rule_for,
    rule_history,
    set_rule,
)
from portal.domain.inspections.queries import inspection_in_scope, inspections, lines_in_scope
from portal.domain.inspections.running import SignOff, close_inspection, listed, start_inspection
from portal.domain.inspections.wording import Papers, write_inspection
from portal.domain.supervision.queries import orders_of
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.inspection_facts import counts, line_rows, may_read, week_row, week_words
from portal.web.desk.inspection_forms import (
    WEEKDAYS,
    AddForm,
    CancelForm,
    NewPlanForm,
    PlanForm,
    RuleForm,
    SignOffForm,
)
from portal.web.desk.report_views import demand
from portal.web.errors import problem, translated, wants_json
from portal.web.letters import docx_response, issuer

_RENAMED = {"most_overdue": "rule_overdue"}


@bp.get("/inspections")
@require(Permission.ENTER_DESK)
def inspection_list() -> ResponseReturnValue:
    """The weeks I see; for the supervisor also a new plan and the rule."""
    return _list_page()


@bp.post("/inspections")
@require(Permission.ENTER_DESK, Permission.PLAN_INSPECTION)
def save_inspection() -> ResponseReturnValue:
    """Plan a week: the portal draws the seed and makes the list."""
    form = NewPlanForm(plain_names(request.form))
    _offer(form)
    try:
        demand_fit(form)
        monday = form.monday.data or local(now()).date()
        with transaction():
            row = plan_inspection(monday, form.plan(), random_key(), by=actor(), at=now())
            inspection_id = row.id
    except InvalidFieldsError as fault:
        return _list_unfit(fault, plan=form)
    flash(_("计划好了，清单在下面。开始以前还可以加减。"))
    return redirect(url_for("desk.inspection", inspection_id=inspection_id), code=303)


@bp.post("/inspections/rule")
@require(Permission.ENTER_DESK, Permission.PLAN_INSPECTION)
def save_inspection_rule() -> ResponseReturnValue:
    """Set when and how the portal makes next week's draft."""
    form = RuleForm(plain_names(request.form))
    try:
        demand_fit(form)
        with transaction():
            set_rule(form.value(), by=actor(), at=now())
    except InvalidFieldsError as fault:
        return _list_unfit(fault, rule=form)
    flash(_("规则改好了，从今天起用。"))
    return redirect(url_for("desk.inspection_list"), code=303)


@bp.get("/inspections/<int:inspection_id>")
@require(Permission.ENTER_DESK)
def inspection(inspection_id: int) -> ResponseReturnValue:
    """One week: its list as far as I see it, and what may be done."""
    return inspection_page(seen(inspection_id))


@bp.post("/inspections/<int:inspection_id>")
@require(Permission.ENTER_DESK)
def change_inspection(inspection_id: int) -> ResponseReturnValue:
    """Change who goes and how many are listed."""
    seen(inspection_id)
    demand(Permission.PLAN_INSPECTION)
    form = PlanForm(plain_names(request.form))
    _offer(form)
    try:
        demand_fit(form)
        with transaction():
            change_plan(seen(inspection_id), form.plan(), by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return unfit(inspection_id, fault, plan=form)
    flash(_("计划改好了。"))
    return redirect(url_for("desk.inspection", inspection_id=inspection_id), code=303)


@bp.post("/inspections/<int:inspection_id>/start")
@require(Permission.ENTER_DESK)
def start(inspection_id: int) -> ResponseReturnValue:
    """Close the list and send the inspectors."""
    seen(inspection_id)
    demand(Permission.PLAN_INSPECTION)
    try:
        with transaction():
            start_inspection(seen(inspection_id), by=actor(), at=now())
    except ConflictError as fault:
        return unfit(inspection_id, fault)
    flash(_("督查开始了，督查人员在手机上能看到清单。"))
    return redirect(url_for("desk.inspection", inspection_id=inspection_id), code=303)


@bp.post("/inspections/<int:inspection_id>/cancel")
@require(Permission.ENTER_DESK)
def cancel(inspection_id: int) -> ResponseReturnValue:
    """Take the draft back; `again` draws the week anew with another seed."""
    seen(inspection_id)
    demand(Permission.PLAN_INSPECTION)
    form, again = CancelForm(plain_names(request.form)), bool(request.form.get("again"))
    try:
        demand_fit(form)
        with transaction():
            row, reason = seen(inspection_id), form.reason.data or ""
            if again:
                row = redraw_inspection(row, reason, random_key(), by=actor(), at=now())
            else:
                cancel_inspection(row, reason, by=actor(), at=now())
            left_id = row.id
    except (InvalidFieldsError, ConflictError) as fault:
        return unfit(inspection_id, fault, cancel=form)
    flash(_("按新的种子重新列好了，原来的草稿留着。") if again else _("取消了，草稿和理由留着。"))
    return redirect(url_for("desk.inspection", inspection_id=left_id), code=303)


@bp.post("/inspections/<int:inspection_id>/close")
@require(Permission.ENTER_DESK)
def close(inspection_id: int) -> ResponseReturnValue:
    """Sign the report off."""
    seen(inspection_id)
    demand(Permission.PLAN_INSPECTION)
    form = SignOffForm(plain_names(request.form))
    try:
        demand_fit(form)
        said = SignOff(form.summary.data or "", form.demands.data or "")
        with transaction():
            close_inspection(seen(inspection_id), said, by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return unfit(inspection_id, fault, close=form)
    flash(_("督查情况报告签发了，结果在公开页面上能看到。"))
    return redirect(url_for("desk.inspection_report", inspection_id=inspection_id), code=303)


@bp.get("/inspections/<int:inspection_id>/report")
@require(Permission.ENTER_DESK, Permission.READ_INSPECTIONS)
def inspection_report(inspection_id: int) -> ResponseReturnValue:
    """The report as it looks on paper."""
    row = seen(inspection_id)
    return render_template(
        "desk/paper.html",
        crumbs=[
            (url_for("desk.inspection_list"), _("每周督查")),
            (url_for("desk.inspection", inspection_id=row.id), week_words(row)),
        ],
        document=_paper(row),
        download=url_for("desk.inspection_report_file", inspection_id=row.id),
    )


@bp.get("/inspections/<int:inspection_id>/report.docx")
@require(Permission.ENTER_DESK, Permission.READ_INSPECTIONS)
def inspection_report_file(inspection_id: int) -> ResponseReturnValue:
    """The report as a file."""
    row = seen(inspection_id)
    paper = _paper(row)
    return docx_response(paper, f"{paper.title}-{row.monday.isoformat()}")


def seen(inspection_id: int) -> Inspection:
    """The inspection, if the caller sees it; 404 otherwise."""
    row = inspection_in_scope(actor(), inspection_id)
    if row is None:
        abort(404)
    return row


def unfit(inspection_id: int, fault: PortalError, **forms: Any) -> ResponseReturnValue:
    """The page of the week again with what was typed, and why it was not taken."""
    if wants_json():
        return problem(fault)
    left = [left_to_say(form, fault) for form in forms.values()] or [fault]
    refusal = translated(fault) if any(left) else ""
    return inspection_page(seen(inspection_id), refusal, **forms), fault.http_status


def inspection_page(row: Inspection, refusal: str = "", **sent: Any) -> str:
    """One week."""
    who = actor()
    lines = lines_in_scope(who, row)
    on = [line for line in lines if line.removed_at is None]
    keeps = who.may(Permission.PLAN_INSPECTION)
    forms: dict[str, Any] = {"plan": _plan_form(row), "add": AddForm(), "close": SignOffForm()}
    forms |= {"cancel": CancelForm(), **sent}
    rows = line_rows(lines)
    people = (row.planned_by_id, row.closed_by_id, row.cancelled_by_id)
    return render_template(
        "desk/inspection.html",
        inspection=row,
        week=week_row(row, lines),
        words=week_words(row),
        counts=counts(row, on),
        open=[r for r in rows if r["is_open"]],
        done=[r for r in rows if not r["is_open"] and not r["is_removed"]],
        removed=[r for r in rows if r["is_removed"]] if keeps else [],
        is_draft=row.stage is Stage.DRAFT,
        is_under_way=row.stage is Stage.UNDER_WAY,
        keeps=keeps,
        reads=who.may(Permission.READ_INSPECTIONS),
        forms=forms,
        opened=next(iter(sent), ""),
        refusal=refusal,
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        names=names_of({one for one in people if one}),
    )


def _list_unfit(fault: InvalidFieldsError, **forms: Any) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    for name, form in forms.items():
        if name == "rule":
            kept = {_RENAMED.get(one, one): group for one, group in fault.faults.items()}
            fault = InvalidFieldsError(kept)
        left_to_say(form, fault)
    return _list_page(**forms), fault.http_status


def _list_page(**sent: Any) -> str:
    who, today = actor(), local(now()).date()
    if not may_read(who):
        abort(403)
    rule, keeps = rule_for(today), who.may(Permission.PLAN_INSPECTION)
    history = rule_history() if keeps else []
    forms = {
        "plan": NewPlanForm(data={"monday": _free_monday(today)}),
        "rule": RuleForm(
            data={
                "weekday": str(rule.weekday),
                "percent": rule.percent,
                "rule_overdue": rule.most_overdue,
            }
        ),
        **sent,
    }
    _offer(forms["plan"])
    return render_template(
        "desk/inspections.html",
        rows=[week_row(row, lines_in_scope(who, row)) for row in inspections(who)],
        keeps=keeps,
        forms=forms,
        weekday=_(WEEKDAYS[rule.weekday]),
        rule=rule,
        history=[(one, _(WEEKDAYS[one.weekday])) for one in history],
        names=names_of({one.set_by_id for one in history}),
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
    )


def _free_monday(today: date) -> date:
    """The next Monday without a plan."""
    monday = today + timedelta(days=-today.weekday() % 7)
    while inspection_of(monday) is not None:
        monday += WEEK
    return monday


def _plan_form(row: Inspection) -> PlanForm:
    form = PlanForm(
        data={
            "inspectors": [str(person.id) for person in row.inspectors],
            "draw_size": row.draw_size or None,
            "most_overdue": row.most_overdue,
        }
    )
    _offer(form)
    return form


def _offer(form: PlanForm) -> None:
    form.inspectors.choices = [(str(one.id), one.display_name) for one in people_to_send()]


def _paper(row: Inspection) -> Document:
    lines = [line for line in lines_in_scope(actor(), row) if line.removed_at is None]
    hidden = len(listed(row)) - len(lines)
    orders = {line.report_id: _orders(line, row) for line in lines}
    sender = issuer()
    return write_inspection(row, Papers(lines, hidden, orders), sender.city, sender.unit)


def _orders(line: InspectionLine, row: Inspection) -> list[str]:
    """The orders that followed what was found, until the report was signed off."""
    if line.result_at is None or not (line.result and line.result.fails):
        return []
    until = row.closed_at or now()
    return [
        order.number
        for order in orders_of(line.report_id, actor())
        if line.result_at <= order.issued_at <= until
    ]
