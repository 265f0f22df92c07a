"""words of reports and of public cases, in pairs of letters (core/search.py)"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAMES = ("public_case_fts", "report_fts")


def upgrade() -> None:
    """words of reports and of public cases, in pairs of letters; `flask prepare` fills them"""
    if op.get_bind().dialect.name == "sqlite":
        for name in NAMES:
            # The pairs come ready and in one case; the words themselves stand in their own tables.
            op.execute(
                f"CREATE VIRTUAL TABLE {name} USING fts5"
                "(words, content='', contentless_delete=1, tokenize='ascii')"
            )
        return
    for name in NAMES:
        op.execute(f"CREATE TABLE {name} (row_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        op.create_index(f"ix_{name}_words", name, [sa.text("words")], postgresql_using="gin")


def downgrade() -> None:
    """Undo it."""
    for name in NAMES:
        op.execute(f"DROP TABLE {name}")
