"""Photos that arrive with a request: looked at, written durably, or refused with a reason.

A photo that cannot be taken never stops the words that came with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from os import SEEK_END
from typing import IO

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.core.errors import InvalidFieldsError
from portal.core.images import HEAD_BYTES, sniff
from portal.domain.accounts.actor import REPORTER
from portal.domain.reports.models import Photo, PhotoKind
from portal.domain.reports.photos import (
    MOST_BYTES,
    MOST_PHOTOS,
    Stored,
    receive_photo,
    store_original,
    unclaimed_photos,
)

_NAME_MOST = 100
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Taken:
    """A photo as it came: stored, or refused for `reason` (a sentence for the reporter)."""

    name: str
    stored: Stored | None
    reason: str | None = None


def chosen(files: Sequence[FileStorage]) -> list[FileStorage]:
    """The files somebody chose; browsers also send a part for each input left empty."""
    return [file for file in files if file.filename or _size(file.stream)]


def digest_of(file: FileStorage) -> str:
    """SHA-256 of what was sent."""
    digest = hashlib.sha256()
    file.stream.seek(0)
    while chunk := file.stream.read(_CHUNK):
        digest.update(chunk)
    file.stream.seek(0)
    return digest.hexdigest()


def take_photos(files: Sequence[FileStorage], room: int = MOST_PHOTOS) -> list[Taken]:
    """Write up to `room` photos durably. Raises StorageFullError (507)."""
    taken: list[Taken] = []
    for file in files:
        full = sum(1 for one in taken if one.stored) >= room
        reason = (
            _("一次最多%(most)s张，这张没有收。", most=MOST_PHOTOS) if full else refusal_of(file)
        )
        stored = None if reason else store_photo(file)
        taken.append(Taken(name_of(file), stored, reason))
    return taken


def store_photo(file: FileStorage) -> Stored:
    """Write one photo that was not refused. Raises StorageFullError (507)."""
    kind = sniff(file.stream.read(HEAD_BYTES))
    file.stream.seek(0)
    stream: IO[bytes] = file.stream
    return store_original(stream, kind.value if kind else "")  # type: ignore[arg-type]


def is_too_large(file: FileStorage) -> bool:
    """Whether the file is larger than any photo we take."""
    return _size(file.stream) > MOST_BYTES


def refusal_of(file: FileStorage) -> str | None:
    """Why this file is not taken; None when it is."""
    if is_too_large(file):
        return _("这张超过20MB，没有收。请换小一点的。")
    kind = sniff(file.stream.read(HEAD_BYTES))
    file.stream.seek(0)
    if kind is None:
        return _("不是能收的照片。请用 JPEG、PNG、WebP 或 HEIC。")
    return None


def name_of(file: FileStorage) -> str:
    """The file's own name, for telling its sender which one is meant."""
    return (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:_NAME_MOST]


def receive_all(taken: Sequence[Taken], at: datetime) -> list[Photo]:
    """Rows for the photos that lie on disk; inside a transaction."""
    kind = PhotoKind.EVIDENCE
    return [receive_photo(one.stored, kind, by=REPORTER, at=at) for one in taken if one.stored]


def still_unclaimed(upload_ids: Sequence[str], at: datetime) -> list[str]:
    """Those of `upload_ids` that a form may still carry."""
    kept = []
    for upload_id in upload_ids[:MOST_PHOTOS]:
        try:
            unclaimed_photos([upload_id], at)
        except InvalidFieldsError:
            continue
        kept.append(upload_id)
    return kept


def _size(stream: IO[bytes]) -> int:
    size = stream.seek(0, SEEK_END)
    stream.seek(0)
    return size
