"""routing rules"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """routing rules"""
    op.create_table(
        "routing_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("category_id", ID, nullable=True),
        sa.Column("grid_id", ID, nullable=True),
        sa.Column("lead_department_id", ID, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_routing_rule_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["grid_id"], ["grid.id"], name=op.f("fk_routing_rule_grid_id_grid")
        ),
        sa.ForeignKeyConstraint(
            ["lead_department_id"],
            ["department.id"],
            name=op.f("fk_routing_rule_lead_department_id_department"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
        sa.UniqueConstraint(
            "category_id", "grid_id", name=op.f("uq_routing_rule_category_id_grid_id")
        ),
    )
    with op.batch_alter_table("routing_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_routing_rule_grid_id"), ["grid_id"], unique=False)
    op.create_table(
        "routing_assist",
        sa.Column("rule_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.CheckConstraint(
            "(kind = 'department') = (department_id IS NOT NULL)",
            name=op.f("ck_routing_assist_department_named"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_routing_assist_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["routing_rule.id"], name=op.f("fk_routing_assist_rule_id_routing_rule")
        ),
        sa.PrimaryKeyConstraint("rule_id", "position", name=op.f("pk_routing_assist")),
    )


def downgrade() -> None:
    """Undo it."""
    op.drop_table("routing_assist")
    with op.batch_alter_table("routing_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_routing_rule_grid_id"))
    op.drop_table("routing_rule")
