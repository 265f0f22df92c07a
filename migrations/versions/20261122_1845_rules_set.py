"""who set a rule of pressure or the office hours, and when"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("pressure_rule", "office_hours")


def upgrade() -> None:
    """who set a rule of pressure or the office hours, and when"""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("set_at", sa.DateTime(timezone=True), nullable=True))
            batch.add_column(sa.Column("set_by_id", ID, nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_set_by_id_user"), "user", ["set_by_id"], ["id"]
            )


def downgrade() -> None:
    """Undo it."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_set_by_id_user"), type_="foreignkey")
            batch.drop_column("set_by_id")
            batch.drop_column("set_at")
