"""the parts of assisting departments, and who handles a case inside its department"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What portal/domain/deadlines/seed.py starts a new city with.
RULES = (
    ("part_sign", None, 4, "working_hours"),
    ("part", "urgent", 16, "hours"),
    ("part", "ordinary", 10, "calendar_days"),
    ("part", "complex", 20, "calendar_days"),
    ("part", None, 10, "calendar_days"),
)


def upgrade() -> None:
    """the parts of assisting departments, and who handles a case inside its department"""
    with op.batch_alter_table("assignment") as batch:
        batch.add_column(sa.Column("handler_id", ID, nullable=True))
        batch.add_column(sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_foreign_key(
            op.f("fk_assignment_handler_id_user"), "user", ["handler_id"], ["id"]
        )
        batch.create_index("ix_assignment_handler", ["handler_id", "closed_at", "report_id"])
    op.create_table(
        "part_report",
        sa.Column("assignment_id", ID, nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_part_report_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_part_report_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user.id"], name=op.f("fk_part_report_by_user_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["department.id"],
            name=op.f("fk_part_report_department_id_department"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_report")),
    )
    op.create_index(op.f("ix_part_report_assignment_id"), "part_report", ["assignment_id"])
    op.create_index(op.f("ix_part_report_report_id"), "part_report", ["report_id"])
    op.create_table(
        "part_measure",
        sa.Column("part_report_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("amount_yuan", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_report_id"],
            ["part_report.id"],
            name=op.f("fk_part_measure_part_report_id_part_report"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part_measure")),
    )
    op.create_index(op.f("ix_part_measure_part_report_id"), "part_measure", ["part_report_id"])
    _set_terms()


def _set_terms() -> None:
    """Give a city that runs already the terms of parts; a new one is seeded later."""
    rule = sa.table(
        "deadline_rule",
        sa.column("clock", sa.String()),
        sa.column("deadline_class", sa.String()),
        sa.column("amount", sa.Integer()),
        sa.column("unit", sa.String()),
        sa.column("effective_on", sa.Date()),
    )
    since = op.get_bind().scalar(sa.select(sa.func.min(rule.c.effective_on)))
    if since is None:
        return
    names = ("clock", "deadline_class", "amount", "unit", "effective_on")
    op.bulk_insert(rule, [dict(zip(names, (*row, since), strict=True)) for row in RULES])


def downgrade() -> None:
    """Undo it."""
    op.execute("DELETE FROM deadline WHERE clock IN ('part_sign', 'part')")
    op.execute("DELETE FROM deadline_rule WHERE clock IN ('part_sign', 'part')")
    op.drop_table("part_measure")
    op.drop_table("part_report")
    with op.batch_alter_table("assignment") as batch:
        batch.drop_index("ix_assignment_handler")
        batch.drop_constraint(op.f("fk_assignment_handler_id_user"), type_="foreignkey")
        batch.drop_column("reported_at")
        batch.drop_column("handler_id")
