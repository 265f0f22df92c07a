"""the figures: facts, cells, targets, weights; inhabitants of grids"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and owe every report that exists to the new subscriber."""
    op.create_table(
        "case_fact",
        sa.Column("report_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("town_id", ID, nullable=True),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("category_id", ID, nullable=False),
        sa.Column("measures", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("spot", sa.BigInteger(), nullable=True),
        sa.Column("next_due_at", WHEN, nullable=True),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("computed_at", WHEN, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_case_fact_report_id_report")
        ),
        sa.ForeignKeyConstraint(["town_id"], ["grid.id"], name=op.f("fk_case_fact_town_id_grid")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_case_fact_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_case_fact_category_id_category")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_case_fact")),
    )
    op.create_index("ix_case_fact_next_due", "case_fact", ["next_due_at"])
    op.create_index("ix_case_fact_spot", "case_fact", ["category_id", "spot"])
    op.create_index("ix_case_fact_month", "case_fact", ["month"])
    op.create_table(
        "figure_cell",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("key", ID, autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "kind", "measure", "key", "month", "bucket", name=op.f("pk_figure_cell")
        ),
    )
    op.create_table(
        "figure_target",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("figure", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.Column("set_by_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_figure_target_set_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_target")),
    )
    op.create_index("ix_figure_target_of", "figure_target", ["year", "kind", "key", "figure", "id"])
    op.create_table(
        "score_weight",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("figure", sa.String(length=30), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_at", WHEN, nullable=False),
        sa.Column("set_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_score_weight_set_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_weight")),
    )
    op.create_index("ix_score_weight_of", "score_weight", ["kind", "effective_on", "id"])
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inhabitants", sa.Integer(), nullable=True))
    # The worker counts what is there already; killed half-way it goes on where it stopped.
    op.execute(
        "INSERT INTO delivery (event_id, subscriber, state, attempts, next_at) "
        "SELECT newest.id, 'figures', 'pending', 0, newest.at FROM timeline_event AS newest "
        "JOIN (SELECT max(id) AS id FROM timeline_event WHERE subject_kind = 'report' "
        "GROUP BY subject_id) AS chosen ON chosen.id = newest.id"
    )


def downgrade() -> None:
    """Undo it."""
    op.execute("DELETE FROM delivery WHERE subscriber = 'figures'")
    with op.batch_alter_table("grid", schema=None) as batch_op:
        batch_op.drop_column("inhabitants")
    op.drop_index("ix_score_weight_of", table_name="score_weight")
    op.drop_table("score_weight")
    op.drop_index("ix_figure_target_of", table_name="figure_target")
    op.drop_table("figure_target")
    op.drop_table("figure_cell")
    op.drop_index("ix_case_fact_month", table_name="case_fact")
    op.drop_index("ix_case_fact_spot", table_name="case_fact")
    op.drop_index("ix_case_fact_next_due", table_name="case_fact")
    op.drop_table("case_fact")
