"""inspections whose draft is cancelled, and the case behind a public order"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
_STANDS = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    """who cancelled a draft, when and why; one standing inspection a week; orders name the case"""
    with op.batch_alter_table("inspection") as table:
        table.drop_constraint(op.f("uq_inspection_monday"), type_="unique")
        table.add_column(sa.Column("cancelled_at", MOMENT, nullable=True))
        table.add_column(sa.Column("cancelled_by_id", ID, nullable=True))
        reason = sa.Column("cancel_reason", sa.Text(), nullable=False, server_default="")
        table.add_column(reason)
        table.create_foreign_key(
            op.f("fk_inspection_cancelled_by_id_user"), "user", ["cancelled_by_id"], ["id"]
        )
    with op.batch_alter_table("inspection") as table:
        table.alter_column("cancel_reason", server_default=None)
    where = {"sqlite_where": _STANDS, "postgresql_where": _STANDS}
    op.create_index("uq_inspection_week", "inspection", ["monday"], unique=True, **where)
    with op.batch_alter_table("public_inspection") as table:
        redrawn = sa.Column("redrawn", sa.Integer(), nullable=False, server_default="0")
        table.add_column(redrawn)
    with op.batch_alter_table("public_inspection") as table:
        table.alter_column("redrawn", server_default=None)
    with op.batch_alter_table("public_order") as table:
        table.add_column(sa.Column("report_id", ID, nullable=True))
    op.execute(
        "UPDATE public_order SET report_id = (SELECT report_id FROM supervision_order"
        " WHERE supervision_order.id = public_order.order_id)"
    )
    with op.batch_alter_table("public_order") as table:
        table.alter_column("report_id", existing_type=ID, nullable=False)
        table.create_foreign_key(
            op.f("fk_public_order_report_id_report"), "report", ["report_id"], ["id"]
        )


def downgrade() -> None:
    """take them off again; cancelled drafts go with their columns"""
    with op.batch_alter_table("public_order") as table:
        table.drop_constraint(op.f("fk_public_order_report_id_report"), type_="foreignkey")
        table.drop_column("report_id")
    with op.batch_alter_table("public_inspection") as table:
        table.drop_column("redrawn")
    gone = "IN (SELECT id FROM inspection WHERE cancelled_at IS NOT NULL)"
    for table_name in ("inspection_line", "inspection_inspector"):
        op.execute(f"DELETE FROM {table_name} WHERE inspection_id {gone}")  # noqa: S608 - ours
    op.execute("DELETE FROM inspection WHERE cancelled_at IS NOT NULL")
    op.drop_index("uq_inspection_week", "inspection")
    with op.batch_alter_table("inspection") as table:
        table.drop_constraint(op.f("fk_inspection_cancelled_by_id_user"), type_="foreignkey")
        for name in ("cancel_reason", "cancelled_by_id", "cancelled_at"):
            table.drop_column(name)
        table.create_unique_constraint(op.f("uq_inspection_monday"), ["monday"])
