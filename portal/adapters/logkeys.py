"""The private keys that sign the public log's heads: from LOG_KEYS, else a file of the instance."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from pathlib import Path

from portal.core.signing import SEED_BYTES, Signer


class LogKeyError(ValueError):
    """The keys cannot be used; the message says why and never quotes one."""


class LogKeys:
    """The newest key first: it signs, and the one behind it endorses it.

    Read when a head is signed, so that processes that sign none never hold a key.
    """

    def __init__(self, setting: str, file: Path) -> None:
        self._setting, self._file = setting, file

    def signers(self) -> list[Signer]:
        """Every key at hand, newest first; the first one is made when there is none.

        Raises LogKeyError.
        """
        if self._setting:
            return parse_log_keys(self._setting)
        if not self._file.exists():
            self._write([])
        return parse_log_keys(self._file.read_text(encoding="ascii"))

    def rotate(self) -> None:
        """Put a fresh key in front of those of the file.

        Raises LogKeyError where the setting holds the keys: then that must be changed.
        """
        if self._setting:
            raise LogKeyError("LOG_KEYS holds the keys: put a new one in front there")
        self._write(self.signers())

    def _write(self, older: list[Signer]) -> None:
        """Durably, whole or not at all, and readable by nobody else."""
        seeds = [secrets.token_bytes(SEED_BYTES), *(signer.seed for signer in older)]
        text = ",".join(base64.b64encode(seed).decode() for seed in seeds) + "\n"
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._file.with_suffix(f".{os.getpid()}")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if older or not self._file.exists():
            part.replace(self._file)
        part.unlink(missing_ok=True)


def parse_log_keys(text: str) -> list[Signer]:
    """Keys of 32 bytes in base64, separated by commas. Raises LogKeyError."""
    signers = []
    for number, part in enumerate((p.strip() for p in text.split(",") if p.strip()), start=1):
        try:
            seed = base64.b64decode(part, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != SEED_BYTES:
            raise LogKeyError(f"key {number} of LOG_KEYS is not 32 bytes in base64")
        signers.append(Signer(seed))
    if not signers:
        raise LogKeyError("there is no key to sign the public log with")
    return signers
