"""short nonces: nonces, codes and commitments as bytes instead of hexadecimal digits"""

from __future__ import annotations

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Column → its digits, and whether every row has it.
REPORT = {
    "query_code_mac": (64, True),
    "reward_code_mac": (64, False),
    "content_nonce": (32, True),
    "content_commitment": (64, True),
}
EVENT = {"nonce": (32, False)}
KEPT = (
    "id", "subject_kind", "subject_id", "kind", "at", "actor_kind", "actor_id", "department_id",
    "is_public",
)  # fmt: skip


def upgrade() -> None:
    """short nonces: nonces, codes and commitments as bytes"""
    _unguard()
    for table, columns in (("report", REPORT), ("timeline_event", EVENT)):
        for name, (_, is_needed) in columns.items():
            if _is_sqlite():
                _replace(table, name, "BLOB", f"unhex({name})", is_needed=is_needed)
            else:
                _turn(table, name, "BYTEA", f"decode({name}, 'hex')")
    _guard()


def downgrade() -> None:
    """Undo it."""
    _unguard()
    for table, columns in (("report", REPORT), ("timeline_event", EVENT)):
        for name, (digits, is_needed) in columns.items():
            kind = f"VARCHAR({digits})"
            if _is_sqlite():
                told = f"CASE WHEN {name} IS NOT NULL THEN lower(hex({name})) END"
                _replace(table, name, kind, told, is_needed=is_needed)
            else:
                _turn(table, name, kind, f"encode({name}, 'hex')")
    _guard()


def _replace(table: str, name: str, kind: str, value: str, *, is_needed: bool) -> None:
    """Not in batch mode, which would copy the table and lose its triggers."""
    needed = " NOT NULL DEFAULT ''" if is_needed else ""
    op.execute(f"ALTER TABLE {table} ADD COLUMN new_{name} {kind}{needed}")
    op.execute(f"UPDATE {table} SET new_{name} = {value}")  # noqa: S608 - our own names
    op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN new_{name} TO {name}")


def _turn(table: str, name: str, kind: str, value: str) -> None:
    op.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind} USING {value}")


def _unguard() -> None:
    on = "" if _is_sqlite() else " ON timeline_event"
    op.execute(f"DROP TRIGGER timeline_event_no_update{on}")


def _guard() -> None:
    """The only change an event may suffer, as before: its data and nonce are erased, together."""
    if _is_sqlite():
        same = " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in KEPT)
        op.execute(
            "CREATE TRIGGER timeline_event_no_update BEFORE UPDATE ON timeline_event "
            f"WHEN NOT (NEW.nonce IS NULL AND NEW.data = '{{}}' AND {same}) "
            "BEGIN SELECT RAISE(ABORT, 'timeline_event is insert-only'); END"
        )
        return
    same = " AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in KEPT)
    op.execute(
        f"""CREATE TRIGGER timeline_event_no_update BEFORE UPDATE ON timeline_event FOR EACH ROW
        WHEN (NOT (NEW.nonce IS NULL AND NEW.data::text = '{{}}' AND {same}))
        EXECUTE FUNCTION timeline_event_refuse()"""
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
