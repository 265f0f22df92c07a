"""The city's rules as data: what presses when, and when the offices are open."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.calendar.changing import (
    Changer,
    change_office_hours,
    office_history,
    take_back_office_hours,
)
from portal.domain.calendar.models import OfficeHours
from portal.domain.deadlines.clocks import Colour
from portal.domain.supervision.levels import Pressure
from portal.domain.supervision.models import PressureRule
from portal.domain.supervision.rules import (
    PRESSED,
    pressure_rules,
    set_pressure,
    take_back_pressure,
)
from portal.web import filters
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.rule_forms import HoursForm, PressureForm
from portal.web.errors import problem, wants_json

_COLOURS = (Colour.BLUE, Colour.YELLOW, Colour.RED)


@bp.get("/pressure")
@require(Permission.ENTER_DESK)
def pressure() -> ResponseReturnValue:
    """What follows when a term comes to a colour, now and before."""
    return _pressure_page(PressureForm(data={"effective_on": _tomorrow()}))


@bp.post("/pressure")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def save_pressure() -> ResponseReturnValue:
    """Set a rule from a day on."""
    form = PressureForm(plain_names(request.form))
    try:
        demand_fit(form)
        new = form.new()
        with transaction():
            set_pressure(new, by=actor(), at=now())
    except InvalidFieldsError as fault:
        if wants_json():
            return problem(fault)
        left_to_say(form, fault)
        return _pressure_page(form), fault.http_status
    flash(_("定好了，从%(day)s起按新的办。", day=filters.day(new.effective_on)))
    return redirect(url_for("desk.pressure"), code=303)


@bp.post("/pressure/<int:rule_id>/take-back")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def take_pressure_back(rule_id: int) -> ResponseReturnValue:
    """Take back a rule that is not in force yet."""
    with transaction():
        take_back_pressure(rule_id, by=actor(), at=now())
    flash(_("撤回了，还按原来的办。"))
    return redirect(url_for("desk.pressure"), code=303)


@bp.get("/office-hours")
@require(Permission.ENTER_DESK)
def office_hours() -> ResponseReturnValue:
    """When the offices are open, now, before and to come."""
    return _hours_page(HoursForm(data={"effective_on": _tomorrow()}))


@bp.post("/office-hours")
@require(Permission.ENTER_DESK, Permission.EDIT_CALENDAR)
def save_office_hours() -> ResponseReturnValue:
    """Set other hours from a day on."""
    form = HoursForm(plain_names(request.form))
    try:
        demand_fit(form)
        on = form.effective_on.data or _tomorrow()
        with transaction():
            change_office_hours(on, form.spans(), _changer())
    except InvalidFieldsError as fault:
        if wants_json():
            return problem(fault)
        left_to_say(form, fault)
        return _hours_page(form), fault.http_status
    flash(_("记下了，受影响的期限正在重算。"))
    return redirect(url_for("desk.office_hours"), code=303)


@bp.post("/office-hours/<on>/take-back")
@require(Permission.ENTER_DESK, Permission.EDIT_CALENDAR)
def take_hours_back(on: str) -> ResponseReturnValue:
    """Take back hours that are not in force yet."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        abort(404)
    if day not in office_history():
        abort(404)
    with transaction():
        take_back_office_hours(day, _changer())
    flash(_("撤回了，受影响的期限正在重算。"))
    return redirect(url_for("desk.office_hours"), code=303)


def _tomorrow() -> date:
    return local(now()).date() + timedelta(days=1)


def _changer() -> Changer:
    who = actor()
    return Changer(who.kind, who.user_id, now())


def _pressure_page(form: PressureForm) -> str:
    today, versions = local(now()).date(), pressure_rules()
    return render_template(
        "desk/pressure.html",
        clocks=[
            (clock, [_in_force(versions, clock, c, today) for c in _COLOURS]) for clock in PRESSED
        ],
        colours=_COLOURS,
        versions=[_version(row, today) for row in versions],
        names=names_of({row.set_by_id for row in versions if row.set_by_id}),
        form=form,
        problems=problems_of("pressure", form),
        may_edit=actor().may(Permission.EDIT_TERMS),
    )


def _in_force(versions: list[PressureRule], clock: Any, colour: Colour, today: date) -> str:
    """What follows today; versions come the newest first."""
    held = (
        row
        for row in versions
        if row.clock is clock and row.colour is colour and row.effective_on <= today
    )
    row = next(held, None)
    return _words(row) if row is not None else ""


def _words(row: PressureRule) -> str:
    """黄牌督办，5个工作日内答复."""
    if row.does is None:
        return _("什么都不做")
    label = _(row.does.label)
    if row.does is Pressure.URGE:
        return label
    return _("%(what)s，%(n)s个工作日内答复", what=label, n=row.answer_days)


def _version(row: PressureRule, today: date) -> dict[str, Any]:
    return {"row": row, "words": _words(row), "is_coming": row.effective_on > today}


def _hours_page(form: HoursForm) -> str:
    today, history = local(now()).date(), office_history()
    present = next((on for on in history if on <= today), None)
    setters = {row.set_by_id for rows in history.values() for row in rows if row.set_by_id}
    return render_template(
        "desk/office_hours.html",
        present=_spans(history[present]) if present else "",
        versions=[
            {
                "on": on,
                "words": _spans(rows),
                "is_coming": on > today,
                "is_present": on == present,
                "set_at": rows[0].set_at,
                "set_by_id": rows[0].set_by_id,
            }
            for on, rows in history.items()
        ],
        names=names_of(setters),
        form=form,
        problems=problems_of("hours", form),
        may_edit=actor().may(Permission.EDIT_CALENDAR),
    )


def _spans(rows: list[OfficeHours]) -> str:
    return _("，").join(f"{row.opens:%H:%M}–{row.closes:%H:%M}" for row in rows)
