"""who is on duty, and alerts that must be acknowledged"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("泄漏", "泄露", "爆炸", "起火", "着火", "中毒", "死鱼", "昏迷", "倾倒危废", "晕倒")


def upgrade() -> None:
    """who is on duty, and alerts that must be acknowledged"""
    op.create_table(
        "duty_shift",
        sa.Column("id", ID, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("leader_id", ID, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_shift_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["user.id"], name=op.f("fk_duty_shift_officer_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["user.id"], name=op.f("fk_duty_shift_leader_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shift")),
    )
    op.create_index("ix_duty_shift_starts_at", "duty_shift", ["starts_at"])
    words = op.create_table(
        "urgent_word",
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_urgent_word")),
    )
    op.bulk_insert(words, [{"word": word} for word in WORDS])
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("report_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("word", sa.String(length=20), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_alert_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["user.id"], name=op.f("fk_alert_acknowledged_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("report_id", name=op.f("uq_alert_report_id")),
    )
    op.create_index("ix_alert_open", "alert", ["acknowledged_at", "raised_at"])
    op.create_table(
        "alert_step",
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient_id", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alert.id"], name=op.f("fk_alert_step_alert_id_alert")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["user.id"], name=op.f("fk_alert_step_recipient_id_user")
        ),
        sa.PrimaryKeyConstraint("alert_id", "minute", name=op.f("pk_alert_step")),
    )


def downgrade() -> None:
    """Undo it."""
    for table in ("alert_step", "alert", "urgent_word", "duty_shift"):
        op.drop_table(table)
