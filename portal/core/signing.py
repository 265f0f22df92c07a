"""Ed25519 signatures over short texts, and the form in which a log's head is signed.

The form is the C2SP signed note with a checkpoint as its text: other tools read it as well.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32
_ED25519 = b"\x01"  # the algorithm's number in a signed note


@dataclass(frozen=True)
class Signer:
    """A private key of 32 bytes; never shown."""

    seed: bytes = field(repr=False)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self._key().public_key().public_bytes_raw()

    def sign(self, text: str) -> bytes:
        """The signature over `text`, 64 bytes."""
        return self._key().sign(text.encode())

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def is_signed(text: str, signature: bytes, public: bytes) -> bool:
    """Whether the owner of `public` signed exactly `text`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """What a public key is called: the beginning of its SHA-256, 16 hexadecimal digits."""
    return hashlib.sha256(public).hexdigest()[:16]


def head_text(origin: str, size: int, root: bytes, at: datetime) -> str:
    """What is signed of a head: whose log, how many leaves, their root, and when."""
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\ntime {moment}\n"


def signed_note(text: str, origin: str, public: bytes, signature: bytes) -> str:
    """`text` with its signature under it, as a C2SP signed note."""
    named = hashlib.sha256(f"{origin}\n".encode() + _ED25519 + public).digest()[:4]
    return f"{text}\n— {origin} {base64.b64encode(named + signature).decode()}\n"
