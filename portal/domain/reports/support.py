"""我也遇到: how many phones met the same thing. One row each, nothing else is kept."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.domain.reports.models import Support


def support_report(report_id: int, phone: str, at: datetime) -> None:
    """Count `phone` (the random value of its cookie) for this report, once for all times."""
    values = {"report_id": report_id, "phone_hash": _hash(report_id, phone), "at": at}
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    db.session.execute(insert(Support).values(values).on_conflict_do_nothing())


def support_count(report_id: int) -> int:
    """How many phones support this report."""
    return support_counts([report_id]).get(report_id, 0)


def support_counts(report_ids: list[int]) -> dict[int, int]:
    """How many phones support each of these reports; those without any are left out."""
    query = (
        select(Support.report_id, func.count())
        .where(Support.report_id.in_(report_ids))
        .group_by(Support.report_id)
    )
    rows = db.session.execute(query).all()
    return {row[0]: row[1] for row in rows}


def _hash(report_id: int, phone: str) -> str:
    return hashlib.sha256(f"support:{report_id}:{phone}".encode()).hexdigest()
