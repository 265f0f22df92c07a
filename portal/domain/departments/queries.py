"""Finding departments."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import db
from portal.domain.departments.models import Department, DepartmentKind


def department_by_id(department_id: int) -> Department | None:
    """The department with this id."""
    return db.session.get(Department, department_id)


def department_by_code(code: str) -> Department | None:
    """The department with this code, such as `sthj`."""
    return db.session.scalar(select(Department).where(Department.code == code))


def departments(kind: DepartmentKind | None = None) -> list[Department]:
    """All departments, or those of one kind, in the order of lists."""
    query = select(Department).order_by(Department.position, Department.code)
    if kind is not None:
        query = query.where(Department.kind == kind)
    return list(db.session.scalars(query))


def departments_by_ids(ids: Collection[int]) -> dict[int, Department]:
    """The departments with these ids, by id."""
    rows = db.session.scalars(select(Department).where(Department.id.in_(ids)))
    return {row.id: row for row in rows}
