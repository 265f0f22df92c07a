"""Taking a file of readings: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.quality.models import QualityImport, QualityReading
from portal.domain.quality.reading import ReadingRow


@dataclass(frozen=True)
class Taken:
    """What became of a file: readings that are new, that changed, that were known already."""

    new: int
    changed: int
    same: int


def import_readings(
    rows: Sequence[ReadingRow], name: str, *, by: Actor | None, at: datetime
) -> Taken:
    """Store readings; one that is known with another value is corrected. `by` None: a command.

    Raises NotAllowedError.
    """
    if by is not None and not by.may(Permission.IMPORT_QUALITY):
        raise NotAllowedError(N_("您的岗位不能导入监测数据。"))
    batch = QualityImport(
        at=at, by_id=by.staff_id if by else None, name=name[:200], readings=len(rows), changed=0
    )
    db.session.add(batch)
    db.session.flush()
    known = _known(rows)
    new = changed = 0
    for row in rows:
        old = known.get((row.station, row.indicator, row.month))
        if old is None:
            new += 1
            db.session.add(_reading(row, batch.id))
        elif (old.value, old.is_below) != (row.value, row.is_below):
            changed += 1
            old.value, old.is_below, old.import_id = row.value, row.is_below, batch.id
    batch.changed = changed
    db.session.flush()
    return Taken(new, changed, len(rows) - new - changed)


def _known(rows: Sequence[ReadingRow]) -> dict[tuple[str, str, object], QualityReading]:
    months = {row.month for row in rows}
    query = select(QualityReading).where(QualityReading.month.in_(months))
    return {(one.station, one.indicator, one.month): one for one in db.session.scalars(query)}


def _reading(row: ReadingRow, import_id: int) -> QualityReading:
    return QualityReading(
        station=row.station,
        indicator=row.indicator,
        month=row.month,
        value=row.value,
        is_below=row.is_below,
        import_id=import_id,
    )
