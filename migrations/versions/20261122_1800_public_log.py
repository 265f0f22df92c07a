"""public log: seals, tree, signed heads; a nonce beside every event"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
INSERT_ONLY = ("seal", "log_node", "log_head", "log_key")
# The only change an event may suffer: what it says and its nonce are erased, together.
KEPT = (
    "id", "subject_kind", "subject_id", "kind", "at", "actor_kind", "actor_id", "department_id",
    "is_public",
)  # fmt: skip


def upgrade() -> None:
    """public log: seals, tree, signed heads; a nonce beside every event"""
    _tables()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("timeline_event", sa.Column("nonce", sa.String(32), nullable=True))
    for statement in _salt_old_events(is_sqlite=is_sqlite):
        op.execute(statement)
    for table in INSERT_ONLY:
        for statement in _insert_only(table, is_sqlite=is_sqlite):
            op.execute(statement)


def downgrade() -> None:
    """Undo it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _plain_again(is_sqlite=is_sqlite):
        op.execute(statement)
    # Not in batch mode, which would copy the table and lose its triggers.
    op.drop_column("timeline_event", "nonce")
    for table in ("log_sealer", "log_key", "log_head", "log_node", "seal"):
        op.drop_table(table)
    if not is_sqlite:
        for table in INSERT_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse()")


def _tables() -> None:
    op.create_table(
        "seal",
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(64), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_seal_event_id")),
    )
    op.create_index("ix_seal_leaf", "seal", ["leaf"])
    op.create_table(
        "log_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pos", ID, autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("level", "pos", name=op.f("pk_log_node")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", ID, nullable=False),
        sa.Column("size", ID, nullable=False),
        sa.Column("root", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("origin", sa.String(200), nullable=False),
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_index("ix_log_head_size", "log_head", ["size"])
    op.create_table(
        "log_key",
        sa.Column("key_id", sa.String(16), nullable=False),
        sa.Column("public", sa.String(64), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("endorsed_by", sa.String(16), nullable=True),
        sa.Column("endorsement", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_log_key")),
    )
    op.create_table(
        "log_sealer",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_sealer")),
    )
    op.execute("INSERT INTO log_sealer (id, holder) VALUES (1, '')")


def _salt_old_events(*, is_sqlite: bool) -> list[str]:
    """Old events get a nonce, then the trigger lets nothing through but their erasure."""
    same_sqlite = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in KEPT)
    same_postgres = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in KEPT)
    if is_sqlite:
        return [
            "DROP TRIGGER timeline_event_no_update",
            "UPDATE timeline_event SET nonce = lower(hex(randomblob(16)))",
            (
                "CREATE TRIGGER timeline_event_no_update BEFORE UPDATE ON timeline_event "
                f"WHEN NOT (NEW.nonce IS NULL AND NEW.data = '{{}}' AND {same_sqlite}) "
                "BEGIN SELECT RAISE(ABORT, 'timeline_event is insert-only'); END"
            ),
        ]
    return [
        "DROP TRIGGER timeline_event_no_change ON timeline_event",
        # Version 4 UUIDs hold 122 random bits from the server's strong generator.
        "UPDATE timeline_event SET nonce = replace(gen_random_uuid()::text, '-', '')",
        """CREATE TRIGGER timeline_event_no_change BEFORE DELETE OR TRUNCATE
        ON timeline_event FOR EACH STATEMENT EXECUTE FUNCTION timeline_event_refuse()""",
        f"""CREATE TRIGGER timeline_event_no_update BEFORE UPDATE ON timeline_event FOR EACH ROW
        WHEN (NOT (NEW.nonce IS NULL AND NEW.data::text = '{{}}' AND {same_postgres}))
        EXECUTE FUNCTION timeline_event_refuse()""",
    ]


def _insert_only(table: str, *, is_sqlite: bool) -> list[str]:
    """REPLACE deletes first, which the DELETE trigger sees: recursive_triggers is on."""
    if is_sqlite:
        return [
            f"CREATE TRIGGER {table}_no_{word.lower()} BEFORE {word} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is insert-only'); END"
            for word in ("UPDATE", "DELETE")
        ]
    return [
        f"""CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{table} is insert-only'; END $$""",
        f"""CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
        ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()""",
    ]


def _plain_again(*, is_sqlite: bool) -> list[str]:
    if is_sqlite:
        return [
            "DROP TRIGGER timeline_event_no_update",
            (
                "CREATE TRIGGER timeline_event_no_update BEFORE UPDATE ON timeline_event "
                "BEGIN SELECT RAISE(ABORT, 'timeline_event is insert-only'); END"
            ),
        ]
    return [
        "DROP TRIGGER timeline_event_no_update ON timeline_event",
        "DROP TRIGGER timeline_event_no_change ON timeline_event",
        """CREATE TRIGGER timeline_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
        ON timeline_event FOR EACH STATEMENT EXECUTE FUNCTION timeline_event_refuse()""",
    ]
