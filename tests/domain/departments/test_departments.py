"""The list of departments."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.departments.models import DepartmentKind
from portal.domain.departments.queries import (
    department_by_code,
    department_by_id,
    departments,
    departments_by_ids,
)
from portal.domain.departments.seed import BUREAUS, NewDepartment
from portal.domain.departments.services import save_department, seed_departments

pytestmark = pytest.mark.engine


def test_seeding_twice_keeps_what_staff_changed(session: scoped_session[Session]) -> None:
    seed_departments()
    save_department(NewDepartment("cg", "城市管理局", "City Management", phone="0716-1234567"))
    found = {row.code: row for row in seed_departments()}
    assert list(found) == [new.code for new in BUREAUS]
    assert (found["cg"].name_zh, found["cg"].phone) == ("城市管理局", "0716-1234567")


def test_departments_are_found_by_code_kind_and_id(session: scoped_session[Session]) -> None:
    seed_departments()
    town = save_department(
        NewDepartment("zhen-01", "东河镇", "Donghe Town", DepartmentKind.TOWN), position=20
    )
    assert departments(DepartmentKind.TOWN) == [town]
    assert [row.code for row in departments()] == [*(new.code for new in BUREAUS), "zhen-01"]
    assert department_by_code("zhen-01") is town
    assert department_by_code("nobody") is None
    assert department_by_id(town.id) is town
    assert departments_by_ids([town.id]) == {town.id: town}
    assert town.kind.label == "镇街"
