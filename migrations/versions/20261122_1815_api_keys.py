"""systems that write: their keys, what they filed, what they told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """systems that write: their keys, what they filed, what they told"""
    op.create_table(
        "api_key",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("key_mac", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("per_hour", sa.Integer(), nullable=False),
        sa.Column("window_minutes", sa.Integer(), nullable=False),
        sa.Column("gives_token", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.String(length=60), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_mac", name=op.f("uq_api_key_key_mac")),
        sa.UniqueConstraint("name", name=op.f("uq_api_key_name")),
    )
    op.create_table(
        "api_filing",
        sa.Column("report_id", ID, autoincrement=False, nullable=False),
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("twin_mac", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_api_filing_api_key_id_api_key")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_api_filing_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_api_filing")),
        sa.UniqueConstraint("token", name=op.f("uq_api_filing_token")),
    )
    op.create_index("ix_api_filing_twin", "api_filing", ["api_key_id", "twin_mac", "at"])
    op.create_table(
        "api_update",
        sa.Column("api_key_id", ID, nullable=False),
        sa.Column("update_id", sa.String(length=120), nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_key.id"], name=op.f("fk_api_update_api_key_id_api_key")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_api_update_report_id_report")
        ),
        sa.PrimaryKeyConstraint("api_key_id", "update_id", name=op.f("pk_api_update")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("api_update", "api_filing", "api_key"):
        op.drop_table(table)
