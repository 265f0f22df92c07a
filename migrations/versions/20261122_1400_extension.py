"""more time for a case, and what pauses took out of terms in hours"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDING = sa.text("state <> 'refused'")


def upgrade() -> None:
    """more time for a case, and what pauses took out of terms in hours"""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        for name in ("paused_seconds", "extended_days"):
            batch_op.add_column(
                sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text("0"))
            )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        for name in ("paused_seconds", "extended_days"):
            batch_op.alter_column(name, server_default=None)
    op.create_table(
        "extension",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("deadline_id", ID, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decision_note", sa.String(length=500), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 30", name=op.f("ck_extension_days_within_law")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_extension_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadline.id"], name=op.f("fk_extension_deadline_id_deadline")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user.id"], name=op.f("fk_extension_asked_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_extension_decided_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_extension_department_id_department"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_report", ["report_id", "id"], unique=False)
        batch_op.create_index(
            "uq_extension_standing",
            ["deadline_id"],
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("extension")
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_column("extended_days")
        batch_op.drop_column("paused_seconds")
