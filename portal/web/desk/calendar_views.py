"""The working calendar: a year at a glance, one day changed, a year imported with a preview."""

from __future__ import annotations

import io
from calendar import Calendar
from datetime import date, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.changing import (
    Changer,
    DayChange,
    change_day,
    changes_of,
    import_calendar,
)
from portal.domain.calendar.models import CalendarDay, DayKind
from portal.domain.calendar.queries import days_of, work_calendar
from portal.domain.calendar.reading import read_days
from portal.domain.calendar.services import DayRow, english_name
from portal.domain.deadlines.queries import has_term_beyond, reports_crossing
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import faults_of, problems_of
from portal.web.desk.time_forms import DayForm, ImportForm
from portal.web.desk.uploads import lines_told, sent_text
from portal.web.errors import problem, wants_json
from portal.web.filters import is_english

_EARLIEST, _LATEST = 2020, 2099
_LARGEST_FILE = 200_000  # bytes; a year has some fifty lines
_DECEMBER = 12


@bp.get("/calendar")
@require(Permission.ENTER_DESK)
def calendar() -> ResponseReturnValue:
    """One year: every day, what it is, and whether it was announced."""
    return _page(_year(request.args.get("year", "")), DayForm(), ImportForm())


@bp.post("/calendar/day")
@require(Permission.ENTER_DESK, Permission.EDIT_CALENDAR)
def save_day() -> ResponseReturnValue:
    """Lay down what one day is; open terms across it are recounted soon after."""
    form = DayForm(request.form)
    if not form.validate() or form.on.data is None or not _is_kept(form.on.data.year):
        if form.on.data is not None and not form.on.errors:
            form.on.errors = [] if _is_kept(form.on.data.year) else [_("这一年不能改。")]
        year = form.on.data.year if form.on.data else local(now()).year
        if wants_json():
            return problem(faults_of(form))
        return _page(year if _is_kept(year) else local(now()).year, form, ImportForm(), status=422)
    with transaction():
        turned = change_day(form.on.data, form.chosen(), form.name.data or "", _changer())
    flash(_("记下了，受影响的期限正在重算。") if turned else _("记下了，期限不受影响。"))
    return redirect(url_for("desk.calendar", year=form.on.data.year), code=303)


@bp.post("/calendar/import")
@require(Permission.ENTER_DESK, Permission.EDIT_CALENDAR)
def import_year() -> ResponseReturnValue:
    """Show what a file would change; with step=save, take it."""
    form = ImportForm(request.form)
    try:
        text = form.rows.data or sent_text(_LARGEST_FILE, _("文件太大，一年最多四百行。"))
        rows = read_days(io.StringIO(text))
    except InvalidFieldsError as fault:
        if wants_json():
            return problem(fault)
        form.file.errors = lines_told(fault)
        return _page(local(now()).year, DayForm(), form, status=422)
    if request.form.get("step") != "save":
        return _preview(rows, text)
    with transaction():
        turned = import_calendar(rows, _changer())
    flash(
        ngettext(
            "导入了，有%(num)s天变了，受影响的期限正在重算。",
            "导入了，有%(num)s天变了，受影响的期限正在重算。",
            len(turned),
        )
    )
    return redirect(url_for("desk.calendar", year=rows[-1].on.year), code=303)


@bp.context_processor
def _warning() -> dict[str, Any]:
    """`calendar_warning` for who answers for it: the year that counts but was not announced."""
    return {"calendar_warning": unannounced_year}


def unannounced_year() -> int | None:
    """The coming year when its holidays are unknown and matter: from December on, or earlier when
    a running term reaches into it. None for whoever cannot do anything about it.
    """
    if not actor().may(Permission.SEE_CALENDAR_WARNING):
        return None
    table, today = work_calendar(), local(now()).date()
    if not table.is_announced(today.year):
        return today.year
    if table.is_announced(today.year + 1):
        return None
    matters = today.month == _DECEMBER or has_term_beyond(date(today.year, 12, 31), table)
    return today.year + 1 if matters else None


def _changer() -> Changer:
    who = actor()
    return Changer(who.kind, who.staff_id, now())


def _is_kept(year: int) -> bool:
    return _EARLIEST <= year <= _LATEST


def _year(text: str) -> int:
    year = int(text) if text.isdecimal() and len(text) == 4 else 0
    return year if _is_kept(year) else local(now()).year


def _preview(rows: list[DayRow], text: str) -> str:
    table, changes = work_calendar(), changes_of(rows)
    turned = [change.row.on for change in changes if change.turns]
    touched = len(reports_crossing(min(turned), max(turned), table)) if turned else 0
    return render_template(
        "desk/calendar_preview.html",
        rows=[_change(one) for one in changes],
        text=text,
        years=sorted({row.on.year for row in rows}),
        turned=len(turned),
        touched=touched,
    )


def _change(change: DayChange) -> dict[str, Any]:
    row = change.row
    return {
        "on": row.on,
        "kind": row.kind,
        "name": row.name,
        "was": change.was,
        "turns": change.turns,
        "is_new": change.is_new,
    }


def _page(
    year: int, form: DayForm, importing: ImportForm, *, status: int = 200
) -> ResponseReturnValue:
    table, named = work_calendar(), {row.on: row for row in days_of(year)}
    problems = problems_of("day", form)
    problems += [("import-file", words) for words in importing.file.errors]
    page = render_template(
        "desk/calendar.html",
        year=year,
        is_announced=table.is_announced(year),
        months=[_month(year, month, named) for month in range(1, 13)],
        special=_stretches(list(named.values())),
        count=len(named),
        form=form,
        importing=importing,
        problems=problems,
        may_edit=actor().may(Permission.EDIT_CALENDAR),
        earlier=year - 1 if _is_kept(year - 1) else None,
        later=year + 1 if _is_kept(year + 1) else None,
    )
    return page, status


def _stretches(days: list[CalendarDay]) -> list[dict[str, Any]]:
    """The special days in order, those side by side and alike in one line."""
    found: list[dict[str, Any]] = []
    for row in days:
        last = found[-1] if found else None
        alike = last and (last["kind"], last["name"]) == (row.kind, _name(row))
        if last and alike and last["until"] + timedelta(days=1) == row.on:
            last["until"], last["days"] = row.on, last["days"] + 1
            continue
        same = {"kind": row.kind, "name": _name(row)}
        found.append({"on": row.on, "until": row.on, "days": 1, **same})
    return found


def _name(row: CalendarDay) -> str:
    return english_name(row.name) if is_english() else row.name


def _month(year: int, month: int, named: dict[date, Any]) -> dict[str, Any]:
    """The weeks of a month: days of other months are empty."""
    weeks = Calendar().monthdatescalendar(year, month)
    return {
        "number": month,
        "first": date(year, month, 1),
        "weeks": [
            [_cell(on, named) if on.month == month else None for on in week] for week in weeks
        ],
    }


def _cell(on: date, named: dict[date, Any]) -> dict[str, Any]:
    row = named.get(on)
    works = row.kind is DayKind.WORKING if row else on.weekday() < 5
    return {
        "day": on.day,
        "tone": "off" if row and not works else "duty" if row else "" if works else "rest",
        "mark": "" if row is None else _("班") if works else _("休"),
        "title": _name(row) if row else "",
        "is_today": on == local(now()).date(),
    }
