"""pressure: crossings of terms, urges, orders, talks"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
WATCHED = sa.text("next_cross_at IS NOT NULL")
UNSETTLED = sa.text("settled_at IS NULL")
CHARGED = ("sign", "contact", "resolve", "milestone", "feedback")


def upgrade() -> None:
    """pressure: crossings of terms, urges, orders, talks"""
    _watch_terms()
    _crossings()
    _rules()
    _orders()
    _urges_and_talks()


def _watch_terms() -> None:
    """Terms that run now are followed from their next colour on; what is past stays past."""
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.add_column(sa.Column("next_cross_at", MOMENT, nullable=True))
        batch_op.create_index(
            "ix_deadline_next_cross_at",
            ["next_cross_at"],
            sqlite_where=WATCHED,
            postgresql_where=WATCHED,
        )
    term = sa.table(
        "deadline",
        *(sa.column(name) for name in ("clock", "uncharged_seconds")),
        *(
            sa.column(name, MOMENT)
            for name in ("warn_at", "due_at", "red_at", "next_cross_at", "stopped_at", "paused_at")
        ),
    )
    now = dt.datetime.now(dt.UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    coming = sa.case(
        *((moment > now, moment) for moment in (term.c.warn_at, term.c.due_at, term.c.red_at)),
        else_=None,
    )
    op.execute(
        term.update()
        .where(
            term.c.stopped_at.is_(None),
            term.c.paused_at.is_(None),
            term.c.clock.in_(CHARGED),
            term.c.uncharged_seconds == 0,
        )
        .values(next_cross_at=coming)
    )


def _crossings() -> None:
    op.create_table(
        "crossing",
        sa.Column("id", ID, nullable=False),
        sa.Column("deadline_id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("clock", sa.String(20), nullable=False),
        sa.Column("colour", sa.String(20), nullable=False),
        sa.Column("term_at", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        _refers("crossing", "deadline_id", "deadline"),
        _refers("crossing", "report_id", "report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crossing")),
        sa.UniqueConstraint(
            "deadline_id", "colour", "term_at", name=op.f("uq_crossing_deadline_id_colour_term_at")
        ),
    )
    with op.batch_alter_table("crossing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_crossing_unsettled",
            ["at", "id"],
            sqlite_where=UNSETTLED,
            postgresql_where=UNSETTLED,
        )


def _rules() -> None:
    op.create_table(
        "pressure_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("clock", sa.String(20), nullable=False),
        sa.Column("colour", sa.String(20), nullable=False),
        sa.Column("does", sa.String(20), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pressure_rule")),
        sa.UniqueConstraint(
            "clock",
            "colour",
            "effective_on",
            name=op.f("uq_pressure_rule_clock_colour_effective_on"),
        ),
    )
    op.create_table(
        "order_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_order_series")),
    )


def _orders() -> None:
    table = "supervision_order"
    op.create_table(
        table,
        sa.Column("id", ID, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("crossing_id", ID, nullable=True),
        sa.Column("clock", sa.String(20), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leader_name", sa.String(length=40), nullable=False),
        sa.Column("leader_post", sa.String(length=60), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("issued_by_id", ID, nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by_id", ID, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_id", ID, nullable=True),
        sa.CheckConstraint(
            "level <> 'public' OR (title <> '' AND leader_name <> '' AND leader_post <> '')",
            name=op.f("ck_supervision_order_public_names_leader"),
        ),
        _refers(table, "report_id", "report"),
        _refers(table, "department_id", "department"),
        _refers(table, "crossing_id", "crossing"),
        _refers(table, "issued_by_id", "user"),
        _refers(table, "answered_by_id", "user"),
        _refers(table, "lifted_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
        sa.UniqueConstraint("crossing_id", name=op.f("uq_supervision_order_crossing_id")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_order_number")),
        sa.UniqueConstraint("year", "serial", name=op.f("uq_supervision_order_year_serial")),
    )
    op.create_table(
        "public_order",
        sa.Column("order_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("unit_zh", sa.String(length=60), nullable=False),
        sa.Column("unit_en", sa.String(length=80), nullable=False),
        sa.Column("leader_name", sa.String(length=40), nullable=False),
        sa.Column("leader_post", sa.String(length=60), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("issued_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        _refers("public_order", "order_id", table),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_public_order")),
    )
    op.create_index("ix_supervision_order_report", table, ["report_id", "id"])
    op.create_index(
        "ix_supervision_order_department", table, ["department_id", "lifted_at", "due_at"]
    )
    op.create_index("ix_supervision_order_standing", table, ["lifted_at", "answered_at", "due_at"])
    op.create_index(op.f("ix_public_order_issued_at"), "public_order", ["issued_at"])


def _urges_and_talks() -> None:
    op.create_table(
        "urge",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("crossing_id", ID, nullable=True),
        sa.Column("clock", sa.String(20), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        _refers("urge", "report_id", "report"),
        _refers("urge", "department_id", "department"),
        _refers("urge", "crossing_id", "crossing"),
        _refers("urge", "by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge")),
        sa.UniqueConstraint("crossing_id", name=op.f("uq_urge_crossing_id")),
    )
    op.create_index("ix_urge_report", "urge", ["report_id", "id"])
    op.create_index(op.f("ix_urge_department_id"), "urge", ["department_id"])
    op.create_table(
        "talk",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.Column("person_post", sa.String(length=60), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by_id", ID, nullable=False),
        _refers("talk", "report_id", "report"),
        _refers("talk", "department_id", "department"),
        _refers("talk", "recorded_by_id", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    op.create_index("ix_talk_report", "talk", ["report_id", "id"])
    op.create_index(op.f("ix_talk_department_id"), "talk", ["department_id"])


def downgrade() -> None:
    """Undo it."""
    for table in ("talk", "urge", "public_order", "supervision_order"):
        op.drop_table(table)
    for table in ("order_series", "pressure_rule", "crossing"):
        op.drop_table(table)
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.drop_index("ix_deadline_next_cross_at")
        batch_op.drop_column("next_cross_at")


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )
