"""objections to what is published, and copies that are hidden or put right"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """the table of objections, three columns on copies and rows, the term of an answer"""
    with op.batch_alter_table("public_copy") as table:
        table.add_column(sa.Column("hidden_at", MOMENT, nullable=True))
        table.add_column(sa.Column("corrected_at", MOMENT, nullable=True))
    with op.batch_alter_table("public_case") as table:
        hidden = sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.false())
        table.add_column(hidden)
        table.add_column(sa.Column("corrected_on", sa.Date(), nullable=True))
    with op.batch_alter_table("public_case") as table:
        table.alter_column("is_hidden", server_default=None)
    op.create_table(
        "public_objection",
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("objection_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("code_mac", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("stands", sa.String(length=10), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("warn_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("hidden_photos", sa.JSON(), nullable=False),
        sa.Column("is_copy_hidden", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=True),
        sa.Column("drafted_by_id", ID, nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_public_objection_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["objection_id"],
            ["objection.id"],
            name=op.f("fk_public_objection_objection_id_objection"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user.id"], name=op.f("fk_public_objection_drafted_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_public_objection_decided_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_objection")),
        sa.UniqueConstraint("number", name=op.f("uq_public_objection_number")),
    )
    op.create_index("ix_public_objection_report", "public_objection", ["report_id"])
    op.create_index("ix_public_objection_state", "public_objection", ["stands", "due_at"])


def downgrade() -> None:
    """take them off again"""
    op.drop_table("public_objection")
    for name, columns in (
        ("public_case", ("corrected_on", "is_hidden")),
        ("public_copy", ("corrected_at", "hidden_at")),
    ):
        with op.batch_alter_table(name) as table:
            for column in columns:
                table.drop_column(column)
