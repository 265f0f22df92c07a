"""Reading what is public. Nothing here touches a table with private columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select

from portal.core.db import db
from portal.core.ids import read_number
from portal.domain.publication.models import PublicCase, PublicLevel

PAGE = 20


@dataclass(frozen=True)
class PublicFilter:
    """The public filters of contracts.md; dates are local days, inclusive."""

    q: str = ""
    category: str = ""
    town_id: int | None = None
    department_id: int | None = None
    state: str = ""
    from_on: date | None = None
    to_on: date | None = None
    sort: str = "new"
    after: str = ""


@dataclass(frozen=True)
class PublicPage:
    """One page of cases and the cursor behind it."""

    cases: Sequence[PublicCase]
    after: str


def public_cases(wanted: PublicFilter) -> PublicPage:
    """A page of PAGE cases by cursor."""
    query = _sorted(select(PublicCase).where(*_conditions(wanted)), wanted)
    rows = list(db.session.scalars(query.limit(PAGE + 1)))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return PublicPage(rows, _cursor(rows[-1], wanted.sort) if more else "")


def public_case(number: str) -> PublicCase | None:
    """One case by the number somebody typed."""
    normal = read_number(number)
    if normal is None:
        return None
    return db.session.scalar(select(PublicCase).where(PublicCase.number == normal))


def latest_published(limit: int) -> list[PublicCase]:
    """The newest published cases that are not being done again, with a before/after pair first."""
    query = (
        select(PublicCase)
        .where(PublicCase.level == PublicLevel.PUBLISHED, PublicCase.is_reopened.is_(False))
        .order_by(PublicCase.published_at.desc())
        .limit(limit * 6)
    )
    rows = list(db.session.scalars(query))
    rows.sort(key=lambda c: not (c.before and c.after))
    return rows[:limit]


def _conditions(wanted: PublicFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.q.strip():
        found.append(_matches(wanted.q.strip()))
    if wanted.category:
        found.append(PublicCase.category_code == wanted.category.split(".")[0])
    if wanted.town_id is not None:
        found.append(PublicCase.town_id == wanted.town_id)
    if wanted.department_id is not None:
        found.append(PublicCase.department_id == wanted.department_id)
    if wanted.state:
        found.append(PublicCase.state == wanted.state)
    if wanted.from_on:
        found.append(PublicCase.received_on >= wanted.from_on)
    if wanted.to_on:
        found.append(PublicCase.received_on <= wanted.to_on)
    return found


def _matches(words: str) -> ColumnElement[bool]:
    number = read_number(words)
    if number:
        return PublicCase.number == number
    return or_(
        PublicCase.text.contains(words, autoescape=True),
        PublicCase.number.contains(words.upper(), autoescape=True),
    )


def _sorted(query: Select[PublicCase], wanted: PublicFilter) -> Select[PublicCase]:
    """Order, and start behind the cursor `<key>_<report id>`."""
    key, _, last = wanted.after.rpartition("_")
    day, row = PublicCase.received_on, PublicCase.report_id
    if wanted.sort == "days":
        query = query.where(PublicCase.days.is_not(None))
        if key.isdigit() and last.isdigit():
            behind = and_(PublicCase.days == int(key), row < int(last))
            query = query.where(or_(PublicCase.days < int(key), behind))
        return query.order_by(PublicCase.days.desc(), row.desc())
    start = _day(key)
    if wanted.sort == "old":
        if start and last.isdigit():
            query = query.where(or_(day > start, and_(day == start, row > int(last))))
        return query.order_by(day, row)
    if start and last.isdigit():
        query = query.where(or_(day < start, and_(day == start, row < int(last))))
    return query.order_by(day.desc(), row.desc())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cursor(case: PublicCase, sort: str) -> str:
    return f"{case.days if sort == 'days' else case.received_on.isoformat()}_{case.report_id}"
