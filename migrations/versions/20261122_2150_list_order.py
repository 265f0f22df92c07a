"""what narrows the public list, behind its order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ORDER = ("received_on", "report_id")
# The first column of each list's index, and what stands behind the order now.
LISTS = {
    "received": ((), ("state", "town_id", "department_id", "category_code")),
    "category": (("category_code",), ("state", "town_id", "department_id", "category_id")),
    "town": (("town_id",), ("state", "department_id", "category_code")),
    "department": (("department_id",), ("state", "town_id", "category_code")),
}
DAYS = ("days", "report_id", "state", "town_id", "department_id", "category_code")


def upgrade() -> None:
    """what narrows the public list, behind its order; what is late, and what took longest"""
    for name, (first, behind) in LISTS.items():
        _replace(name, [*first, *ORDER, *behind])
    for name, columns, kept in (
        ("days", DAYS, "days IS NOT NULL"),
        ("due", ("due_at",), "due_at IS NOT NULL"),
    ):
        only = {f"{engine}_where": sa.text(kept) for engine in ("sqlite", "postgresql")}
        op.create_index(f"ix_public_case_{name}", "public_case", list(columns), **only)


def downgrade() -> None:
    """Undo it."""
    for name in ("due", "days"):
        op.drop_index(f"ix_public_case_{name}", "public_case")
    for name, (first, _behind) in LISTS.items():
        _replace(name, [*first, *ORDER])


def _replace(name: str, columns: list[str]) -> None:
    op.drop_index(f"ix_public_case_{name}", "public_case")
    op.create_index(f"ix_public_case_{name}", "public_case", columns)
