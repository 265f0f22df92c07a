"""who set a term, and when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """who set a term, and when"""
    with op.batch_alter_table("deadline_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("set_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("set_by_id", ID, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_deadline_rule_set_by_id_user"), "user", ["set_by_id"], ["id"]
        )


def downgrade() -> None:
    """Undo it."""
    with op.batch_alter_table("deadline_rule", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_deadline_rule_set_by_id_user"), type_="foreignkey")
        batch_op.drop_column("set_by_id")
        batch_op.drop_column("set_at")
