"""How long the law lets each term be, and whether a term the city wants ever goes beyond.

Sources: 信访工作条例 (2022), 环保举报热线工作管理办法 (2011), 政府信息公开条例 (2019). A term in
another unit is held against the limit on the city's own calendar, day by day for a year; while that
year's holidays are unknown, also on the last year whose holidays are known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.core.text import N_
from portal.domain.calendar.arithmetic import WorkCalendar
from portal.domain.deadlines.clocks import Clock, Unit
from portal.domain.deadlines.terms import Run, end_of

_YEAR_DAYS = 366
_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)


@dataclass(frozen=True)
class LegalLimit:
    """The outer limit of a term and the law that sets it.

    `is_floor_too`: a right of residents, which no city may shorten either.
    """

    amount: int
    unit: Unit
    law: str
    is_floor_too: bool = False


_PETITION = N_("《信访工作条例》")
LEGAL_LIMITS: dict[Clock, LegalLimit] = {
    Clock.ACCEPT: LegalLimit(15, Unit.CALENDAR_DAYS, _PETITION),
    Clock.RETURN: LegalLimit(5, Unit.WORKING_DAYS, _PETITION),
    Clock.RULING: LegalLimit(5, Unit.WORKING_DAYS, _PETITION),
    Clock.RESOLVE: LegalLimit(60, Unit.CALENDAR_DAYS, N_("《环保举报热线工作管理办法》")),
    Clock.PUBLISH: LegalLimit(20, Unit.WORKING_DAYS, N_("《政府信息公开条例》")),
    Clock.DISPUTE: LegalLimit(30, Unit.CALENDAR_DAYS, _PETITION, is_floor_too=True),
    Clock.DISPUTE_ANSWER: LegalLimit(30, Unit.CALENDAR_DAYS, _PETITION),
    Clock.CORRECTION: LegalLimit(20, Unit.WORKING_DAYS, N_("《政府信息公开条例》")),
    Clock.EXPOSURE_ANSWER: LegalLimit(20, Unit.WORKING_DAYS, N_("《政府信息公开条例》")),
    Clock.FEEDBACK: LegalLimit(10, Unit.CALENDAR_DAYS, N_("《环保举报热线工作管理办法》")),
}


def day_beyond_law(
    clock: Clock, amount: int, unit: Unit, calendar: WorkCalendar, from_on: date
) -> date | None:
    """The first day from which a term of `amount` `unit` would break the law; None when never.

    It is looked for in the year behind `from_on`, at the last minute of each day: the law does not
    count that day, and a term in hours would end latest then. Years not announced have no long
    holidays yet, so the last one that has them stands in: the day found may then be past.
    """
    limit = LEGAL_LIMITS.get(clock)
    if limit is None:
        return None
    if unit is limit.unit:
        is_short = limit.is_floor_too and amount < limit.amount
        return from_on if amount > limit.amount or is_short else None
    for on in _days_to_try(from_on, calendar):
        start_at = datetime.combine(on, _LAST_MINUTE, calendar.tz)
        wanted = end_of(Run(start_at, amount, unit), calendar)
        lawful = end_of(Run(start_at, limit.amount, limit.unit), calendar)
        if wanted > lawful or (limit.is_floor_too and wanted < lawful):
            return on
    return None


def _days_to_try(from_on: date, calendar: WorkCalendar) -> Iterator[date]:
    """The year behind `from_on`, and before it the last announced one where some is unknown."""
    until = from_on + _YEAR_DAYS * _DAY
    begin = from_on
    if not (calendar.is_announced(from_on.year) and calendar.is_announced(until.year)):
        known = [year for year in calendar.announced if year <= from_on.year]
        begin = min(from_on, date(max(known), 1, 1)) if known else from_on
    for ahead in range((until - begin).days):
        yield begin + ahead * _DAY
