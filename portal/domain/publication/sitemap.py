"""The public cases by spans of their keys, for the map of the site: no offset, however many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.publication.models import PublicCase

SPAN = 10_000  # keys to a page; the format takes 50,000 addresses


@dataclass(frozen=True)
class MapPage:
    """A page of the map: which span of keys, and when anything on it last changed."""

    span: int
    changed_at: datetime


@dataclass(frozen=True)
class MapLine:
    """One case on the map."""

    number: str
    changed_at: datetime


def map_pages() -> Sequence[MapPage]:
    """Every span that has a case, in order."""
    span = PublicCase.report_id // SPAN
    query = select(span, func.max(PublicCase.updated_at)).group_by(span).order_by(span)
    return [MapPage(int(number), at) for number, at in db.session.execute(query)]


def map_lines(span: int) -> Sequence[MapLine]:
    """The cases of one span, in order."""
    row = PublicCase.report_id
    query = (
        select(PublicCase.number, PublicCase.updated_at)
        .where(row >= span * SPAN, row < (span + 1) * SPAN)
        .order_by(row)
    )
    return [MapLine(number, at) for number, at in db.session.execute(query)]
