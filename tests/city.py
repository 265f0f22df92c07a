"""The least each test needs: a city, its people, photos and filings, through the services.

Everything that writes opens its own transaction unless one is open (`writing()`). Tests import
these names from tests.factories.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from PIL import Image
from sqlalchemy import select

from portal.core.db import db, transaction
from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.accounts.models import Posting, User
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import actor_of
from portal.domain.calendar.services import seed_calendar
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_by_code
from portal.domain.categories.services import seed_categories
from portal.domain.deadlines.services import seed_rules
from portal.domain.departments.models import Department, DepartmentKind
from portal.domain.departments.queries import department_by_code
from portal.domain.departments.seed import NewDepartment
from portal.domain.departments.services import save_department, seed_departments
from portal.domain.grids.models import Grid, GridLevel
from portal.domain.grids.queries import grid_by_code
from portal.domain.grids.services import GridRow, save_grid
from portal.domain.reports.filing import Filed, NewReport, Place, file_report
from portal.domain.reports.models import Photo, PhotoKind, Report
from portal.domain.reports.photos import receive_photo, store_original
from portal.domain.reports.vault import Contact
from portal.domain.routing.services import seed_routing
from tests.replay import Seed

_serial = count(1)


def square(lat: float, lng: float, side: float) -> str:
    """A square as GeoJSON text, its south-west corner at lat, lng."""
    north, east = round(lat + side, 6), round(lng + side, 6)
    ring = [[lng, lat], [east, lat], [east, north], [lng, north], [lng, lat]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def make_department(
    code: str = "", kind: DepartmentKind = DepartmentKind.BUREAU, name_zh: str = ""
) -> Department:
    """A department; the one with this code when it exists."""
    code = code or f"dept{next(_serial)}"
    found = department_by_code(code)
    return found or save_department(NewDepartment(code, name_zh or f"单位{code}", code, kind))


def make_grid(
    code: str,
    *,
    polygon: str | None = None,
    name_zh: str = "",
    department: str | None = None,
) -> Grid:
    """A grid whose level and parent follow from its 区划代码 of 6, 9 or 12 digits."""
    level = {6: GridLevel.COUNTY, 9: GridLevel.TOWN, 12: GridLevel.VILLAGE}[len(code)]
    parent = code[:-3] if len(code) > 6 else None
    return save_grid(
        GridRow(
            code=code,
            level=level,
            name_zh=name_zh or f"网格{code}",
            name_en=f"Grid {code}",
            parent=parent,
            polygon=polygon,
            department=department,
        )
    )


def make_city() -> dict[str, Grid]:
    """A county of two towns, the first with two villages, by code; 30.4, 112.4 is in a village."""
    outlines = {
        "999901": square(30.2, 112.2, 0.8),
        "999901001": square(30.2, 112.2, 0.4),
        "999901002": square(30.6, 112.6, 0.4),
        "999901001001": square(30.35, 112.35, 0.1),
        "999901001002": square(30.45, 112.45, 0.1),
    }
    return {code: make_grid(code, polygon=outline) for code, outline in outlines.items()}


def make_category(code: str = "air.odor") -> Category:
    """A category of the seed."""
    found = category_by_code(code)
    if found is None:
        seed_categories()
        found = category_by_code(code)
    assert found is not None, code
    return found


# --- a city, its people, and reports that went through their workflow -----------------------------

START = datetime(2026, 3, 9, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in the city
LEAD = "sthj"
PASSWORD = "a-long-test-password"
TOWN, VILLAGE, OTHER_VILLAGE = "999901001", "999901001001", "999901001002"
OF_A_DEPARTMENT = frozenset({Role.CLERK, Role.HEAD})


@contextmanager
def writing() -> Iterator[None]:
    """A transaction, or the one that is open already."""
    if db.session().info.get("portal_writing"):
        yield
        return
    with transaction():
        yield


def city() -> dict[str, Grid]:
    """Everything a report needs: departments, categories, calendar, terms, grids, routing.

    Returns the grids by code; 30.4 N 112.4 E lies in village 999901001001 of town 999901001.
    """
    with writing():
        _CITY.sow()
        return {found.code: found for found in db.session.scalars(select(Grid))}


def _make_whole_city() -> None:
    seed_departments()
    seed_categories()
    seed_calendar()
    seed_rules()
    grids = make_city()
    make_department("zhen-01", DepartmentKind.TOWN, "东河镇")
    make_grid(TOWN, polygon=grids[TOWN].polygon, department="zhen-01", name_zh="东河镇")
    seed_routing()


_CITY = Seed(_make_whole_city)


def grid(code: str = VILLAGE) -> Grid:
    """A grid of the city."""
    found = grid_by_code(code)
    assert found is not None, code
    return found


@cache
def _password_hash() -> str:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def user(*roles: Role, department: str = "", grid_code: str = "", username: str = "") -> User:
    """A member of staff with these roles and the password PASSWORD; made when there is none yet.

    Without a username they are called as in the demo: triage, clerk-sthj, grid-999901001.
    """
    role = roles[0]
    place = department or (LEAD if OF_A_DEPARTMENT & set(roles) else "")
    officer = grid_code or (TOWN if Role.GRID in roles else "")
    name = username or "-".join(part for part in (role, place or officer) if part)
    found = user_by_name(name)
    if found is not None:
        return found
    with writing():
        postings = [
            Posting(
                role=each,
                department_id=make_department(place).id if place else None,
                grid_id=grid(officer).id if each is Role.GRID else None,
            )
            for each in roles
        ]
        # The row itself, not add_user: a hash that deserves the name costs 30 ms a person.
        made = User(
            username=name,
            display_name=f"测试{name}",
            password_hash=_password_hash(),
            created_at=START,
            postings=postings,
        )
        db.session.add(made)
        db.session.flush()
    return made


def staff(*roles: Role, department: str = "", grid_code: str = "", username: str = "") -> Actor:
    """The actor of `user(...)`."""
    return actor_of(user(*roles, department=department, grid_code=grid_code, username=username))


def jpeg(width: int = 64, height: int = 48, exif: Image.Exif | None = None) -> bytes:
    """A small picture that differs from every other one."""
    buffer = io.BytesIO()
    picture = Image.new("RGB", (width, height), (next(_serial) % 256, 90, 120))
    picture.save(buffer, "JPEG", **({"exif": exif} if exif is not None else {}))
    return buffer.getvalue()


def photo(
    data: bytes | None = None,
    kind: PhotoKind = PhotoKind.EVIDENCE,
    *,
    by: Actor = REPORTER,
    at: datetime = START,
) -> Photo:
    """A photo that arrived, not yet part of a report and not yet processed."""
    stored = store_original(io.BytesIO(data or jpeg()), "jpeg")
    with writing():
        return receive_photo(stored, kind, by=by, at=at)


def file_full(
    category: str = "air.odor",
    description: str = "河边作坊夜里排放刺鼻气味，开窗睡不着。",
    *,
    contact: Contact | None = None,
    photos: Sequence[Photo] = (),
    place: Place | None = None,
    by: Actor = REPORTER,
    at: datetime = START,
    **more: Any,
) -> Filed:
    """File a report in the city's first village; `more` goes into NewReport. Returns the codes."""
    with writing():
        where = place or Place(30.4, 112.4, 30.4, 112.4, "wgs84", "pin", 10.0, "河堤路9号", grid())
        new = NewReport(
            categories=[make_category(category)],
            description=description,
            place=where,
            contact=contact or Contact(),
            photos=photos,
            **more,
        )
        return file_report(new, by=by, at=at)


def file(category: str = "air.odor", **more: Any) -> Report:
    """File a report; see `file_full`."""
    return file_full(category, **more).report
