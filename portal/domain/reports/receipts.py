"""Receipts 回执 that only the holder of a handle can read again.

A handle is an Idempotency-Key, a form token's nonce or the random value of a cookie. The database
keeps its hash and the receipt encrypted under a key derived from the handle itself, so that a
stolen database shows no query code.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Insert, bindparam, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from portal.core.crypto import (
    DecryptionError,
    decrypt_field,
    derive_key,
    encrypt_field,
    is_same,
)
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.glance import Glance
from portal.core.text import N_
from portal.domain.reports.models import SealedReceipt

IDEMPOTENCY_DAYS = 7
COOKIE_MINUTES = 30
TWIN_WAIT_S = 5
# Asked at every filing, and nearly always answered no.
_KNOWN = Glance(select(func.count()).where(SealedReceipt.handle_hash == bindparam("name", "")))


class KeyReusedError(ConflictError):
    """The same Idempotency-Key came with another body."""

    code = "idempotency_key_reused"


class TwinInProgressError(ConflictError):
    """The same filing is being taken in right now, by another request."""

    code = "twin_in_progress"


def handle_hash(handle: str) -> str:
    """Under which name a handle is stored."""
    return hashlib.sha256(f"receipt:{handle}".encode()).hexdigest()


def reserve(handle: str, body_digest: str, at: datetime) -> dict[str, Any] | None:
    """Claim `handle` for this filing, or return the receipt it already earned.

    A twin in another transaction makes this wait until that one ends. Raises KeyReusedError when
    the handle was used for another body, TwinInProgressError when the twin takes longer than
    TWIN_WAIT_S.
    """
    values = {
        "handle_hash": handle_hash(handle),
        "body_digest": _bound(body_digest, handle),
        "expires_at": at + timedelta(days=IDEMPOTENCY_DAYS),
    }
    claim = (
        _insert()
        .values(values)
        .on_conflict_do_nothing(index_elements=[SealedReceipt.handle_hash])
        .returning(SealedReceipt.handle_hash)
    )
    if _is_first(claim):
        return None
    row = db.session.get_one(SealedReceipt, values["handle_hash"], populate_existing=True)
    if not _is_same_body(row, body_digest, handle):
        raise KeyReusedError(N_("这个提交编号已经用过，内容却不一样。请重新打开页面再交。"))
    return _open(row, handle)


def _insert() -> sqlite.Insert | postgresql.Insert:
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(SealedReceipt)


def _is_first(claim: Insert) -> bool:
    """Whether the claim went in. SQLite writers queue at BEGIN; PostgreSQL waits for the twin."""
    if db.session.get_bind().dialect.name != "postgresql":
        return db.session.execute(claim).first() is not None
    db.session.execute(text(f"SET LOCAL lock_timeout = '{TWIN_WAIT_S}s'"))
    try:
        claimed = db.session.execute(claim).first() is not None
    except OperationalError as busy:
        raise TwinInProgressError(N_("同一件正在提交，请稍等几秒再试。")) from busy
    db.session.execute(text("SET LOCAL lock_timeout = DEFAULT"))
    return claimed


def earned_receipt(handle: str, body_digest: str, at: datetime) -> dict[str, Any] | None:
    """The receipt that `handle` has earned for this very body, or None; claims nothing.

    Raises KeyReusedError when the handle was used for another body.
    """
    name = handle_hash(handle)
    if not _KNOWN.one(name=name)[0]:
        return None
    row = db.session.get(SealedReceipt, name)
    if row is None or row.expires_at <= at:
        return None
    if not _is_same_body(row, body_digest, handle):
        raise KeyReusedError(N_("这个提交编号已经用过，内容却不一样。请重新打开页面再交。"))
    return _open(row, handle)


def keep_receipt(handle: str, receipt: dict[str, Any], expires_at: datetime) -> None:
    """Seal `receipt` under `handle`, into the reserved row or a new one."""
    name = handle_hash(handle)
    sealed = encrypt_field(
        json.dumps(receipt, ensure_ascii=False),
        derive_key(handle.encode(), "receipt"),
        table="sealed_receipt",
        column="ciphertext",
        row=name,
    )
    row = {"handle_hash": name, "ciphertext": sealed, "expires_at": expires_at}
    kept = _insert().values(row)
    reserved = [SealedReceipt.handle_hash]
    db.session.execute(
        kept.on_conflict_do_update(index_elements=reserved, set_={"ciphertext": sealed})
    )


def kept_receipt(handle: str, at: datetime) -> dict[str, Any] | None:
    """The receipt behind `handle`, or None when there is none or it has expired."""
    row = db.session.get(SealedReceipt, handle_hash(handle))
    if row is None or row.ciphertext is None or row.expires_at <= at:
        return None
    return _open(row, handle)


def drop_expired(at: datetime) -> None:
    """Forget receipts whose time is over."""
    db.session.execute(delete(SealedReceipt).where(SealedReceipt.expires_at <= at))


def _bound(body_digest: str, handle: str) -> str:
    """The digest as kept. The handle keys it: a bare digest beside the report's other columns
    would give away the phone number, for there are few enough to try them all.
    """
    key = derive_key(handle.encode(), "body")
    return hmac.new(key, body_digest.encode(), hashlib.sha256).hexdigest()


def _is_same_body(row: SealedReceipt, body_digest: str, handle: str) -> bool:
    return is_same(row.body_digest or "", _bound(body_digest, handle))


def _open(row: SealedReceipt, handle: str) -> dict[str, Any] | None:
    if row.ciphertext is None:
        return None
    try:
        plain = decrypt_field(
            row.ciphertext,
            derive_key(handle.encode(), "receipt"),
            table="sealed_receipt",
            column="ciphertext",
            row=row.handle_hash,
        )
    except DecryptionError:
        return None
    opened: dict[str, Any] = json.loads(plain)
    return opened
