"""Every public case of a filter, however many: read by key, a thousand at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.domain.publication.conditions import (
    Case,
    PublicFilter,
    conditions,
    cursor_behind,
    ordered,
)
from portal.domain.publication.models import PublicCase
from portal.domain.timeline.models import TimelineEvent

AT_ONCE = 1_000
_COLUMNS = (
    PublicCase.report_id, PublicCase.number, PublicCase.level, PublicCase.state,
    PublicCase.category_code, PublicCase.category_id, PublicCase.town_id, PublicCase.village_id,
    PublicCase.department_id, PublicCase.received_on, PublicCase.closed_on, PublicCase.days,
    PublicCase.is_reopened, PublicCase.look_back, PublicCase.looked_back_on, PublicCase.verdict,
    PublicCase.text, PublicCase.measures, PublicCase.lat, PublicCase.lng, PublicCase.photos,
    PublicCase.published_at, PublicCase.updated_at,
)  # fmt: skip


def some_cases(
    wanted: PublicFilter, at: datetime, most: int = 0
) -> tuple[Sequence[Case], PublicFilter | None]:
    """The first `most` cases in the order of the list, and the filter that goes on behind them.

    `most` is AT_ONCE unless said. Whoever reads on holds nothing meanwhile: cases
    that vanish are left out, and none comes twice.
    """
    most = most or AT_ONCE
    query = select(*_COLUMNS).where(*conditions(wanted, at, in_order=True))
    rows = db.session.execute(ordered(query, wanted).limit(most + 1)).all()
    if len(rows) <= most:
        return rows, None
    rows = rows[:most]
    return rows, replace(wanted, after=cursor_behind(rows[-1], wanted.sort))


def one_case(number: str) -> Case | None:
    """A case by its number in full."""
    return db.session.execute(select(*_COLUMNS).where(PublicCase.number == number)).first()


def latest_changes(wanted: PublicFilter, at: datetime, limit: int) -> list[Case]:
    """The cases of a filter whose public row changed last, the newest change first."""
    query = select(*_COLUMNS).where(*conditions(wanted, at))
    query = query.order_by(PublicCase.updated_at.desc(), PublicCase.report_id.desc())
    return list(db.session.execute(query.limit(limit)).all())


def last_event_at() -> datetime | None:
    """When the newest event of all happened: nothing public is newer, once it is delivered."""
    return db.session.scalar(select(TimelineEvent.at).order_by(TimelineEvent.id.desc()).limit(1))
