"""More time in the demo: a request waiting, one granted, one refused; and a plan's progress."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cli.demo.staff import actor
from portal.core.db import db, transaction
from portal.domain.accounts.actor import Actor
from portal.domain.casework.extending import (
    MoreTime,
    ask_more_time,
    grant_more_time,
    refuse_more_time,
)
from portal.domain.casework.milestones import Progress, check_in
from portal.domain.casework.queries import current_plan
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.models import Deadline, Extension, ExtensionReason
from portal.domain.publication.listing import refresh_public_case
from portal.domain.reports.models import Report
from portal.domain.reports.states import State

_HOUR = timedelta(hours=1)
_ASKED = (
    MoreTime(10, ExtensionReason.TESTING, "已采样送检，第三方报告要八天。"),
    MoreTime(20, ExtensionReason.WORKS, "收集罩已订货，安装和调试要三周。"),
    MoreTime(15, ExtensionReason.JOINT, "要和住建、城管一起上门，时间还没定。"),
)
_REFUSED = "三家都在本市，一周内可以约齐。请先按期办。"
_NOTE = "施工队已进场，管沟开挖了一半。"
_TOLD = "施工队进场了，预计下周开挖完。"


def ask_in_demo(at: datetime) -> None:
    """Let three cases in hand ask for time, and one plan report progress; once for a city."""
    if db.session.scalar(select(Extension.id).limit(1)) is not None:
        return
    for place, report_id in enumerate(_in_hand(at)):
        with transaction():
            _ask(db.session.get_one(Report, report_id), place, at)
    resting = select(Report.id).where(Report.state == State.STAGE_CLOSED).order_by(Report.id)
    first = db.session.scalar(resting.limit(1))
    if first is not None:
        with transaction():
            _report_progress(db.session.get_one(Report, first), at)


def _in_hand(at: datetime) -> list[int]:
    """The cases with the most time left: nobody asks on the day it is over."""
    query = (
        select(Report.id)
        .join(Deadline, Deadline.report_id == Report.id)
        .where(
            Report.state == State.HANDLING,
            Deadline.clock == Clock.RESOLVE,
            Deadline.stopped_at.is_(None),
            Deadline.due_at > at + timedelta(days=1),
        )
        .order_by(Report.received_at.desc(), Report.id)
        .limit(len(_ASKED))
    )
    return list(db.session.scalars(query))


def _ask(report: Report, place: int, at: datetime) -> None:
    clerk, supervisor = _clerk(report), actor("supervisor")
    row = ask_more_time(report, _ASKED[place], by=clerk, at=at - 3 * _HOUR)
    if place == 1:
        grant_more_time(report, row.id, by=supervisor, at=at - _HOUR)
        refresh_public_case(report, at)
    elif place == 2:
        refuse_more_time(report, row.id, _REFUSED, by=supervisor, at=at - _HOUR)


def _report_progress(report: Report, at: datetime) -> None:
    plan = current_plan(report)
    if plan is not None:
        first = plan.milestones[0]
        check_in(report, first.id, Progress(_NOTE, _TOLD), by=_clerk(report), at=at - 2 * _HOUR)


def _clerk(report: Report) -> Actor:
    lead = report.lead_department
    return actor(f"clerk-{lead.code}" if lead else "clerk-sthj")
