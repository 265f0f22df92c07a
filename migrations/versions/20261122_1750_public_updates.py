"""when the public row last changed for programs, and each step as it became public"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """when the public row last changed for programs, and each step as it became public"""
    with op.batch_alter_table("public_case") as table:
        table.add_column(sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE public_case SET modified_at = CASE WHEN closed_on IS NULL THEN updated_at ELSE"
        " COALESCE((SELECT resolved_at FROM report WHERE report.id = public_case.report_id),"
        " updated_at) END"
    )
    with op.batch_alter_table("public_case") as table:
        table.alter_column("modified_at", nullable=False)
    op.create_index("ix_public_case_modified", "public_case", ["modified_at"])
    op.create_table(
        "public_update",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("is_reopened", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_public_update_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_update")),
    )
    op.create_index("ix_public_update_at", "public_update", ["at", "id"])
    op.create_index("ix_public_update_report_id", "public_update", ["report_id"])
    # Of the cases that are listed already the last step is known, with its moment.
    op.execute(
        "INSERT INTO public_update (report_id, at, state, level, is_reopened)"
        " SELECT report_id, updated_at, state, level, is_reopened FROM public_case"
        " ORDER BY updated_at, report_id"
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("public_update")
    op.drop_index("ix_public_case_modified", "public_case")
    with op.batch_alter_table("public_case") as table:
        table.drop_column("modified_at")
