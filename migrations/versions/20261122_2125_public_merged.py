"""where listed cases went that were merged into others"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Listed means accepted. A day is Shanghai's; elsewhere the next change of the case puts it right.
_LISTED_AND_MERGED = (
    "INSERT INTO public_merged"
    " (report_id, number, main_id, category_id, town_id, received_on, merged_at)"
    " SELECT r.id, r.number, r.main_id, COALESCE(c.parent_id, c.id), r.town_id, <day>, <moment>"
    " FROM report r JOIN category c ON c.id = r.category_id"
    " WHERE r.state = 'merged' AND r.accepted_at IS NOT NULL AND r.main_id IS NOT NULL"
)
_DAY = {
    "sqlite": "date(r.received_at, '+8 hours')",
    "postgresql": "CAST(r.received_at AT TIME ZONE 'Asia/Shanghai' AS date)",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S.000000', r.state_since)",
    "postgresql": "date_trunc('second', r.state_since)",
}


def upgrade() -> None:
    """where listed cases went that were merged into others"""
    op.create_table(
        "public_merged",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("main_id", ID, nullable=False),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("town_id", ID, nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_public_merged_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["main_id"], ["report.id"], name=op.f("fk_public_merged_main_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_public_merged_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["town_id"], ["grid.id"], name=op.f("fk_public_merged_town_id_grid")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_public_merged")),
        sa.UniqueConstraint("number", name=op.f("uq_public_merged_number")),
    )
    op.create_index("ix_public_merged_main_id", "public_merged", ["main_id"])
    engine = op.get_bind().dialect.name
    whole = _LISTED_AND_MERGED.replace("<day>", _DAY[engine])
    op.execute(whole.replace("<moment>", _MOMENT[engine]))
    op.execute(
        "INSERT INTO public_update (report_id, at, state, level, is_reopened)"
        " SELECT report_id, merged_at, 'merged', 'listed', false FROM public_merged"
        " ORDER BY merged_at, report_id"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("DELETE FROM public_update WHERE report_id IN (SELECT report_id FROM public_merged)")
    op.drop_table("public_merged")
