"""views shared with a role"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """views shared with a role"""
    with op.batch_alter_table("saved_view") as batch:
        batch.add_column(sa.Column("shared_role", sa.String(length=20), nullable=True))
        batch.add_column(sa.Column("shared_department_id", ID, nullable=True))
        batch.create_foreign_key(
            op.f("fk_saved_view_shared_department_id_department"),
            "department",
            ["shared_department_id"],
            ["id"],
        )
        batch.create_index(op.f("ix_saved_view_shared_role"), ["shared_role"])


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("saved_view") as batch:
        batch.drop_index(op.f("ix_saved_view_shared_role"))
        batch.drop_constraint(
            op.f("fk_saved_view_shared_department_id_department"), type_="foreignkey"
        )
        batch.drop_column("shared_department_id")
        batch.drop_column("shared_role")
