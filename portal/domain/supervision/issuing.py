"""Issuing an order: its number, its row, its event, and the public copy of a public one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.deadlines.models import Crossing
from portal.domain.reports.models import Report
from portal.domain.supervision.happenings import tell_issued
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import PublicOrder, SupervisionOrder
from portal.domain.supervision.numbering import next_order_number


@dataclass(frozen=True)
class Issue:
    """What an order says; `crossing` when a rule issues it, title and leader when it is public."""

    level: OrderLevel
    department_id: int
    demand: str
    due_at: datetime
    crossing: Crossing | None = None
    title: str = ""
    leader_name: str = ""
    leader_post: str = ""


def issue(report: Report, wanted: Issue, *, by: Actor, at: datetime) -> SupervisionOrder:
    """Issue an order; who may and whether it is fit was settled by the caller."""
    number, year, serial = next_order_number(at)
    order = SupervisionOrder(
        number=number,
        year=year,
        serial=serial,
        level=wanted.level,
        report_id=report.id,
        department_id=wanted.department_id,
        crossing_id=wanted.crossing.id if wanted.crossing else None,
        clock=wanted.crossing.clock if wanted.crossing else None,
        title=wanted.title,
        demand=wanted.demand,
        due_at=wanted.due_at,
        leader_name=wanted.leader_name,
        leader_post=wanted.leader_post,
        issued_at=at,
        issued_by_id=by.user_id,
    )
    db.session.add(order)
    db.session.flush()
    tell_public(order)
    tell_issued(report, order, by=by)
    return order


def tell_public(order: SupervisionOrder) -> None:
    """Bring the public copy of a public order in step; other orders have none."""
    if order.level is not OrderLevel.PUBLIC:
        return
    row = db.session.get(PublicOrder, order.id) or PublicOrder(order_id=order.id)
    row.report_id = order.report_id
    row.number, row.title, row.demand = order.number, order.title, order.demand
    row.unit_zh, row.unit_en = order.department.name_zh, order.department.name_en
    row.leader_name, row.leader_post = order.leader_name, order.leader_post
    row.issued_at, row.due_at = order.issued_at, order.due_at
    row.answered_at, row.lifted_at = order.answered_at, order.lifted_at
    row.lift_reason = order.lift_reason
    db.session.add(row)
    db.session.flush()
