"""What programs take from the public list: by Open311's arguments, page by page.

Reads the public rows alone. A public row keeps the day a case came in, not the hour: it counts as
received at the beginning of that day, in the city's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, radians

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, or_, select, union_all
from sqlalchemy.orm import aliased, defaultload

from portal.core.clock import local, zone
from portal.core.db import db
from portal.core.geo import Box, Point
from portal.core.search import PUBLIC
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.publication.conditions import OPEN
from portal.domain.publication.merged import MergedCase, as_told
from portal.domain.publication.models import PublicCase, PublicMerged, PublicUpdate

MOST_ROWS = 1000
_METRES_PER_DEGREE = 111_320.0
_FEW = 5_000
_WITHOUT_POLYGONS = (
    defaultload(PublicCase.town).defer(Grid.polygon),
    defaultload(PublicCase.village).defer(Grid.polygon),
)


@dataclass(frozen=True)
class Circle:
    """All within `radius_m` metres of a point."""

    centre: Point
    radius_m: float


@dataclass(frozen=True)
class Harvest:
    """Which cases; what is None or empty does not narrow. Moments are inclusive.

    `numbers` overrides everything but the page.
    """

    numbers: Sequence[str] | None = None
    categories: Sequence[str] = ()
    statuses: frozenset[str] = frozenset()  # open, closed
    from_at: datetime | None = None
    to_at: datetime | None = None
    changed_from: datetime | None = None
    changed_to: datetime | None = None
    box: Box | None = None
    circle: Circle | None = None
    words: str = ""
    page: int = 1
    size: int = MOST_ROWS


def received_at(received_on: date) -> datetime:
    """When the day began on which a case came in, in the city's time."""
    return datetime.combine(received_on, time(), zone())


def harvested(wanted: Harvest) -> list[PublicCase]:
    """The cases of one page, newest first; the order is stable."""
    query = select(PublicCase).where(*_conditions(wanted))
    return list(db.session.scalars(_paged(query, wanted)))


@dataclass(frozen=True)
class Steps:
    """Which steps became public: between two moments, of all cases or of those `numbers`."""

    from_at: datetime
    to_at: datetime
    numbers: Sequence[str] | None = None
    page: int = 1
    size: int = MOST_ROWS


def public_steps(wanted: Steps) -> list[tuple[PublicUpdate, PublicCase | MergedCase]]:
    """The steps of one page, oldest first, each with its case as it is now."""
    main = aliased(PublicCase)
    query = (
        select(PublicUpdate, PublicCase, PublicMerged, main.number)
        .outerjoin(PublicCase, PublicCase.report_id == PublicUpdate.report_id)
        .outerjoin(PublicMerged, PublicMerged.report_id == PublicUpdate.report_id)
        .outerjoin(main, main.report_id == PublicMerged.main_id)
        .where(PublicUpdate.at.between(wanted.from_at, wanted.to_at))
        .order_by(PublicUpdate.at, PublicUpdate.id)
        .offset((wanted.page - 1) * wanted.size)
        .limit(wanted.size)
        .options(*_WITHOUT_POLYGONS, defaultload(PublicMerged.town).defer(Grid.polygon))
    )
    if wanted.numbers is not None:
        query = query.where(PublicUpdate.report_id.in_(_numbered(wanted.numbers)))
    found = db.session.execute(query)
    return [(step, _either(case, merged, number)) for step, case, merged, number in found]


def _either(
    case: PublicCase | None, merged: PublicMerged, main_number: str | None
) -> PublicCase | MergedCase:
    return as_told(merged, main_number) if case is None else case


def _numbered(numbers: Sequence[str]) -> CompoundSelect[tuple[int]]:
    tables = (PublicCase, PublicMerged)
    return union_all(*(select(row.report_id).where(row.number.in_(numbers)) for row in tables))


def _paged(query: Select[PublicCase], wanted: Harvest) -> Select[PublicCase]:
    return (
        query.order_by(PublicCase.received_on.desc(), PublicCase.report_id.desc())
        .offset((wanted.page - 1) * wanted.size)
        .limit(wanted.size)
        .options(*_WITHOUT_POLYGONS)
    )


def _conditions(wanted: Harvest) -> list[ColumnElement[bool]]:
    if wanted.numbers is not None:
        return [PublicCase.number.in_(wanted.numbers)]
    found = [*_received(wanted), *_changed(wanted), *_placed(wanted)]
    if wanted.categories:
        ids = select(Category.id).where(Category.code.in_(wanted.categories))
        tops = {code.partition(".")[0] for code in wanted.categories}
        found += [PublicCase.category_code.in_(sorted(tops)), PublicCase.category_id.in_(ids)]
    if wanted.statuses:
        found.append(or_(*(_STANDING[status] for status in sorted(wanted.statuses))))
    if wanted.words:
        found.append(PUBLIC.has_in_order(wanted.words, PublicCase.report_id))
    return found


_STANDING: dict[str, ColumnElement[bool]] = {
    "open": PublicCase.state.in_(sorted(OPEN)),
    "closed": PublicCase.days.is_not(None),
}


def _received(wanted: Harvest) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.from_at:
        start = local(wanted.from_at)
        begun = start.time() != time()  # that day began before
        found.append(PublicCase.received_on >= start.date() + timedelta(days=begun))
    if wanted.to_at:
        found.append(PublicCase.received_on <= local(wanted.to_at).date())
    return found


def _changed(wanted: Harvest) -> list[ColumnElement[bool]]:
    """When few changed, by their ids: SQLite would go down the list's own index for them all."""
    found = _changed_between(wanted)
    if not found:
        return []
    changed = select(PublicCase.report_id).where(*found)
    some = changed.limit(_FEW).subquery()
    if (db.session.scalar(select(func.count()).select_from(some)) or 0) == _FEW:
        return found
    return [PublicCase.report_id.in_(changed)]


def _changed_between(wanted: Harvest) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.changed_from:
        found.append(PublicCase.modified_at >= wanted.changed_from)
    if wanted.changed_to:
        found.append(PublicCase.modified_at <= wanted.changed_to)
    return found


def _placed(wanted: Harvest) -> list[ColumnElement[bool]]:
    """By the public point, as coarse as it is: no search tells more than the row does."""
    found: list[ColumnElement[bool]] = []
    if wanted.box:
        found.append(_inside(wanted.box))
    if wanted.circle:
        found.append(_around(wanted.circle))
    return found


def _inside(box: Box) -> ColumnElement[bool]:
    return and_(
        PublicCase.lat.between(box.min_lat, box.max_lat),
        PublicCase.lng.between(box.min_lng, box.max_lng),
    )


def _around(circle: Circle) -> ColumnElement[bool]:
    """On the plane that touches the centre: exact enough for the few kilometres asked for."""
    (lat, lng), radius = circle.centre, circle.radius_m
    narrow = max(0.01, cos(radians(lat)))
    high, wide = radius / _METRES_PER_DEGREE, radius / _METRES_PER_DEGREE / narrow
    north = (PublicCase.lat - lat) * _METRES_PER_DEGREE
    east = (PublicCase.lng - lng) * (_METRES_PER_DEGREE * narrow)
    square = Box(lat - high, lng - wide, lat + high, lng + wide)
    return and_(_inside(square), north * north + east * east <= radius * radius)
