"""short seals: a leaf's data packed, its hash no longer beside it"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
AT_ONCE = 2_000
HASH = r'"([0-9a-f]{64})"'
ENTRY = re.compile(
    rf'\{{(?:"case":{HASH},)?(?:"content":{HASH},)?"event":{HASH}'
    r'(?:,"kind":"([a-z_]+)","on":"(\d{4})-(\d\d)-(\d\d)")?,"v":1\}',
    re.ASCII,
)


def upgrade() -> None:
    """short seals: a leaf's data packed, its hash no longer beside it"""
    _put_aside()
    op.create_table(
        "seal",
        *_places(),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.LargeBinary(8), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        *_keys(),
    )
    _refill(_short)
    op.create_index("ix_seal_mark", "seal", ["mark"])
    _guard()


def downgrade() -> None:
    """Undo it."""
    _put_aside()
    op.create_table(
        "seal",
        *_places(),
        sa.Column("entry", sa.Text(), nullable=False),
        sa.Column("leaf", sa.String(64), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        *_keys(),
    )
    _refill(_long)
    op.create_index("ix_seal_leaf", "seal", ["leaf"])
    _guard()


def _places() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("event_id", ID, nullable=False),
    )


def _keys() -> tuple[sa.Constraint, sa.Constraint]:
    return (
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_seal")),
        sa.UniqueConstraint("event_id", name=op.f("uq_seal_event_id")),
    )


def _put_aside() -> None:
    op.rename_table("seal", "seal_before")
    if not _is_sqlite():
        for name in ("pk_seal", "uq_seal_event_id"):
            op.execute(f"ALTER INDEX {name} RENAME TO {name}_before")


def _refill(turned: Any) -> None:
    """Write every seal anew, in its place; then forget what was before, triggers and all."""
    bind, low = op.get_bind(), 0
    before, after = (sa.Table(name, sa.MetaData(), autoload_with=bind) for name in _NAMES)
    query = sa.select(before).order_by(before.c.seq).limit(AT_ONCE)
    while rows := bind.execute(query.where(before.c.seq >= low)).mappings().all():
        bind.execute(sa.insert(after), [turned(row) for row in rows])
        low = rows[-1]["seq"] + 1
    op.drop_table("seal_before")


_NAMES = ("seal_before", "seal")


def _short(row: Any) -> dict[str, Any]:
    at: datetime = row["sealed_at"]
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return {
        **{name: row[name] for name in ("seq", "event_id")},
        "entry": pack(row["entry"]),
        "mark": bytes.fromhex(row["leaf"][:16]),
        "sealed_at": int(at.timestamp()),
    }


def _long(row: Any) -> dict[str, Any]:
    entry = unpack(bytes(row["entry"]))
    at = datetime.fromtimestamp(row["sealed_at"], UTC)
    return {
        **{name: row[name] for name in ("seq", "event_id")},
        "entry": entry,
        "leaf": hashlib.sha256(b"\x00" + entry.encode()).hexdigest(),
        "sealed_at": at.replace(tzinfo=None) if _is_sqlite() else at,
    }


def pack(entry: str) -> bytes:
    """As openlog/packing.py did when this was written."""
    found = ENTRY.fullmatch(entry)
    if found is None:
        return b"\x80" + entry.encode()
    case, content, event, kind, *day = found.groups()
    hashes = [bytes.fromhex(each) for each in (event, case, content) if each]
    parts = (1 if case else 0) | (2 if content else 0) | (4 if kind else 0)
    step = int("".join(day)).to_bytes(4) + kind.encode() if kind else b""
    return bytes([parts]) + b"".join(hashes) + step


def unpack(packed: bytes) -> str:
    """The other way round."""
    parts = packed[0]
    if parts & 128:
        return packed[1:].decode()
    width = 32 * (1 + bool(parts & 1) + bool(parts & 2))
    event, *others = [packed[at : at + 32].hex() for at in range(1, 1 + width, 32)]
    said: Sequence[str] = [name for bit, name in ((1, "case"), (2, "content")) if parts & bit]
    clear = "".join(f'"{name}":"{each}",' for name, each in zip(said, others, strict=True))
    day, kind = packed[1 + width : 5 + width], packed[5 + width :].decode()
    on = f"{int.from_bytes(day):08d}"
    step = f',"kind":"{kind}","on":"{on[:4]}-{on[4:6]}-{on[6:]}"' if parts & 4 else ""
    return f'{{{clear}"event":"{event}"{step},"v":1}}'


def _guard() -> None:
    """Insert-only, as before. On PostgreSQL the function is still there."""
    if _is_sqlite():
        for word in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER seal_no_{word.lower()} BEFORE {word} ON seal "
                "BEGIN SELECT RAISE(ABORT, 'seal is insert-only'); END"
            )
        return
    op.execute(
        """CREATE TRIGGER seal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE
        ON seal FOR EACH STATEMENT EXECUTE FUNCTION seal_refuse()"""
    )


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
