"""Who sees which report. A foreign report does not exist for the caller: 404, never 403."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from portal.core.db import db
from portal.core.ids import read_number
from portal.domain.accounts.actor import Actor, ActorKind
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.models import Assignment
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.reports.models import AccusedDepartment, Report


@lru_cache(maxsize=512)
def is_visible(actor: Actor) -> ColumnElement[bool]:
    """The condition under which `actor` sees a report.

    Central roles see all; a department sees what is assigned to it, a grid officer what lies in
    its subtree; whoever sits in an accused department does not see the report at all.

    Each page of the desk asks for it a dozen times. What is kept is the condition, never who meets
    it: an actor with another posting is another one, and rows are read when the condition is used.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    seen = _granted(actor)
    if actor.department_id is None:
        return seen
    accused = exists().where(
        AccusedDepartment.report_id == Report.id,
        AccusedDepartment.department_id == actor.department_id,
    )
    return and_(seen, ~accused)


def _granted(actor: Actor) -> ColumnElement[bool]:
    if actor.kind is not ActorKind.STAFF:
        return false()
    if actor.may(Permission.SEE_ALL):
        return true()
    grants: list[ColumnElement[bool]] = []
    if actor.may(Permission.SEE_DEPARTMENT) and actor.department_id is not None:
        grants.append(
            Report.id.in_(
                select(Assignment.report_id).where(
                    Assignment.department_id == actor.department_id,
                    Assignment.closed_at.is_(None),
                )
            )
        )
    if actor.may(Permission.SEE_GRID) and actor.grid_id is not None:
        child, grandchild = aliased(Grid), aliased(Grid)
        subtree = (
            select(Grid.id)
            .where(Grid.id == actor.grid_id)
            .union(
                select(child.id).where(child.parent_id == actor.grid_id),
                select(grandchild.id)
                .join(child, grandchild.parent_id == child.id)
                .where(child.parent_id == actor.grid_id),
            )
        )
        grants.append(Report.grid_id.in_(subtree))
    return or_(false(), *grants)


def report_in_scope(actor: Actor, number: str) -> Report | None:
    """The report called `number` (as typed), if `actor` sees it."""
    normal = read_number(number)
    if normal is None:
        return None
    query = select(Report).where(Report.number == normal, is_visible(actor))
    return db.session.scalar(query.options(joinedload(Report.category, Category.parent)))


def reports_among(actor: Actor, numbers: Sequence[str]) -> list[Report]:
    """The reports called `numbers` that `actor` sees, in that order; one statement."""
    normal = [number for number in map(read_number, numbers) if number]
    query = select(Report).where(Report.number.in_(normal), is_visible(actor))
    found = {report.number: report for report in db.session.scalars(query)}
    return [found[number] for number in dict.fromkeys(normal) if number in found]


def visible_among(actor: Actor, report_ids: Collection[int]) -> frozenset[int]:
    """Those of `report_ids` that `actor` sees; at most one statement."""
    if not report_ids:
        return frozenset()
    query = select(Report.id).where(Report.id.in_(report_ids), is_visible(actor))
    return frozenset(db.session.scalars(query))


def visible_numbers(actor: Actor, numbers: Collection[str]) -> frozenset[str]:
    """Those of `numbers` whose reports `actor` sees; at most one statement."""
    if not numbers:
        return frozenset()
    query = select(Report.number).where(Report.number.in_(numbers), is_visible(actor))
    return frozenset(db.session.scalars(query))
