"""Writing the routing table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.categories.queries import category_by_code
from portal.domain.departments.models import Department
from portal.domain.departments.queries import department_by_code, department_by_id
from portal.domain.routing.models import AssistKind, RoutingAssist, RoutingRule
from portal.domain.routing.queries import routing_rule, routing_rules
from portal.domain.routing.seed import TOWN, TYPICAL, NewRouting


@dataclass(frozen=True)
class NewRule:
    """A row as staff write it. None for category or grid means any.

    `assists` are department ids; None among them stands for the town the place lies in.
    """

    category_id: int | None
    grid_id: int | None
    lead_department_id: int
    assists: Sequence[int | None] = ()
    note: str | None = None


def save_rule(new: NewRule) -> RoutingRule:
    """Write the row for a category and a grid, over the one that was there.

    Raises InvalidFieldsError when the lead is unknown.
    """
    lead = department_by_id(new.lead_department_id)
    if lead is None:
        raise InvalidFieldsError.one("lead", "unknown", N_("主办单位不存在"))
    rule = routing_rule(new.category_id, new.grid_id)
    if rule is None:
        rule = RoutingRule(category_id=new.category_id, grid_id=new.grid_id)
        db.session.add(rule)
    rule.lead, rule.note = lead, new.note
    # Positions are part of the key: the old rows must be gone before new ones take their place.
    rule.assists.clear()
    db.session.flush()
    rule.assists.extend(
        RoutingAssist(
            position=position,
            kind=AssistKind.TOWN if department_id is None else AssistKind.DEPARTMENT,
            department_id=department_id,
        )
        for position, department_id in enumerate(dict.fromkeys(new.assists))
    )
    db.session.flush()
    return rule


def delete_rule(rule: RoutingRule) -> None:
    """Take a row out of the table; reports dispatched by it stay where they are."""
    db.session.delete(rule)
    db.session.flush()


def seed_routing() -> int:
    """Write the typical rows into an empty table, as far as their categories and leads exist.

    A table with rows is left alone, so that what staff deleted stays deleted. Returns how many
    were added.
    """
    if routing_rules():
        return 0
    return sum(_seed_row(row) for row in TYPICAL)


def _seed_row(row: NewRouting) -> bool:
    """Write one typical row; whether it was new and its lead exists."""
    category = category_by_code(row.category) if row.category else None
    lead = department_by_code(row.lead)
    if lead is None or (row.category and category is None):
        return False
    category_id = category.id if category else None
    assists: list[int | None] = []
    for code in row.assists:
        department: Department | None = None if code == TOWN else department_by_code(code)
        if code == TOWN:
            assists.append(None)
        elif department is not None:
            assists.append(department.id)
    save_rule(NewRule(category_id, None, lead.id, assists, row.note))
    return True
