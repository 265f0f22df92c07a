"""exposures that are ended by the portal, hidden for a while, or corrected"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
MOMENTS = ("ended_at", "hidden_at", "corrected_at")


def upgrade() -> None:
    """three moments on exposures, and the table of corrections"""
    with op.batch_alter_table("exposure") as table:
        for name in MOMENTS:
            table.add_column(sa.Column(name, MOMENT, nullable=True))
    columns = ["ended_at", "withdrawn_at", "expires_on"]
    op.create_index("ix_exposure_due", "exposure", columns)
    op.create_table(
        "exposure_correction",
        sa.Column("id", ID, nullable=False),
        sa.Column("exposure_id", ID, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("drafted_by_id", ID, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exposure_id"],
            ["exposure.id"],
            name=op.f("fk_exposure_correction_exposure_id_exposure"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user.id"], name=op.f("fk_exposure_correction_drafted_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_exposure_correction_decided_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure_correction")),
    )
    columns = ["exposure_id", "id"]
    op.create_index("ix_exposure_correction_exposure", "exposure_correction", columns)


def downgrade() -> None:
    """take them off again"""
    op.drop_table("exposure_correction")
    op.drop_index("ix_exposure_due", "exposure")
    with op.batch_alter_table("exposure") as table:
        for name in reversed(MOMENTS):
            table.drop_column(name)
