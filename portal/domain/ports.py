"""What the rooms need from outside, as Protocols; `portal.adapters` implements them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from portal.core.errors import NotFoundError, PortalError
from portal.core.text import N_


class StorageFullError(PortalError):
    """No room for another photo: refuse before acknowledging, never after."""

    code = "storage_full"
    http_status = 507

    def __init__(self, detail: str = "") -> None:
        super().__init__(
            detail or N_("存储空间不足，照片暂时收不下。文字可以先提交，照片稍后再补。")
        )


class MissingObjectError(NotFoundError):
    """Nothing is stored under that key."""

    code = "object_missing"


class ChannelError(PortalError):
    """A message could not be handed over. `permanent`: trying again will not help."""

    code = "channel_failed"
    http_status = 503

    def __init__(self, detail: str = "", *, permanent: bool = False) -> None:
        super().__init__(detail)
        self.permanent = permanent


class PhotoStore(Protocol):
    """Photos and their renditions as named objects.

    A key is lower-case hexadecimal (see `core.ids.random_key`) with at most two short suffixes,
    such as `9f…-1600.jpg`. Every method raises ValueError for any other key.
    """

    def put(self, key: str, data: IO[bytes] | bytes) -> int:
        """Store `data` under `key`, replacing what was there, and return its length in bytes.

        Durable when it returns: a power cut right after loses nothing. Raises StorageFullError.
        """
        ...

    def get(self, key: str) -> BinaryIO:
        """Open the object for reading; the caller closes it. Raises MissingObjectError."""
        ...

    def size(self, key: str) -> int | None:
        """Length in bytes, or None when nothing is stored under `key`."""
        ...

    def delete(self, key: str) -> None:
        """Remove the object; nothing happens when there is none."""
        ...

    def path(self, key: str) -> Path | None:
        """Where the object lies on this machine's disk, or None: a hint that saves copying.

        Stores without a file system always answer None; the caller then reads through `get`.
        """
        ...


class KeyStore(Protocol):
    """Wrapped per-report data keys, outside the database and its backups.

    Deleting a key is how an identity is shredded: its ciphertext, wherever copies of it lie, can
    then never be read again. Write the key before committing the row that needs it: a key without
    a row is harmless, a row without its key is lost.
    """

    def put(self, key_id: str, wrapped: bytes) -> None:
        """Store a wrapped key durably; replaces an older wrapping of the same id."""
        ...

    def get(self, key_id: str) -> bytes | None:
        """The wrapped key, or None when it was never there or has been shredded."""
        ...

    def delete(self, key_id: str) -> None:
        """Shred the key; nothing happens when there is none."""
        ...


@dataclass(frozen=True)
class Message:
    """One thing to tell one recipient; `address` is a phone number, mail address or URL."""

    address: str = field(repr=False)
    subject: str
    body: str
    # The same for every attempt, so that a receiver can drop a duplicate.
    idempotency_key: str = ""


class Channel(Protocol):
    """A way to reach people: mail, SMS, webhook, console."""

    name: str

    def send(self, message: Message) -> None:
        """Hand `message` over. Raises ChannelError."""
        ...


@dataclass(frozen=True)
class Lesson:
    """One closed report to learn from: its text, further tokens, and what was decided."""

    text: str = field(repr=False)
    label: str
    more: Sequence[str] = ()


@dataclass(frozen=True)
class Weights:
    """What was learned: labels, and for each n-gram one weight per label, in their order."""

    labels: Sequence[str]
    terms: Mapping[str, Sequence[float]]


class Classifier(Protocol):
    """Learns labels of texts, in the worker or a command, never in a web process."""

    def learn(self, lessons: Sequence[Lesson]) -> Weights:
        """Weights that `triage.learning` reads; nothing in them belongs to one report alone."""
        ...
