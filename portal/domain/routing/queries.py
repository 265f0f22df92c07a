"""What the routing table says of a place and a kind of pollution."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.categories.queries import top_of
from portal.domain.departments.models import Department
from portal.domain.departments.queries import department_by_id
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import path_of, town_of
from portal.domain.routing.models import AssistKind, RoutingRule
from portal.domain.routing.precedence import most_specific

_REASON = N_("按“%(category)s · %(grid)s”的分派规则，由%(lead)s主办")
_REASON_ASSISTED = N_("按“%(category)s · %(grid)s”的分派规则，由%(lead)s主办，%(assists)s协办")
ANY_CATEGORY = N_("全部类型")
ANY_GRID = N_("全市")


@dataclass(frozen=True)
class Suggestion:
    """Who should handle a report, and why: advice that triage may change."""

    lead: Department
    assists: tuple[Department, ...]
    rule_id: int
    category: Category | None  # what the rule is for; None stands for "any"
    grid: Grid | None

    @property
    def reason_pattern(self) -> str:
        """The sentence for gettext, with the names of category, grid, lead and assists."""
        return _REASON_ASSISTED if self.assists else _REASON

    @property
    def reason(self) -> str:
        """The sentence in Chinese."""
        return self.reason_pattern % {
            "category": self.category.name_zh if self.category else ANY_CATEGORY,
            "grid": self.grid.name_zh if self.grid else ANY_GRID,
            "lead": self.lead.name_zh,
            "assists": "、".join(d.name_zh for d in self.assists),
        }


def suggest(
    category: Category,
    grid: Grid | None,
    *,
    accused_ids: Collection[int] = (),
    rules: Collection[RoutingRule] | None = None,
) -> Suggestion | None:
    """What the most specific rule says; None when no rule fits.

    A department that is itself accused neither leads nor assists: the next rule is asked instead.
    `rules` is the whole table, where it was read already for many reports.
    """
    category_path = [top_of(category).id, *(() if category.is_top else (category.id,))]
    grid_path = [step.id for step in path_of(grid)] if grid else []
    asked = _fitting(category_path, grid_path) if rules is None else rules
    open_rules = [rule for rule in asked if rule.lead_department_id not in accused_ids]
    rule = most_specific(open_rules, category_path, grid_path)
    if rule is None:
        return None
    assists = tuple(d for d in _assists(rule, grid) if d.id not in accused_ids)
    return Suggestion(rule.lead, assists, rule.id, rule.category, rule.grid)


def _fitting(category_path: Collection[int], grid_path: Collection[int]) -> list[RoutingRule]:
    query = select(RoutingRule).where(
        or_(RoutingRule.category_id.is_(None), RoutingRule.category_id.in_(category_path)),
        or_(RoutingRule.grid_id.is_(None), RoutingRule.grid_id.in_(grid_path)),
    )
    return list(db.session.scalars(query))


def routing_rules() -> list[RoutingRule]:
    """The whole table, in the order it was written."""
    return list(db.session.scalars(select(RoutingRule).order_by(RoutingRule.id)))


def routing_rule(category_id: int | None, grid_id: int | None) -> RoutingRule | None:
    """The rule for exactly this category and grid; None stands for "any"."""
    return db.session.scalar(
        select(RoutingRule)
        .where(
            RoutingRule.category_id == category_id
            if category_id is not None
            else RoutingRule.category_id.is_(None),
            RoutingRule.grid_id == grid_id
            if grid_id is not None
            else RoutingRule.grid_id.is_(None),
        )
        .order_by(RoutingRule.id)
    )


def _assists(rule: RoutingRule, grid: Grid | None) -> list[Department]:
    """The departments that assist, once each and without the lead."""
    town = town_of(grid) if grid else None
    found: dict[int, Department] = {}
    for assist in rule.assists:
        department = assist.department
        if assist.kind is AssistKind.TOWN and town is not None and town.department_id is not None:
            department = department_by_id(town.department_id)
        if department is not None and department.id != rule.lead_department_id:
            found[department.id] = department
    return list(found.values())
