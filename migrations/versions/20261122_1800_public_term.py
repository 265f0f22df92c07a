"""the days given for resolving, on the public row"""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_ZONE = ZoneInfo("Asia/Shanghai")  # a city elsewhere gets its own days when a case next moves
_BATCH = 1000


def upgrade() -> None:
    """two days on public_case, filled from the newest RESOLVE of each case"""
    with op.batch_alter_table("public_case") as table:
        table.add_column(sa.Column("resolve_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("resolve_by", sa.Date(), nullable=True))
    _fill()


def _fill() -> None:
    deadline = sa.table(
        "deadline",
        sa.column("id"),
        sa.column("report_id"),
        sa.column("clock"),
        sa.column("started_at", sa.DateTime(timezone=True)),
        sa.column("due_at", sa.DateTime(timezone=True)),
    )
    case = sa.table(
        "public_case",
        sa.column("report_id"),
        sa.column("resolve_from", sa.Date()),
        sa.column("resolve_by", sa.Date()),
    )
    terms = (
        sa.select(deadline.c.report_id, deadline.c.started_at, deadline.c.due_at)
        .join(case, case.c.report_id == deadline.c.report_id)
        .where(deadline.c.clock == "resolve")
        .order_by(deadline.c.id)
    )
    newest = {row[0]: (row[1], row[2]) for row in op.get_bind().execute(terms)}
    change = (
        sa.update(case)
        .where(case.c.report_id == sa.bindparam("key"))
        .values(resolve_from=sa.bindparam("first"), resolve_by=sa.bindparam("last"))
    )
    rows = [
        {"key": key, "first": _day(start), "last": _day(due - timedelta(microseconds=1))}
        for key, (start, due) in newest.items()
    ]
    for start in range(0, len(rows), _BATCH):
        op.get_bind().execute(change, rows[start : start + _BATCH])


def _day(moment):
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo("UTC"))
    return aware.astimezone(_ZONE).date()


def downgrade() -> None:
    """take the two days off again"""
    with op.batch_alter_table("public_case") as table:
        table.drop_column("resolve_by")
        table.drop_column("resolve_from")
