"""what was learned from closed reports, and advice held against decisions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """what was learned from closed reports, and advice held against decisions"""
    op.create_table(
        "learned_model",
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("tested", sa.Integer(), nullable=False),
        sa.Column("top_1", sa.Integer(), nullable=False),
        sa.Column("top_3", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("target", name=op.f("pk_learned_model")),
    )
    op.create_table(
        "advice",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guesses", sa.JSON(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_advice_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "target", name=op.f("pk_advice")),
    )
    with op.batch_alter_table("advice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_advice_at"), ["at"], unique=False)


def downgrade() -> None:
    """Undo it."""
    op.drop_table("advice")
    op.drop_table("learned_model")
