"""Duty in the demo: four weeks of shifts, an emergency in hand and one that nobody has yet."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.cli.demo.staff import actor
from portal.core.clock import local, zone
from portal.core.db import db, transaction
from portal.domain.categories.classes import DeadlineClass
from portal.domain.categories.models import Category
from portal.domain.duty.alerts import (
    LEADER_AFTER,
    MINUTES,
    Call,
    acknowledge,
    mark_sent,
    raise_alert,
)
from portal.domain.duty.models import Alert, DutyShift
from portal.domain.duty.roster import NewShift, add_shift
from portal.domain.reports.models import Report
from portal.domain.reports.states import State

_DAYS = 28
_OFFICERS = ("triage", "triage2", "reviewer", "reviewer2", "publisher", "publisher2", "rewards")
_LEADERS = ("leader", "supervisor")
_CHANGE = time(8, 30)


def watch_in_demo(at: datetime) -> None:
    """Keep the roster of last week, this and two more, and raise two alerts; once for a city."""
    with transaction():
        if db.session.scalar(select(DutyShift.id).limit(1)) is None:
            _keep_roster(at)
        if db.session.scalar(select(Alert.id).limit(1)) is None:
            _raise_alerts()


def _keep_roster(at: datetime) -> None:
    today = local(at).date()
    first = today - timedelta(days=today.weekday() + 7)
    for n in range(_DAYS):
        since = datetime.combine(first + timedelta(days=n), _CHANGE, tzinfo=zone())
        officer = actor(_OFFICERS[n % len(_OFFICERS)]).staff_id
        leader = actor(_LEADERS[n // 7 % len(_LEADERS)]).staff_id
        new = NewShift(since, since + timedelta(days=1), officer, leader)
        add_shift(new, by=actor("supervisor"))


def _raise_alerts() -> None:
    """The newest urgent report waits for somebody; the one before it was taken in hand."""
    waiting = (
        select(Report)
        .join(Category, Category.id == Report.category_id)
        .where(Report.state == State.SUBMITTED, Category.deadline_class == DeadlineClass.URGENT)
        .order_by(Report.received_at.desc())
        .limit(2)
    )
    for n, report in enumerate(db.session.scalars(waiting).all()):
        alert = raise_alert(report, report.received_at)
        if alert is not None and n == 0:
            _send(alert, MINUTES)
        elif alert is not None:
            _send(alert, MINUTES[:1])
            at = report.received_at + timedelta(minutes=7)
            acknowledge(alert.id, by=actor("triage"), at=at)


def _send(alert: Alert, minutes: tuple[int, ...]) -> None:
    for minute in minutes:
        who = actor("leader" if minute >= LEADER_AFTER else "triage").staff_id
        at = alert.raised_at + timedelta(minutes=minute)
        mark_sent(Call(alert.id, alert.report.number, who, (minute,)), at)
