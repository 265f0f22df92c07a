"""how near and how soon a report repeats, from a day on; figures count what triage keeps"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """how near and how soon a report repeats, from a day on; figures count what triage keeps"""
    op.create_table(
        "repeat_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("category_code", sa.String(40), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_repeat_rule_set_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeat_rule")),
        sa.UniqueConstraint(
            "category_code", "effective_on", name=op.f("uq_repeat_rule_category_code_effective_on")
        ),
    )
    op.execute(
        "INSERT INTO repeat_rule (category_code, metres, days, effective_on)"
        " SELECT category_code, metres, 180, '2020-01-01' FROM repeat_reach"
    )
    op.drop_table("repeat_reach")
    op.drop_index("ix_case_fact_spot", "case_fact")
    with op.batch_alter_table("case_fact") as batch:
        for column in ("spot", "lng", "lat"):
            batch.drop_column(column)


def downgrade() -> None:
    """Undo it; `flask figures rebuild` counts anew."""
    with op.batch_alter_table("case_fact") as batch:
        batch.add_column(sa.Column("lat", sa.Double(), nullable=True))
        batch.add_column(sa.Column("lng", sa.Double(), nullable=True))
        batch.add_column(sa.Column("spot", sa.BigInteger(), nullable=True))
    op.create_index("ix_case_fact_spot", "case_fact", ["category_id", "spot"])
    op.create_table(
        "repeat_reach",
        sa.Column("category_code", sa.String(40), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("category_code", name=op.f("pk_repeat_reach")),
    )
    op.execute(
        "INSERT INTO repeat_reach (category_code, metres)"
        " SELECT category_code, max(metres) FROM repeat_rule GROUP BY category_code"
    )
    op.drop_table("repeat_rule")
