"""the number by which others know a report"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """the number by which others know a report"""
    op.add_column("report", sa.Column("external_number", sa.String(length=60), nullable=True))
    op.create_index("ix_report_external", "report", ["external_number", "channel"])


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_report_external", "report")
    with op.batch_alter_table("report") as batch:
        batch.drop_column("external_number")
