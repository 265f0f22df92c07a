"""objections to exposures; what an objection hides outlives a new publication"""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """two columns on objections, one on copies, filled from the objections that wait"""
    with op.batch_alter_table("public_objection") as table:
        table.add_column(sa.Column("exposure_id", ID, nullable=True))
        relation = sa.Column("relation", sa.String(length=12), nullable=False, server_default="")
        table.add_column(relation)
        table.create_foreign_key(
            op.f("fk_public_objection_exposure_id_exposure"), "exposure", ["exposure_id"], ["id"]
        )
    with op.batch_alter_table("public_objection") as table:
        table.alter_column("relation", server_default=None)
    with op.batch_alter_table("public_copy") as table:
        hidden = sa.Column("hidden_photos", sa.JSON(), nullable=False, server_default="[]")
        table.add_column(hidden)
    with op.batch_alter_table("public_copy") as table:
        table.alter_column("hidden_photos", server_default=None)
    _keep_hidden()


def _keep_hidden() -> None:
    asked = sa.table(
        "public_objection",
        sa.column("report_id", ID),
        sa.column("stands", sa.String()),
        sa.column("hidden_photos", sa.JSON()),
    )
    copy = sa.table(
        "public_copy", sa.column("report_id", ID), sa.column("hidden_photos", sa.JSON())
    )
    hidden: dict[int, set[int]] = defaultdict(set)
    waiting = asked.c.stands.in_(("open", "drafted"))
    query = sa.select(asked.c.report_id, asked.c.hidden_photos).where(waiting)
    for report_id, photos in op.get_bind().execute(query):
        hidden[report_id].update(photos)
    for report_id, ids in hidden.items():
        row = copy.c.report_id == report_id
        op.execute(sa.update(copy).where(row).values(hidden_photos=sorted(ids)))


def downgrade() -> None:
    """take them off again; objections to exposures go with their column"""
    op.execute("DELETE FROM public_objection WHERE exposure_id IS NOT NULL")
    with op.batch_alter_table("public_copy") as table:
        table.drop_column("hidden_photos")
    with op.batch_alter_table("public_objection") as table:
        table.drop_constraint(op.f("fk_public_objection_exposure_id_exposure"), type_="foreignkey")
        table.drop_column("relation")
        table.drop_column("exposure_id")
