"""What the public is told of a case that was listed and then merged into another 并案.

Its number was public, so whoever kept it is told where the case went, as far as that one is public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import defaultload

from portal.core.clock import local
from portal.core.db import db
from portal.core.ids import read_number
from portal.domain.categories.models import Category
from portal.domain.categories.queries import top_of
from portal.domain.grids.models import Grid
from portal.domain.publication.models import (
    PublicCase,
    PublicLevel,
    PublicMerged,
    PublicUpdate,
)
from portal.domain.reports.models import Report
from portal.domain.reports.states import State


@dataclass(frozen=True)
class MergedCase:
    """Facts that were listed, and the case that goes on; `main_number` is None while that one is
    not public.
    """

    number: str
    category: Category
    town: Grid | None
    received_on: date
    merged_at: datetime
    main_number: str | None


def refresh_merged(report: Report) -> None:
    """Bring what is told of `report` as a merged one up to date: twice changes nothing.

    Cases that had been merged into it go on with it to the new main, as merging has them do.
    """
    if report.state != State.MERGED or report.accepted_at is None or report.main_id is None:
        db.session.execute(delete(PublicMerged).where(PublicMerged.report_id == report.id))
        return
    facts = _facts(report)
    row = db.session.get(PublicMerged, report.id)
    if row is None:
        row = PublicMerged(report_id=report.id, **facts)
        db.session.add_all((row, _step(report.id, row.merged_at)))
    for name, fact in facts.items():
        setattr(row, name, fact)
    db.session.flush()
    followed = PublicMerged.main_id == report.id
    db.session.execute(update(PublicMerged).where(followed).values(main_id=report.main_id))


def _facts(report: Report) -> dict[str, Any]:
    return {
        "number": report.number,
        "main_id": report.main_id,
        "category_id": top_of(report.category).id,
        "town_id": report.town_id,
        "received_on": local(report.received_at).date(),
        "merged_at": report.state_since.replace(microsecond=0),
    }


def _step(report_id: int, at: datetime) -> PublicUpdate:
    return PublicUpdate(
        report_id=report_id, at=at, state=State.MERGED, level=PublicLevel.LISTED, is_reopened=False
    )


def merged_case(typed: str) -> MergedCase | None:
    """The merged case with the number somebody typed, if it was ever listed."""
    number = read_number(typed)
    return next(iter(merged_cases([number])), None) if number else None


def merged_cases(numbers: Sequence[str]) -> list[MergedCase]:
    """Those of `numbers` that were listed and merged, the newest first; one statement."""
    query = (
        select(PublicMerged, PublicCase.number)
        .outerjoin(PublicCase, PublicCase.report_id == PublicMerged.main_id)
        .where(PublicMerged.number.in_(numbers))
        .order_by(PublicMerged.received_on.desc(), PublicMerged.report_id.desc())
        .options(defaultload(PublicMerged.town).defer(Grid.polygon))
    )
    return [as_told(row, main) for row, main in db.session.execute(query)]


def merged_report(report: Report) -> MergedCase | None:
    """A merged report, listed or not, for whoever filed it; None unless it is merged."""
    if report.state != State.MERGED:
        return None
    facts = _facts(report)
    query = select(PublicCase.number).where(PublicCase.report_id == facts["main_id"])
    return MergedCase(
        report.number,
        top_of(report.category),
        report.town,
        facts["received_on"],
        facts["merged_at"],
        db.session.scalar(query),
    )


def as_told(row: PublicMerged, main_number: str | None) -> MergedCase:
    """The row with the number of the case it went to."""
    return MergedCase(
        row.number, row.category, row.town, row.received_on, row.merged_at, main_number
    )
