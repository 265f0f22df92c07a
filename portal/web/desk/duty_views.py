"""The duty roster, and acknowledging alerts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import FieldFault, InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.duty.alerts import (
    acknowledge,
    recent_alerts,
    set_urgent_words,
    urgent_words,
)
from portal.domain.duty.models import Alert, AlertReason
from portal.domain.duty.roster import (
    LEADING,
    WEEK,
    NewShift,
    add_shift,
    copy_week,
    gaps_between,
    midnight,
    people_for_duty,
    remove_shift,
    shift_at,
    shifts_between,
)
from portal.web import filters
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.duty_forms import ShiftForm, WordsForm
from portal.web.desk.faults import add_faults
from portal.web.desk.fields import plain_names

_FIELDS = {"starts_at": "on", "ends_at": "part"}


@bp.get("/duty")
@require(Permission.ENTER_DESK, Permission.SEE_ALL)
def duty() -> ResponseReturnValue:
    """Who is on duty in a week, what is not covered, and the latest alerts."""
    return _page(_monday(request.args.get("week", "")))


@bp.post("/duty")
@require(Permission.ENTER_DESK, Permission.KEEP_ROSTER)
def save_shift() -> ResponseReturnValue:
    """Put a shift on the roster."""
    form = ShiftForm(plain_names(request.form))
    _offer(form)
    monday = _monday(request.form.get("on", ""))
    if not form.validate():
        return _page(monday, form), 422
    new = NewShift(*form.span, int(form.officer.data), int(form.leader.data))
    try:
        with transaction():
            add_shift(new, by=actor())
    except InvalidFieldsError as fault:
        add_faults(form, InvalidFieldsError(_renamed(fault)))
        return _page(monday, form), fault.http_status
    flash(_("排好了。"))
    return _back(monday)


@bp.post("/duty/copy")
@require(Permission.ENTER_DESK, Permission.KEEP_ROSTER)
def copy_last_week() -> ResponseReturnValue:
    """Repeat the week before where nobody is on duty yet."""
    monday = _monday(request.form.get("week", ""))
    with transaction():
        copied = copy_week(monday, by=actor())
    flash(_("照上周排了%(n)s班。", n=copied) if copied else _("上周没有可以照排的班。"))
    return _back(monday)


@bp.post("/duty/words")
@require(Permission.ENTER_DESK, Permission.KEEP_ROSTER)
def save_urgent_words() -> ResponseReturnValue:
    """Replace the words that raise an alert."""
    form = WordsForm(plain_names(request.form))
    with transaction():
        set_urgent_words(form.chosen, by=actor())
    flash(_("紧急词记下了。"))
    return _back(_monday(""))


@bp.post("/duty/<int:shift_id>/remove")
@require(Permission.ENTER_DESK, Permission.KEEP_ROSTER)
def take_shift_off(shift_id: int) -> ResponseReturnValue:
    """Take a shift off the roster."""
    with transaction():
        remove_shift(shift_id, by=actor())
    flash(_("这一班取消了。"))
    return _back(_monday(request.form.get("week", "")))


@bp.post("/alerts/<int:alert_id>/acknowledge")
@require(Permission.ENTER_DESK)
def acknowledge_alert(alert_id: int) -> ResponseReturnValue:
    """Have an emergency in hand: the alert stops, the case opens."""
    with transaction():
        number = acknowledge(alert_id, by=actor(), at=now()).report.number
    flash(_("您已经确认，提醒停止。请马上处理。"))
    return redirect(url_for("desk.show_report", number=number), code=303)


def _page(monday: date, form: ShiftForm | None = None) -> str:
    who, at = actor(), now()
    start = midnight(monday)
    form = form or ShiftForm(data={"on": max(monday, local(at).date()), "part": "whole"})
    _offer(form)
    alerts = recent_alerts(who)
    names = names_of({a.acknowledged_by_id for a in alerts if a.acknowledged_by_id})
    shifts = shifts_between(start, start + WEEK)
    return render_template(
        "desk/duty.html",
        monday=monday,
        weeks=_weeks(monday, at),
        days=[_day(monday + timedelta(days=n), shifts) for n in range(7)],
        gaps=[gap for gap in gaps_between(max(start, at), start + WEEK) if gap[0] < gap[1]],
        present=shift_at(at),
        alerts=[_alert(alert, names) for alert in alerts],
        words="、".join(urgent_words()),
        form=form,
        may_keep=who.may(Permission.KEEP_ROSTER),
    )


def _day(on: date, shifts: list[Any]) -> dict[str, Any]:
    start = midnight(on)
    return {
        "words": filters.dated(start).rpartition(" ")[0],  # the day without its hour
        "shifts": [
            {"row": s, "hours": f"{local(s.starts_at):%H:%M}–{local(s.ends_at):%H:%M}"}
            for s in shifts
            if start <= s.starts_at < start + timedelta(days=1)
        ],
    }


def _alert(alert: Alert, names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": alert.report.number,
        "title": alert.report.title,
        "at": alert.raised_at,
        "reason": _(AlertReason(alert.reason).label),
        "word": alert.word,
        "steps": [step.minute for step in alert.steps],
        "acknowledged_at": alert.acknowledged_at,
        "who": names.get(alert.acknowledged_by_id or 0, ""),
    }


def _weeks(monday: date, at: datetime) -> list[dict[str, Any]]:
    this = _week_of(local(at).date())
    words = [(_("上周"), -7), (_("本周"), 0), (_("下周"), 7)]
    return [
        {
            "label": label,
            "href": url_for("desk.duty", week=(this + timedelta(days=days)).isoformat()),
            "count": None,
            "current": this + timedelta(days=days) == monday,
        }
        for label, days in words
    ]


def _offer(form: ShiftForm) -> None:
    form.officer.choices = [(str(u.id), u.display_name) for u in people_for_duty()]
    form.leader.choices = [(str(u.id), u.display_name) for u in people_for_duty(*LEADING)]


def _renamed(fault: InvalidFieldsError) -> dict[str, list[FieldFault]]:
    return {_FIELDS.get(name, name): group for name, group in fault.faults.items()}


def _monday(text: str) -> date:
    """The Monday of the week of a day in the address; of this week when it makes no sense."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = local(now()).date()
    return _week_of(day if 2000 < day.year < 2100 else local(now()).date())


def _week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _back(monday: date) -> ResponseReturnValue:
    return redirect(url_for("desk.duty", week=monday.isoformat()), code=303)
