"""Pressure in the words of the desk: rows of the list, the card of a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import url_for

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.supervision.levels import OrderLevel, OrderState
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.queries import orders_of, talks_of, urges_of
from portal.web.desk.frame import name_of
from portal.web.desk.reading import Reading

_GLYPHS = {OrderLevel.YELLOW: "amber", OrderLevel.RED: "red", OrderLevel.PUBLIC: "red"}
_LATEST = 3


def order_row(order: SupervisionOrder, at: datetime) -> dict[str, Any]:
    """An order for a line of a list or card."""
    return {
        "number": order.number,
        "href": url_for("desk.show_order", order_id=order.id),
        "level": order.level,
        "tone": _GLYPHS[order.level],
        "state": order.standing,
        "is_late": order.is_late(at),
        "is_open": order.standing is OrderState.OPEN,
        "unit": name_of(order.department),
        "demand": order.demand,
        "due_at": order.due_at,
        "issued_at": order.issued_at,
        "is_ruled": order.issued_by_id is None,
        "report": order.report.number,
        "title": order.title or order.report.title,
    }


def pressure_card(told: Reading, who: Actor, at: datetime) -> dict[str, Any]:
    """What the case page shows of the pressure on it; units see their own part."""
    if not who.may(Permission.READ_ORDERS):
        return {}
    report = told.report
    all_units = who.may(Permission.SEE_ALL)

    def seen(department_id: int) -> bool:
        return all_units or department_id == who.department_id

    urges = told.of(lambda one: urges_of(one.id), "urged")
    urges = [urge for urge in urges if seen(urge.department_id)]
    talks = told.of(lambda one: talks_of(one.id), "talked")
    talks = [talk for talk in talks if seen(talk.department_id)]
    issued = told.of(lambda one: orders_of(one.id, who), "order_issued")
    orders = [order_row(order, at) for order in issued]
    standing = [row for row in orders if row["state"] is not OrderState.LIFTED]
    return {
        "orders": orders,
        "urges": urges[:_LATEST],
        "urge_count": len(urges),
        "talks": talks,
        "may_press": who.may(Permission.ISSUE_ORDER) and report.lead_department_id is not None,
        "may_answer": who.may(Permission.ANSWER_ORDER),
        "gravest": gravest([row["level"] for row in standing]),
    }


def gravest(levels: list[OrderLevel]) -> OrderLevel | None:
    """The gravest of several levels."""
    order = list(OrderLevel)
    return max(levels, key=order.index, default=None)
