"""the newest changes of the public list, for its feed"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """the newest changes of the public list, for its feed"""
    op.create_index("ix_public_case_updated", "public_case", ["updated_at", "report_id"])


def downgrade() -> None:
    """Undo it."""
    op.drop_index("ix_public_case_updated", "public_case")
