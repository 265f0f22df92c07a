"""reports told apart, and reports that repeat one closed before"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """reports told apart, and reports that repeat one closed before"""
    op.create_table(
        "not_same",
        sa.Column("one_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("by_user_id", ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["report.id"], name=op.f("fk_not_same_one_id_report")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["report.id"], name=op.f("fk_not_same_other_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user.id"], name=op.f("fk_not_same_by_user_id_user")
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_not_same")),
    )
    with op.batch_alter_table("not_same", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_not_same_other_id"), ["other_id"], unique=False)
    op.create_table(
        "repeat_reach",
        sa.Column("category_code", sa.String(length=40), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("category_code", name=op.f("pk_repeat_reach")),
    )
    op.create_table(
        "repeat_complaint",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("earlier_id", ID, nullable=False),
        sa.Column("distance_m", sa.Double(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_repeat_complaint_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["report.id"], name=op.f("fk_repeat_complaint_earlier_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_repeat_complaint")),
    )
    with op.batch_alter_table("repeat_complaint", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_repeat_complaint_earlier_id"), ["earlier_id"], unique=False
        )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("repeat_complaint")
    op.drop_table("repeat_reach")
    op.drop_table("not_same")
