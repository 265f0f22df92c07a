"""look-backs, the draws among the rest, starred cases, terms that are red at once"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """look-backs, the draws among the rest, starred cases, terms that are red at once"""
    op.add_column(
        "report",
        sa.Column("is_starred", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("deadline", sa.Column("red_from", TIME, nullable=True))
    op.add_column("public_case", sa.Column("look_back", sa.String(20), nullable=True))
    op.add_column("public_case", sa.Column("looked_back_on", sa.Date(), nullable=True))
    _create_planned()
    _create_visits()


def _create_planned() -> None:
    op.create_table(
        "sample_rate",
        sa.Column("from_month", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("set_at", TIME, nullable=True),
        sa.Column("set_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "percent BETWEEN 1 AND 100", name=op.f("ck_sample_rate_percent_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_sample_rate_set_by_id_user")
        ),
        sa.PrimaryKeyConstraint("from_month", name=op.f("pk_sample_rate")),
    )
    op.create_table(
        "look_back_draw",
        sa.Column("id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_draw")),
        sa.UniqueConstraint("month", name=op.f("uq_look_back_draw_month")),
    )
    op.create_table(
        "look_back",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("draw_id", ID, nullable=True),
        sa.Column("planned_at", TIME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_look_back_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"], ["look_back_draw.id"], name=op.f("fk_look_back_draw_id_look_back_draw")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back")),
        sa.UniqueConstraint(
            "report_id", "round", "clock", name=op.f("uq_look_back_report_id_round_clock")
        ),
    )
    op.create_index("ix_look_back_open", "look_back", ["done_at", "due_on"])
    op.create_index(op.f("ix_look_back_draw_id"), "look_back", ["draw_id"])


def _create_visits() -> None:
    op.create_table(
        "look_back_visit",
        sa.Column("id", ID, nullable=False),
        sa.Column("look_back_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_user_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["look_back_id"],
            ["look_back.id"],
            name=op.f("fk_look_back_visit_look_back_id_look_back"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user.id"], name=op.f("fk_look_back_visit_by_user_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_look_back_visit_department_id_department"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_back_visit")),
    )
    op.create_index(op.f("ix_look_back_visit_look_back_id"), "look_back_visit", ["look_back_id"])
    op.create_table(
        "look_back_photo",
        sa.Column("visit_id", ID, nullable=False),
        sa.Column("photo_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["look_back_visit.id"],
            name=op.f("fk_look_back_photo_visit_id_look_back_visit"),
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_look_back_photo_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("visit_id", "photo_id", name=op.f("pk_look_back_photo")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("look_back_photo", "look_back_visit", "look_back", "look_back_draw"):
        op.drop_table(table)
    op.drop_table("sample_rate")
    for table, column in (
        ("public_case", "looked_back_on"),
        ("public_case", "look_back"),
        ("deadline", "red_from"),
        ("report", "is_starred"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
