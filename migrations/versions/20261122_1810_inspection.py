"""inspections of the week: their lists, results on site, and the public copy"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """inspections of the week: their lists, results on site, and the public copy"""
    _create_plans()
    _create_lines()
    _create_checks()
    _create_public()


def _create_plans() -> None:
    op.create_table(
        "inspection_rule",
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("most_overdue", sa.Integer(), nullable=True),
        sa.Column("set_at", TIME, nullable=False),
        sa.Column("set_by_id", ID, nullable=False),
        sa.CheckConstraint(
            "weekday BETWEEN 0 AND 6", name=op.f("ck_inspection_rule_weekday_sensible")
        ),
        sa.CheckConstraint(
            "percent BETWEEN 1 AND 100", name=op.f("ck_inspection_rule_percent_sensible")
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["user.id"], name=op.f("fk_inspection_rule_set_by_id_user")
        ),
        sa.PrimaryKeyConstraint("from_day", name=op.f("pk_inspection_rule")),
    )
    op.create_table(
        "inspection",
        sa.Column("id", ID, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("draw_size", sa.Integer(), nullable=False),
        sa.Column("most_overdue", sa.Integer(), nullable=True),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("planned_at", TIME, nullable=False),
        sa.Column("planned_by_id", ID, nullable=True),
        sa.Column("listed_at", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("closed_by_id", ID, nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("demands", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user.id"], name=op.f("fk_inspection_planned_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["user.id"], name=op.f("fk_inspection_closed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection")),
        sa.UniqueConstraint("monday", name=op.f("uq_inspection_monday")),
    )
    op.create_table(
        "inspection_inspector",
        sa.Column("inspection_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_inspection_inspector_inspection_id_inspection"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_inspection_inspector_user_id_user")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "user_id", name=op.f("pk_inspection_inspector")),
    )
    op.create_index(op.f("ix_inspection_inspector_user_id"), "inspection_inspector", ["user_id"])


def _create_lines() -> None:
    op.create_table(
        "inspection_line",
        sa.Column("id", ID, nullable=False),
        sa.Column("inspection_id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("overdue_since", TIME, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("added_by_id", ID, nullable=True),
        sa.Column("removed_at", TIME, nullable=True),
        sa.Column("removed_by_id", ID, nullable=True),
        sa.Column("removed_why", sa.Text(), nullable=False),
        sa.Column("result", sa.String(20), nullable=True),
        sa.Column("result_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_inspection_line_inspection_id_inspection"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_inspection_line_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user.id"], name=op.f("fk_inspection_line_added_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_id"], ["user.id"], name=op.f("fk_inspection_line_removed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_line")),
        sa.UniqueConstraint(
            "inspection_id", "report_id", name=op.f("uq_inspection_line_inspection_id_report_id")
        ),
    )
    op.create_index("ix_inspection_line_report", "inspection_line", ["report_id", "result"])


def _create_checks() -> None:
    op.create_table(
        "inspection_check",
        sa.Column("id", ID, nullable=False),
        sa.Column("line_id", ID, nullable=False),
        sa.Column("result", sa.String(20), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("by_user_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["inspection_line.id"],
            name=op.f("fk_inspection_check_line_id_inspection_line"),
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user.id"], name=op.f("fk_inspection_check_by_user_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_inspection_check_department_id_department"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_check")),
    )
    op.create_index(op.f("ix_inspection_check_line_id"), "inspection_check", ["line_id"])
    op.create_table(
        "inspection_photo",
        sa.Column("check_id", ID, nullable=False),
        sa.Column("photo_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["inspection_check.id"],
            name=op.f("fk_inspection_photo_check_id_inspection_check"),
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name=op.f("fk_inspection_photo_photo_id_photo")
        ),
        sa.PrimaryKeyConstraint("check_id", "photo_id", name=op.f("pk_inspection_photo")),
    )


def _create_public() -> None:
    op.create_table(
        "public_inspection",
        sa.Column("inspection_id", ID, nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_public_inspection_inspection_id_inspection"),
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_public_inspection")),
    )
    op.create_index(op.f("ix_public_inspection_monday"), "public_inspection", ["monday"])
    op.create_table(
        "public_inspection_line",
        sa.Column("inspection_id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("result", sa.String(20), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["public_inspection.inspection_id"],
            name=op.f("fk_public_inspection_line_inspection_id_public_inspection"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_public_inspection_line_report_id_report")
        ),
        sa.PrimaryKeyConstraint(
            "inspection_id", "report_id", name=op.f("pk_public_inspection_line")
        ),
    )


def downgrade() -> None:
    """Undo it."""
    for table in (
        *("public_inspection_line", "public_inspection", "inspection_photo"),
        *("inspection_check", "inspection_line", "inspection_inspector"),
        *("inspection", "inspection_rule"),
    ):
        op.drop_table(table)
