"""Settling the demo city: departments, grids, people, routing. Repeating it changes nothing."""

from __future__ import annotations

from portal.cli.demo.city import TOWNS, Place, places
from portal.cli.demo.people import PASSWORD, DemoUser, demo_users
from portal.core.clock import local, now
from portal.core.db import transaction
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import NewUser, actor_of, add_user
from portal.domain.calendar.services import seed_calendar
from portal.domain.categories.services import seed_categories
from portal.domain.deadlines.services import seed_rules
from portal.domain.departments.models import DepartmentKind
from portal.domain.departments.queries import department_by_code
from portal.domain.departments.seed import BUREAUS, NewDepartment
from portal.domain.departments.services import save_department, seed_departments
from portal.domain.figures.models import Kind
from portal.domain.figures.scorecard import seed_weights
from portal.domain.figures.targets import NewTarget, set_target, target_history
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grid_by_code
from portal.domain.grids.services import GridRow, import_grids
from portal.domain.routing.services import seed_routing
from portal.domain.triage.texts import seed_texts


def settle_city() -> int:
    """Add what is missing of the city; returns how many users were added."""
    with transaction():
        seed_departments()
        seed_categories()
        seed_calendar()
        seed_rules()
        if grid_by_code(places()[-1].code) is None:
            _save_land()
        seed_routing()
        seed_weights(now())
        seed_texts(now())
    added = sum(_settle(user) for user in demo_users())
    _set_targets()
    return added


_TARGETS = {"resolve_on_time": 90.0, "sign_on_time": 95.0, "median_days": 12.0, "rework_rate": 8.0}


def _set_targets() -> None:
    """This year's targets of the city, and a stricter one for one bureau."""
    supervisor, at = user_by_name("supervisor"), now()
    with transaction():
        bureau = department_by_code("cg")
        if supervisor is None or bureau is None or target_history(local(at).year):
            return
        by, year = actor_of(supervisor), local(at).year
        for figure, value in _TARGETS.items():
            set_target(NewTarget(year, Kind.CITY, 0, figure, value, "年度目标责任书"), by=by, at=at)
        stricter = NewTarget(year, Kind.DEPARTMENT, bureau.id, "resolve_on_time", 95.0, "重点单位")
        set_target(stricter, by=by, at=at)


def _save_land() -> None:
    """Towns' offices and grids name each other: offices first, their land last."""
    offices = [_office(number, None) for number in range(1, len(TOWNS) + 1)]
    for number, office in enumerate(offices, 1):
        save_department(office, len(BUREAUS) + number)
    import_grids(_row(place) for place in places())
    for number in range(1, len(TOWNS) + 1):
        town = grid_by_code(f"999901{number:03}")
        save_department(_office(number, town.id if town else None), len(BUREAUS) + number)


def _office(number: int, grid_id: int | None) -> NewDepartment:
    """A town's office: 石桥镇 has 石桥镇政府, a subdistrict its own 办事处."""
    plan = TOWNS[number - 1]
    seat = "办事处" if plan.zh.endswith("街道") else "政府"
    return NewDepartment(
        f"zhen-{number:02}",
        f"{plan.zh}{seat}",
        f"{plan.en} Office",
        DepartmentKind.TOWN,
        f"0999-55{number:02}00",
        grid_id,
    )


def _row(place: Place) -> GridRow:
    return GridRow(
        code=place.code,
        level=GridLevel(place.level),
        name_zh=place.zh,
        name_en=place.en,
        parent=place.parent,
        polygon=place.geojson(),
        owner_name=place.owner,
        phone=place.phone,
        department=place.department,
        inhabitants=place.inhabitants,
    )


def _settle(user: DemoUser) -> bool:
    """Add one login unless it exists; one short transaction each, for hashing takes its time."""
    if user_by_name(user.username) is not None:
        return False
    department = department_by_code(user.department) if user.department else None
    grid = grid_by_code(user.grid) if user.grid else None
    new = NewUser(
        user.username,
        user.name,
        PASSWORD,
        [user.role],
        department.id if department else None,
        grid.id if grid else None,
    )
    with transaction():
        add_user(new, now())
    return True
