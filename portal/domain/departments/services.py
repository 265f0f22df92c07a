"""Filling the list of departments."""

from __future__ import annotations

from portal.core.db import db
from portal.domain.departments.models import Department
from portal.domain.departments.queries import department_by_code
from portal.domain.departments.seed import BUREAUS, NewDepartment


def save_department(new: NewDepartment, position: int = 0) -> Department:
    """Add the department, or give the one with this code these names, kind, phone and place."""
    department = department_by_code(new.code)
    if department is None:
        department = Department(code=new.code)
        db.session.add(department)
    department.name_zh, department.name_en, department.kind = new.name_zh, new.name_en, new.kind
    department.phone, department.grid_id, department.position = new.phone, new.grid_id, position
    db.session.flush()
    return department


def seed_departments() -> list[Department]:
    """Add the usual bureaus of a county-level city that are missing; those present stay as is."""
    for position, new in enumerate(BUREAUS, start=1):
        if department_by_code(new.code) is None:
            save_department(new, position)
    return [found for new in BUREAUS if (found := department_by_code(new.code)) is not None]
