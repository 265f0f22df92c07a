"""Photos that staff send with a form: durable before any row names them, kept when a form fails."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, cast

from flask import request
from flask_babel import gettext as _

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.core.images import HEAD_BYTES, ImageFormat, sniff
from portal.domain.accounts.actor import Actor
from portal.domain.reports.models import Photo, PhotoKind
from portal.domain.reports.photos import (
    MOST_BYTES,
    MOST_PHOTOS,
    Stored,
    receive_photo,
    store_original,
    unclaimed_photos,
)


def store_files(*fields: str) -> list[Stored]:
    """Write the files of these fields to disk.

    Raises InvalidFieldsError when one is no photo, too large, or there are too many: then none is
    written. Raises StorageFullError.
    """
    files = [f for name in fields for n in (name, f"{name}[]") for f in request.files.getlist(n)]
    files = [file for file in files if file.filename]
    if len(files) > MOST_PHOTOS:
        _refuse(fields[0], "too_many", _("一次最多%(n)s张照片。", n=MOST_PHOTOS))
    streams = [cast("BinaryIO", file.stream) for file in files]
    formats = [
        _format_of(stream, file.filename or "", fields[0])
        for stream, file in zip(streams, files, strict=True)
    ]
    return [
        store_original(stream, format_name)
        for stream, format_name in zip(streams, formats, strict=True)
    ]


def take_photos(
    stored: Sequence[Stored], kept: Sequence[str], kind: PhotoKind, by: Actor, at: datetime
) -> list[Photo]:
    """The photos of this form: those kept from an earlier try, and the new ones received now."""
    earlier = unclaimed_photos(kept, at, kind=kind, by=by) if kept else []
    return [*earlier, *(receive_photo(one, kind, by=by, at=at) for one in stored)]


def keep_photos(stored: Sequence[Stored], kind: PhotoKind, by: Actor, at: datetime) -> list[str]:
    """Receive the photos of a form that failed; returns the ids that its next try carries."""
    if not stored:
        return []
    with transaction():
        return [receive_photo(one, kind, by=by, at=at).upload_id for one in stored]


def _format_of(stream: BinaryIO, name: str, field: str) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    kind: ImageFormat | None = sniff(stream.read(HEAD_BYTES))
    stream.seek(0)
    if size > MOST_BYTES:
        _refuse(field, "too_large", _("%(name)s超过20MB。", name=name))
    if kind is None:
        words = _("%(name)s不是能收的照片，请用JPEG、PNG、WebP或HEIC。", name=name)
        _refuse(field, "not_a_photo", words)
    return str(kind)


def _refuse(field: str, code: str, message: str) -> None:
    raise InvalidFieldsError.one(field, code, message)
