"""The cases beside one in a list, in the order of that list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, or_, select

from portal.core.db import db
from portal.domain.publication.conditions import (
    PublicFilter,
    Sort,
    conditions,
    cursor_behind,
    ordered,
)
from portal.domain.publication.models import PublicCase


@dataclass(frozen=True)
class Neighbours:
    """The numbers of the case before and the case after; empty at the ends of the list."""

    before: str
    after: str


def neighbours(case: PublicCase, wanted: PublicFilter, at: datetime) -> Neighbours:
    """Who stands beside `case` among those `wanted`; two look-ups by key, however long the list.

    A case that has left the list since still has its place in the order, so the way on is kept.
    """
    if wanted.sort == Sort.DAYS and case.days is None:
        return Neighbours("", "")
    here = replace(wanted, after=cursor_behind(case, wanted.sort))
    fitting = select(PublicCase).where(*conditions(wanted, at, in_order=True))
    return Neighbours(_first(_backwards(fitting, case, wanted)), _first(ordered(fitting, here)))


def _backwards(
    fitting: Select[PublicCase], case: PublicCase, wanted: PublicFilter
) -> Select[PublicCase]:
    """The list from `case` towards its beginning."""
    row = PublicCase.report_id
    if wanted.sort == Sort.DAYS:
        days = PublicCase.days
        behind = fitting.where(days >= case.days, or_(days > case.days, row > case.report_id))
        return behind.order_by(PublicCase.days, row)
    turned = Sort.NEW if wanted.sort == Sort.OLD else Sort.OLD
    return ordered(fitting, replace(wanted, sort=turned, after=cursor_behind(case, turned)))


def _first(query: Select[PublicCase]) -> str:
    return db.session.scalar(query.with_only_columns(PublicCase.number).limit(1)) or ""
