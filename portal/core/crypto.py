"""Field encryption, per-report keys, blind indexes and code digests.

Two independent secrets, so that each can be replaced alone:

* `FIELD_KEYS` is a ring. Its first key encrypts, all of them decrypt; a ciphertext names its key.
  Rotation: put a new key in front, re-wrap, drop the old one.
* Digests that must be *looked up* (phone index, query and reward codes) cannot be re-computed from
  what is stored, so they hang on neither the ring nor SECRET_KEY. They take a lookup key: 32 random
  bytes made once and kept wrapped by the ring beside the data keys
  (`portal.adapters.keystore.ensure_lookup_key`). Replacing FIELD_KEYS re-wraps it, replacing
  SECRET_KEY only ends sessions, and every receipt a resident holds stays good.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")
# A data key needs no name of its own: the row that uses it says which one it is.
_UNNAMED = ""


class KeyRingError(ValueError):
    """FIELD_KEYS cannot be used; the message says why and never quotes a key."""


class DecryptionError(Exception):
    """The ciphertext is damaged, belongs to another row, or its key is not at hand."""


@dataclass(frozen=True)
class KeyRing:
    """The keys of FIELD_KEYS, first one encrypting."""

    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `k2:base64,k1:base64`. Raises KeyRingError."""
        keys: dict[str, bytes] = {}
        for number, part in enumerate((p.strip() for p in text.split(",") if p.strip()), start=1):
            key_id, _, encoded = part.partition(":")
            if not _KEY_ID.fullmatch(key_id):
                raise KeyRingError(f"key {number} of FIELD_KEYS has no valid name before the colon")
            if key_id in keys:
                raise KeyRingError(f"FIELD_KEYS names {key_id} twice")
            keys[key_id] = _decode_key(key_id, encoded)
        if not keys:
            raise KeyRingError("FIELD_KEYS is empty: expected k1:<32 bytes in base64>")
        return cls(keys)

    @property
    def current(self) -> str:
        """The name of the key that encrypts."""
        return next(iter(self.keys))

    def encrypt(self, plaintext: bytes | str, *, table: str, column: str, row: str | int) -> bytes:
        """Encrypt under the first key, bound to table, column and row."""
        return _seal(plaintext, self.current, self.keys[self.current], _aad(table, column, row))

    def decrypt(self, ciphertext: bytes, *, table: str, column: str, row: str | int) -> bytes:
        """Undo `encrypt`. Raises DecryptionError."""
        key = self.keys.get(key_id_of(ciphertext))
        if key is None:
            raise DecryptionError("its key is not on the ring")
        return _open(ciphertext, key, _aad(table, column, row))

    def wrap(self, data_key: bytes, key_id: str) -> bytes:
        """A data key made safe to store, bound to `key_id`."""
        return self.encrypt(data_key, table="data_key", column="wrapped", row=key_id)

    def unwrap(self, wrapped: bytes, key_id: str) -> bytes:
        """Undo `wrap`. Raises DecryptionError."""
        return self.decrypt(wrapped, table="data_key", column="wrapped", row=key_id)

    def is_stale(self, ciphertext: bytes) -> bool:
        """Whether an older key than the first one made `ciphertext`."""
        return key_id_of(ciphertext) != self.current


def new_data_key() -> bytes:
    """A fresh 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def encrypt_field(
    plaintext: bytes | str, data_key: bytes, *, table: str, column: str, row: str | int
) -> bytes:
    """Encrypt one field under a data key, bound to table, column and row."""
    return _seal(plaintext, _UNNAMED, data_key, _aad(table, column, row))


def decrypt_field(
    ciphertext: bytes, data_key: bytes, *, table: str, column: str, row: str | int
) -> bytes:
    """Undo `encrypt_field`. Raises DecryptionError."""
    return _open(ciphertext, data_key, _aad(table, column, row))


def key_id_of(ciphertext: bytes) -> str:
    """The name of the key that made `ciphertext`; empty for a data key. Raises DecryptionError."""
    if len(ciphertext) < len(_VERSION) + 1 or ciphertext[:1] != _VERSION:
        raise DecryptionError("not a ciphertext of ours")
    return ciphertext[2 : 2 + ciphertext[1]].decode("ascii", "replace")


def derive_key(secret: bytes, info: str) -> bytes:
    """A 32-byte key for one purpose, by HKDF-SHA256."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info.encode()).derive(secret)


def blind_index(value: str, *, key: bytes, purpose: str) -> str:
    """An exact-match index of a normalised value, 64 hexadecimal digits.

    `key` is the lookup key. Without it a stolen table cannot be matched against all 10^11 phones.
    """
    return _digest(value, key, f"index:{purpose}")


def hmac_code(code: str, pepper: bytes, purpose: str) -> str:
    """The digest under which a query or reward code is stored, 64 hexadecimal digits.

    HMAC and not argon2: the codes have 80 bits, so guessing is hopeless at any speed.
    """
    return _digest(code, pepper, f"code:{purpose}")


def is_same(left: str, right: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def _digest(value: str, secret: bytes, info: str) -> str:
    return hmac.new(derive_key(secret, info), value.encode(), hashlib.sha256).hexdigest()


def _decode_key(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise KeyRingError(f"{key_id} in FIELD_KEYS is not base64") from None
    if len(key) != KEY_BYTES:
        raise KeyRingError(f"{key_id} in FIELD_KEYS has {len(key)} bytes, expected {KEY_BYTES}")
    return key


def _aad(table: str, column: str, row: str | int) -> bytes:
    if "|" in table or "|" in column:
        raise ValueError("a bar would make the binding ambiguous")
    return f"{table}|{column}|{row}".encode()


def _seal(plaintext: bytes | str, key_id: str, key: bytes, aad: bytes) -> bytes:
    data = plaintext.encode() if isinstance(plaintext, str) else plaintext
    nonce = secrets.token_bytes(_NONCE_BYTES)
    header = _VERSION + bytes([len(key_id)]) + key_id.encode("ascii")
    return header + nonce + AESGCM(key).encrypt(nonce, data, aad)


def _open(ciphertext: bytes, key: bytes, aad: bytes) -> bytes:
    key_id_of(ciphertext)
    body = ciphertext[2 + ciphertext[1] :]
    try:
        return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], aad)
    except (InvalidTag, ValueError):
        raise DecryptionError("damaged, or it belongs to another row") from None
