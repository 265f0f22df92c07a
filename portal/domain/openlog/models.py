"""Seals, the tree over them, signed heads and the keys that signed; all but the lease insert-only.

Triggers refuse UPDATE, DELETE and REPLACE (migration `public_log`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId, WholeSeconds
from portal.core.merkle import leaf_hash
from portal.domain.openlog.packing import Packed

MARK = 4  # bytes of a leaf's hash; it is found among the very few that begin so


class Seal(Base):
    """封存: the place of one event in the log. `seq` counts from 0 without gaps.

    `event_id` is no foreign key on purpose: a seal outlives a deleted event and testifies to it.
    """

    __tablename__ = "seal"
    __table_args__ = (Index("ix_seal_mark", "mark"),)

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigId, unique=True)
    entry: Mapped[str] = mapped_column(Packed())  # the leaf's data (openlog/entries.py)
    mark: Mapped[bytes] = mapped_column(LargeBinary(MARK))  # the beginning of the leaf's hash
    sealed_at: Mapped[datetime] = mapped_column(WholeSeconds())

    @property
    def leaf(self) -> str:
        """The leaf's hash, hexadecimal."""
        return leaf_hash(self.entry.encode()).hex()


class LogNode(Base):
    """The root of a whole subtree: 256 leaves at level 1, 256 of those at level 2, and so on."""

    __tablename__ = "log_node"

    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pos: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class LogHead(Base):
    """账头: how the log stood at a moment, signed (core/signing.py); public up to the newest."""

    __tablename__ = "log_head"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    size: Mapped[int] = mapped_column(BigId, index=True)
    root: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]  # whole seconds
    origin: Mapped[str] = mapped_column(String(200))
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(128))


class LogKey(Base):
    """A key that signs heads, from `since` on; the one before it endorsed it, when it could."""

    __tablename__ = "log_key"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
    endorsed_by: Mapped[str | None] = mapped_column(String(16))
    endorsement: Mapped[str | None] = mapped_column(String(128))


class LogSealer(Base):
    """Who may seal at the moment: one row, taken for a while. The only row here that changes."""

    __tablename__ = "log_sealer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(40), default="")
    lease_until: Mapped[datetime | None]
