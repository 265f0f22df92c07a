"""Reading what is public. Nothing here touches a table with private columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import defaultload

from portal.core.db import db
from portal.core.glance import Glance
from portal.core.ids import read_number
from portal.domain.grids.models import Grid
from portal.domain.publication.conditions import (
    PublicFilter,
    conditions,
    cursor_behind,
    is_overdue,
    ordered,
)
from portal.domain.publication.map_filters import narrow_count, standing_count
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import Support
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent

PAGE = 20
MOST_COUNTED = 10_000
# A pair is looked for among the newest so many: older ones would not be news.
_PAIRS_AMONG = 24
# Lists name the place; its polygon would be most of what is read.
_WITHOUT_POLYGONS = (
    defaultload(PublicCase.town).defer(Grid.polygon),
    defaultload(PublicCase.village).defer(Grid.polygon),
)

__all__ = [
    "MOST_COUNTED",
    "PAGE",
    "PublicFilter",
    "PublicPage",
    "case_version",
    "content_version",
    "exact_case_count",
    "latest_published",
    "overdue_cases",
    "public_case",
    "public_case_count",
    "public_cases",
    "public_cases_among",
    "related_cases",
]


@dataclass(frozen=True)
class PublicPage:
    """One page of cases and the cursor behind it (empty on the last page)."""

    cases: Sequence[PublicCase]
    after: str


def public_cases(wanted: PublicFilter, at: datetime) -> PublicPage:
    """A page of PAGE cases by cursor."""
    fitting = select(PublicCase).where(*conditions(wanted, at, in_order=True))
    query = ordered(fitting, wanted)
    rows = list(db.session.scalars(query.limit(PAGE + 1).options(*_WITHOUT_POLYGONS)))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PublicPage(rows, cursor_behind(rows[-1], wanted.sort) if more else "")


def public_case_count(wanted: PublicFilter, at: datetime) -> int:
    """How many cases fit, by the map's sums; else up to MOST_COUNTED + 1: that one means "more"."""
    standing = standing_count(wanted)
    if standing is not None:
        return standing
    narrow = narrow_count(wanted, MOST_COUNTED + 1)
    if narrow is not None:
        return narrow
    some = select(PublicCase.report_id).where(*conditions(wanted, at)).limit(MOST_COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def exact_case_count(wanted: PublicFilter, at: datetime) -> int:
    """How many cases fit, all of them: for lists that are short, or read rarely."""
    query = select(func.count()).select_from(PublicCase).where(*conditions(wanted, at))
    return db.session.scalar(query) or 0


def public_case(number: str) -> PublicCase | None:
    """One case by the number somebody typed."""
    normal = read_number(number)
    if normal is None:
        return None
    query = select(PublicCase).where(PublicCase.number == normal)
    return db.session.scalar(query.options(*_WITHOUT_POLYGONS))


def public_cases_among(report_ids: Collection[int]) -> list[PublicCase]:
    """Those of `report_ids` that the public may see, on whatever level; one statement."""
    query = select(PublicCase).where(PublicCase.report_id.in_(report_ids))
    return list(db.session.scalars(query.options(*_WITHOUT_POLYGONS)))


def latest_published(limit: int) -> list[PublicCase]:
    """The newest published cases that are not being done again, with a before/after pair first."""
    query = (
        select(PublicCase)
        .where(PublicCase.level == PublicLevel.PUBLISHED, PublicCase.is_reopened.is_(False))
        .order_by(PublicCase.published_at.desc(), PublicCase.report_id.desc())
        .limit(max(limit, _PAIRS_AMONG))
        .options(*_WITHOUT_POLYGONS)
    )
    rows = list(db.session.scalars(query))
    rows.sort(key=lambda c: not (c.before and c.after))
    return rows[:limit]


def overdue_cases(limit: int, at: datetime) -> list[PublicCase]:
    """What is late now, the latest of all first."""
    query = select(PublicCase).where(is_overdue(at)).order_by(PublicCase.due_at).limit(limit)
    return list(db.session.scalars(query.options(*_WITHOUT_POLYGONS)))


def related_cases(case: PublicCase, limit: int) -> list[PublicCase]:
    """The newest other cases of the same level-1 category in the same town."""
    query = (
        select(PublicCase)
        .where(
            PublicCase.category_code == case.category_code,
            PublicCase.town_id == case.town_id,
            PublicCase.report_id != case.report_id,
        )
        .order_by(PublicCase.received_on.desc(), PublicCase.report_id.desc())
        .limit(limit)
        .options(*_WITHOUT_POLYGONS)
    )
    return list(db.session.scalars(query))


def content_version() -> str:
    """Changes whenever a public row may have changed; costs two index look-ups.

    Every change of a public row is a delivery of an event, committed together with its mark. For a
    given newest event the number of deliveries still owed only falls, so the two never come back.
    """
    newest, owed = _CONTENT.one()
    return f"{newest or 0}-{owed}"


def case_version(number: str) -> tuple[str, int]:
    """`content_version`, and how many phones said 我也遇到 of a published case."""
    newest, owed, supporters = _CASE.one(number=number)
    return f"{newest or 0}-{owed}", supporters


_owed = (
    select(func.count())
    .where(Delivery.state.in_((DeliveryState.PENDING, DeliveryState.CLAIMED)))
    .scalar_subquery()
)
_supporters = (
    select(func.count())
    .select_from(Support)
    .join(PublicCase, PublicCase.report_id == Support.report_id)
    .where(PublicCase.number == bindparam("number", ""), PublicCase.level == PublicLevel.PUBLISHED)
    .scalar_subquery()
)
_newest = func.max(TimelineEvent.id)
_CONTENT = Glance(select(_newest, _owed))
_CASE = Glance(select(_newest, _owed, _supporters))
