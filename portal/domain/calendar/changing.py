"""Changing the calendar after the fact: which days turn, and telling whoever counts by them.

The event `calendar_changed` owes every open term that crosses one of the days a recount.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.arithmetic import OfficeSchedule, Span
from portal.domain.calendar.models import CalendarDay, DayKind, OfficeHours
from portal.domain.calendar.queries import forget_calendar, work_calendar
from portal.domain.calendar.services import (
    DayRow,
    clear_day,
    import_days,
    set_day,
    set_office_hours,
)
from portal.domain.timeline.services import Happening, record_event

SUBJECT = "calendar"
_REACH = timedelta(days=366)  # no open term in office hours runs further


@dataclass(frozen=True)
class Changer:
    """Who changes the calendar: an actor's kind and, for staff, the user."""

    kind: str
    user_id: int | None
    at: datetime


@dataclass(frozen=True)
class DayChange:
    """One day of a change: what it was (None: by its weekday) and what it becomes."""

    row: DayRow
    was: DayKind | None
    turns: bool  # from working to free, or back: terms move

    @property
    def is_new(self) -> bool:
        """Whether the day says anything new, if only its name."""
        return self.was is not self.row.kind


def changes_of(rows: Sequence[DayRow]) -> list[DayChange]:
    """What importing `rows` would change, in their order; nothing is written."""
    calendar = work_calendar()
    known = {row.on: db.session.get(CalendarDay, row.on) for row in rows}
    return [
        DayChange(
            row,
            day.kind if (day := known[row.on]) else None,
            calendar.is_working_day(row.on) is not (row.kind is DayKind.WORKING),
        )
        for row in rows
    ]


def import_calendar(rows: Sequence[DayRow], changer: Changer) -> list[date]:
    """Import an announced calendar; returns the days that turned. The years count as announced."""
    turned = [change.row.on for change in changes_of(rows) if change.turns]
    import_days(rows)
    _tell(turned, sorted({row.on.year for row in rows}), changer)
    return turned


def change_day(on: date, kind: DayKind | None, name: str, changer: Changer) -> bool:
    """Lay down what one day is, or (None) let it follow its weekday; whether it turned."""
    before = work_calendar().is_working_day(on)
    if kind is None:
        clear_day(on)
    else:
        set_day(on, kind, name)
    turned = work_calendar().is_working_day(on) is not before
    _tell([on] if turned else [], [on.year], changer)
    return turned


def change_office_hours(
    effective_from: date, spans: Sequence[Span], changer: Changer
) -> OfficeSchedule:
    """Open the offices at other hours from a day on; open terms across it are recounted.

    Raises InvalidFieldsError: from tomorrow on at the earliest, without gaps in sense.
    """
    _demand_future(effective_from, changer)
    schedule = set_office_hours(effective_from, tuple(spans))
    rows = select(OfficeHours).where(OfficeHours.effective_from == effective_from)
    for row in db.session.scalars(rows):
        row.set_at, row.set_by_id = changer.at, changer.user_id
    _tell([effective_from, effective_from + _REACH], [effective_from.year], changer)
    return schedule


def take_back_office_hours(effective_from: date, changer: Changer) -> None:
    """Let the hours before hold on. Raises InvalidFieldsError once they are in force."""
    _demand_future(effective_from, changer)
    old = delete(OfficeHours).where(OfficeHours.effective_from == effective_from)
    db.session.execute(old)
    forget_calendar()
    _tell([effective_from, effective_from + _REACH], [effective_from.year], changer)


def office_history() -> dict[date, list[OfficeHours]]:
    """Every version of the office hours, the newest first, its stretches in order."""
    query = select(OfficeHours).order_by(OfficeHours.effective_from.desc(), OfficeHours.opens)
    found: dict[date, list[OfficeHours]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.effective_from, []).append(row)
    return found


def _demand_future(effective_from: date, changer: Changer) -> None:
    if effective_from <= work_calendar().local_date(changer.at):
        words = N_("最早从明天起：已经过去的时间不改。")
        raise InvalidFieldsError.one("effective_on", "past", words)


def _tell(turned: Collection[date], years: Sequence[int], changer: Changer) -> None:
    record_event(
        Happening(
            SUBJECT,
            years[0],
            "calendar_changed",
            changer.at,
            changer.kind,
            changer.user_id,
            data={"days": [on.isoformat() for on in sorted(turned)], "years": list(years)},
        )
    )
