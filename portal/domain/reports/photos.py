"""Photos 照片: taken in raw, claimed once by a report, decided on by a publisher."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.ids import random_key
from portal.core.text import N_
from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.ports import PhotoStore
from portal.domain.reports.models import Photo, PhotoKind, PhotoStatus, Report
from portal.domain.timeline.services import Happening, record_event

MOST_PHOTOS = 9
MOST_BYTES = 20 * 1024 * 1024
UNCLAIMED_DAYS = 7
EVENT = "photo_received"


class PhotoRefusedError(PortalError):
    """Not a picture we take."""

    code = "photo_refused"
    http_status = 415


@dataclass(frozen=True)
class Stored:
    """A photo that already lies on disk, durably: its key, decoded-format guess, length, digest."""

    key: str
    format: str
    size_bytes: int
    sha256: str


class _Store:
    photos: PhotoStore


def connect(store: PhotoStore) -> None:
    """Tell this room where photos lie; done once by portal.wiring."""
    _Store.photos = store


def photo_store() -> PhotoStore:
    """Where photos lie."""
    return _Store.photos


def original_key(key: str) -> str:
    """The object that holds the photo as it was sent."""
    return f"{key}-original"


def rendition_key(key: str, size: int) -> str:
    """The object that holds the `size` px version (long side) of photo or public key `key`."""
    return f"{key}-{size}.jpg"


def store_original(stream: BinaryIO, format_name: str) -> Stored:
    """Write the photo durably before any row names it. Raises StorageFullError (507)."""
    key = random_key()
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    stream.seek(0)
    size = _Store.photos.put(original_key(key), stream)
    return Stored(key, format_name, size, digest.hexdigest())


def receive_photo(stored: Stored, kind: PhotoKind, *, by: Actor, at: datetime) -> Photo:
    """Add the row of a stored photo, not yet part of any report, and have it processed."""
    photo = Photo(
        key=stored.key,
        upload_id=random_key(),
        kind=kind,
        format=stored.format,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        received_at=at,
        by_user_id=by.user_id,
        department_id=by.department_id,
    )
    db.session.add(photo)
    db.session.flush()
    record_event(Happening("photo", photo.id, EVENT, at, by.kind, by.user_id))
    return photo


def unclaimed_photos(
    upload_ids: Sequence[str],
    at: datetime,
    *,
    kind: PhotoKind = PhotoKind.EVIDENCE,
    by: Actor = REPORTER,
) -> list[Photo]:
    """The photos that `by` sent ahead as `kind` under `upload_ids`, in that order.

    Raises InvalidFieldsError naming an id that is unknown, claimed, older than 7 days, or of
    another kind or sender: staff cannot pass a photo off as a resident's evidence.
    """
    if not upload_ids:
        return []
    query = select(Photo).where(
        Photo.upload_id.in_(upload_ids),
        Photo.report_id.is_(None),
        Photo.kind == kind,
        Photo.by_user_id == by.user_id,
        Photo.received_at > at - timedelta(days=UNCLAIMED_DAYS),
    )
    # Locked: two filings that name the same photo must not both get it.
    found = {photo.upload_id: photo for photo in db.session.scalars(query.with_for_update())}
    for upload_id in upload_ids:
        if upload_id not in found:
            message = f"{upload_id}: " + N_("这张照片找不到了，请重新添加。")
            raise InvalidFieldsError.one("photo_ids", "unknown_photo", message)
    return [found[upload_id] for upload_id in dict.fromkeys(upload_ids)]


def attach_photo(photo: Photo, report: Report) -> None:
    """Make a received photo part of `report`, behind those it has."""
    photo.position = len(photos_of(report))
    photo.report_id = report.id
    photo.round = report.reopened_count
    if report.photos_expected and photo.kind == PhotoKind.EVIDENCE:
        report.photos_expected -= 1
    db.session.flush()


def photos_of(report: Report, *kinds: PhotoKind) -> list[Photo]:
    """The report's photos in order, of `kinds` or all."""
    query = select(Photo).where(Photo.report_id == report.id)
    if kinds:
        query = query.where(Photo.kind.in_(kinds))
    return list(db.session.scalars(query.order_by(Photo.position, Photo.id)))


def is_told(photo: Photo, report: Report) -> bool:
    """Whether an after-photo belongs to an outcome that the reporter has been told.

    What a department proposes stays inside until the reviewer resolves; of a case that is being
    done again, the photos of the earlier rounds stay told.
    """
    return report.resolved_at is not None or photo.round < report.reopened_count


def photo_by_key(key: str) -> Photo | None:
    """The photo behind a private media key."""
    return db.session.scalar(select(Photo).where(Photo.key == key))


def photo_by_public_key(key: str) -> Photo | None:
    """The released photo behind a public media key; None when it is not (or no longer) public."""
    return db.session.scalar(
        select(Photo).where(Photo.public_key == key, Photo.status == PhotoStatus.RELEASED)
    )


def drop_unclaimed(at: datetime, limit: int = 200) -> list[str]:
    """Delete the rows of photos nobody claimed for 7 days; returns keys whose objects may go."""
    query = (
        select(Photo)
        .where(Photo.report_id.is_(None), Photo.received_at <= at - timedelta(days=UNCLAIMED_DAYS))
        .limit(limit)
    )
    stale = list(db.session.scalars(query))
    for photo in stale:
        db.session.delete(photo)
    return [photo.key for photo in stale]


def discard_photo(upload_id: str, *, by: Actor) -> str | None:
    """Forget a photo that `by` sent ahead and does not want any more, e.g. to cover a face in it.

    Returns the key whose objects may go; None when there is no such photo or a report has it.
    """
    query = select(Photo).where(
        Photo.upload_id == upload_id,
        Photo.report_id.is_(None),
        Photo.by_user_id == by.user_id,
    )
    photo = db.session.scalar(query.with_for_update())
    if photo is None:
        return None
    db.session.delete(photo)
    return photo.key


def delete_objects(key: str) -> None:
    """Remove the original and every version of a photo from the store."""
    for name in (original_key(key), *(rendition_key(key, size) for size in (1600, 400, 160))):
        _Store.photos.delete(name)


def delete_unnamed(keys: Sequence[str]) -> None:
    """Remove those photos from the store that no row names: what they came with was refused."""
    if not keys:
        return
    named = set(db.session.scalars(select(Photo.key).where(Photo.key.in_(keys))))
    for key in keys:
        if key not in named:
            delete_objects(key)


def mark_broken(photo: Photo, reason: str) -> None:
    """Keep the report, mark the photo; the reporter is told on the track page."""
    photo.status, photo.reason = PhotoStatus.BROKEN, reason
