"""Drawing among the cases that need no look-back: once a month, from a seed that is kept.

How is said in core/drawing.py: anybody with the seed and the numbers gets the same cases.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select

from portal.core.clock import zone
from portal.core.db import db
from portal.core.drawing import chosen_of
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.services import close_clock
from portal.domain.lookback.models import Draw, LookBack, LookBackReason, SampleRate
from portal.domain.lookback.planning import CLOCKS, plan_look_backs, plan_one
from portal.domain.reports.models import Report
from portal.domain.reports.states import State

DEFAULT_PERCENT = 10


def draw_month(month: date, seed: str, at: datetime) -> Draw:
    """Draw among the cases struck off in `month` (its first day); a month is drawn once.

    At least one case is drawn when there is any. What has to be looked at anyway takes no part,
    even when nobody got round to planning it yet. What was not drawn is let go: its look-back
    terms are closed.
    """
    found = db.session.scalar(select(Draw).where(Draw.month == month))
    if found is not None:
        return found
    cases = {r.number: r for r in _struck_off(month) if not plan_look_backs(r, at)}
    percent = percent_for(month)
    chosen = chosen_of(list(cases), math.ceil(len(cases) * percent / 100), seed)
    row = Draw(
        month=month,
        seed=seed,
        at=at,
        percent=percent,
        population=len(cases),
        size=len(chosen),
        numbers=sorted(cases),
    )
    db.session.add(row)
    db.session.flush()
    for number, report in cases.items():
        _settle(report, row if number in chosen else None, at)
    return row


def months_to_draw(at: datetime) -> list[date]:
    """The months that are over and not drawn: since the last draw, or else the last month only."""
    this = work_calendar().local_date(at).replace(day=1)
    last = db.session.scalar(select(func.max(Draw.month)))
    month = _next_month(last) if last else (this - timedelta(days=1)).replace(day=1)
    found = []
    while month < this:
        found.append(month)
        month = _next_month(month)
    return found


def percent_for(month: date) -> int:
    """The rate in force for cases struck off in `month`, in per cent."""
    query = select(SampleRate.percent).where(SampleRate.from_month <= month)
    found = db.session.scalar(query.order_by(SampleRate.from_month.desc()).limit(1))
    return DEFAULT_PERCENT if found is None else found


def set_percent(percent: int, *, by: Actor, at: datetime) -> SampleRate:
    """Set the rate from this month on; months already drawn keep theirs.

    Raises NotAllowedError and InvalidFieldsError.
    """
    if not by.may(Permission.SET_SAMPLE_RATE):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if not 1 <= percent <= 100:
        raise InvalidFieldsError.one("percent", "range", N_("抽查比例要在1%到100%之间。"))
    month = work_calendar().local_date(at).replace(day=1)
    row = db.session.get(SampleRate, month)
    if row is None:
        row = SampleRate(from_month=month)
        db.session.add(row)
    row.percent, row.set_at, row.set_by_id = percent, at, by.user_id
    db.session.flush()
    return row


def _settle(report: Report, draw: Draw | None, at: datetime) -> None:
    if draw is not None:
        plan_one(report, Clock.LOOKBACK, LookBackReason.SAMPLED, at, draw)
    for clock in CLOCKS if draw is None else CLOCKS[1:]:
        close_clock(report.id, clock, at)


def _struck_off(month: date) -> list[Report]:
    """The cases struck off in `month` that have no look-back in their present round."""
    begin, end = (
        datetime.combine(day, datetime.min.time(), tzinfo=zone())
        for day in (month, _next_month(month))
    )
    has_one = exists().where(
        LookBack.report_id == Report.id, LookBack.round == Report.reopened_count
    )
    query = select(Report).where(
        Report.state == State.DEREGISTERED,
        Report.state_since >= begin,
        Report.state_since < end,
        ~has_one,
    )
    return list(db.session.scalars(query.order_by(Report.number)))


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
