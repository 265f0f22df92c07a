"""support of published reports, and finding them by place"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """support of published reports, and finding them by place"""
    op.create_table(
        "support",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_support_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "phone_hash", name=op.f("pk_support")),
    )
    with op.batch_alter_table("public_case", schema=None) as batch_op:
        batch_op.create_index("ix_public_case_point", ["category_code", "lat", "lng"])
        batch_op.create_index("ix_public_case_village", ["category_code", "village_id"])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("public_case", schema=None) as batch_op:
        batch_op.drop_index("ix_public_case_village")
        batch_op.drop_index("ix_public_case_point")
    op.drop_table("support")
