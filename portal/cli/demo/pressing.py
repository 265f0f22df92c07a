"""Pressure in the demo: urges, orders in every state, a public one under a leader, and a talk."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cli.demo.staff import actor
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.accounts.actor import Actor
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.models import Deadline
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.services import (
    NewOrder,
    NewTalk,
    answer_order,
    issue_order,
    lift_order,
    record_talk,
    urge_lead,
)

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_URGES = ("已经过了办理期限，请今天到现场。", "请先联系举报人，把进展告诉他。")
_RED = "逾期已久，请立即停止违规排放，三日内提交整改方案，明确责任人和完成时间。"
_YELLOW = "请五日内办结，并书面说明逾期原因。"
_PUBLIC = "月底前完成整治并通过验收，整改期间每周报告一次进展，防止反弹。"
_ANSWER = "设备供货晚了一周，现已到场。预计下周三装完，由执法队队长负责。"
_LIFTED = "已按要求提交整改方案，现场核查属实，解除督办。"
_TALK = "通报了逾期情况。该单位表示增派两名执法人员，每三日报告一次进展。"


def press_in_demo(at: datetime) -> None:
    """Press the leads of the cases that are most overdue; once for a city."""
    if db.session.scalar(select(SupervisionOrder.id).limit(1)) is not None:
        return
    deeds = (_public, _red, _answered, _lifted)
    for deed, report_id in zip(deeds, _overdue(at, len(deeds)), strict=False):
        with transaction():
            deed(db.session.get_one(Report, report_id), at)


def _overdue(at: datetime, limit: int) -> list[int]:
    """The cases in hand that are overdue, the longest first."""
    query = (
        select(Report.id)
        .join(Deadline, Deadline.report_id == Report.id)
        .where(
            Report.state == State.HANDLING,
            Deadline.clock == Clock.RESOLVE,
            Deadline.stopped_at.is_(None),
            Deadline.due_at < at,
        )
        .order_by(Deadline.due_at, Report.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def _public(report: Report, at: datetime) -> None:
    place = report.town.name_zh if report.town else ""
    title = f"{place}{report.category.name_zh}问题整治"
    new = _new(OrderLevel.PUBLIC, _PUBLIC, at + 12 * _DAY)
    named = NewOrder(new.level, new.demand, new.due_on, title, "岑立", "副市长")
    supervisor = actor("supervisor")
    issue_order(report, named, by=supervisor, at=at - 30 * _HOUR)
    talk = NewTalk("主要负责人", local(at - 26 * _HOUR).date(), _TALK)
    record_talk(report, talk, by=supervisor, at=at - 25 * _HOUR)


def _red(report: Report, at: datetime) -> None:
    supervisor = actor("supervisor")
    urge_lead(report, _URGES[0], by=supervisor, at=at - 50 * _HOUR)
    urge_lead(report, _URGES[1], by=supervisor, at=at - 47 * _HOUR)
    new = _new(OrderLevel.RED, _RED, at - _DAY)
    issue_order(report, new, by=supervisor, at=at - 28 * _HOUR)


def _answered(report: Report, at: datetime) -> None:
    new = _new(OrderLevel.YELLOW, _YELLOW, at + 4 * _DAY)
    order = issue_order(report, new, by=actor("supervisor"), at=at - 20 * _HOUR)
    answer_order(order, _ANSWER, by=_clerk(report), at=at - 3 * _HOUR)


def _lifted(report: Report, at: datetime) -> None:
    supervisor = actor("supervisor")
    new = _new(OrderLevel.YELLOW, _YELLOW, at + 4 * _DAY)
    order = issue_order(report, new, by=supervisor, at=at - 18 * _HOUR)
    answer_order(order, _ANSWER, by=_clerk(report), at=at - 6 * _HOUR)
    lift_order(order, _LIFTED, by=supervisor, at=at - 2 * _HOUR)


def _new(level: OrderLevel, demand: str, due_at: datetime) -> NewOrder:
    return NewOrder(level, demand, local(due_at).date())


def _clerk(report: Report) -> Actor:
    lead = report.lead_department
    return actor(f"clerk-{lead.code}" if lead else "clerk-sthj")
