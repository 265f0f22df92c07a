"""Making photos showable: 1600, 400 and 160 px from rebuilt pixels, EXIF time, hash, distance."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj

from sqlalchemy.orm import Session

from portal.core.clock import now
from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.core.images import (
    Box,
    BrokenImageError,
    Inspection,
    Processed,
    process_in_subprocess,
)
from portal.domain.publication.correcting import is_kept_back
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.services import DECIDABLE
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import (
    delete_objects,
    mark_broken,
    original_key,
    photo_store,
    photos_of,
    rendition_key,
)
from portal.domain.reports.vault import seal_position
from portal.domain.timeline.models import TimelineEvent

Write = Callable[[], None]
DieAt = Callable[[str], None]


def _spared(_point: str) -> None:
    """Outside a drill nobody dies."""


class Derivatives:
    """Subscriber `derivatives`: renders a photo that came in."""

    def __init__(self, die_at: DieAt = _spared) -> None:
        self._die_at = die_at

    def __call__(self, event: TimelineEvent) -> Write | None:
        """Render the photo of a `photo_received` event; broken files keep the report."""
        photo = db.session.get(Photo, event.subject_id)
        if photo is None or photo.status != PhotoStatus.RECEIVED:
            return None
        photo_id, key = photo.id, photo.key
        db.session.rollback()  # decoding takes long; hold no snapshot meanwhile
        try:
            made = _render(key, ())
        except BrokenImageError as fault:
            reason, status = fault.detail, _failed(fault)
            return lambda: _write_broken(photo_id, reason, status)
        _put(made, key, self._die_at)
        return lambda: _write_ready(photo_id, key, made)


class PublicRenditions:
    """Subscriber `public_renditions`: renders released photos anew, black-outs painted in."""

    def __init__(self, die_at: DieAt = _spared) -> None:
        self._die_at = die_at

    def __call__(self, event: TimelineEvent) -> Write | None:
        """Render what a `publish` event released, then show it."""
        todo = [_PublicJob(p) for p in _released(event.data.get("photos", ()))]
        report_id = event.subject_id
        db.session.rollback()
        for job in todo:
            _put(_render(job.key, job.boxes), job.public_key, self._die_at)
        return lambda: _write_public(report_id, todo)


class _PublicJob:
    def __init__(self, photo: Photo) -> None:
        self.photo_id, self.key, self.public_key = photo.id, photo.key, photo.public_key or ""
        self.boxes = [Box(*box) for box in photo.boxes]


def seal_positions(event: TimelineEvent) -> Write | None:
    """Subscriber `positions`: photos sent ahead get their EXIF position sealed once claimed."""
    report = db.session.get(Report, event.subject_id)
    if report is None:
        return None
    waiting = [
        (photo.id, photo.key)
        for photo in photos_of(report)
        if PhotoStatus(photo.status) in DECIDABLE and photo.sealed_position is None
    ]
    db.session.rollback()
    facts = [(photo_id, _render(key, ()).inspection) for photo_id, key in waiting]

    def write() -> None:
        for photo_id, inspection in facts:
            _seal(db.session.get_one(Photo, photo_id), inspection)

    return write


def _failed(fault: BrokenImageError) -> PhotoStatus:
    return PhotoStatus.REFUSED if fault.reason.is_refused else PhotoStatus.BROKEN


def _render(key: str, boxes: Sequence[Box]) -> Processed:
    with _on_disk(original_key(key)) as path:
        return process_in_subprocess(path, boxes)


@contextmanager
def _on_disk(object_key: str) -> Iterator[Path]:
    """The object as a file: the store's own where it has one, else a copy."""
    path = photo_store().path(object_key)
    if path is not None:
        yield path
        return
    with tempfile.NamedTemporaryFile() as copy, photo_store().get(object_key) as source:
        copyfileobj(source, copy)
        copy.flush()
        yield Path(copy.name)


def _put(made: Processed, key: str, die_at: DieAt) -> None:
    for size, picture in made.renditions.items():
        photo_store().put(rendition_key(key, size), picture)
        die_at("mid_photo")


def _write_ready(photo_id: int, key: str, made: Processed) -> None:
    photo = db.session.get(Photo, photo_id)
    if photo is None:  # discarded while it was rendered: nothing of it stays
        delete_objects(key)
        return
    facts = made.inspection
    photo.status, photo.phash = PhotoStatus.READY, made.phash
    photo.width, photo.height, photo.taken_at = facts.width, facts.height, facts.taken_at
    _seal(photo, facts)


def _write_broken(photo_id: int, reason: str, status: PhotoStatus) -> None:
    photo = db.session.get(Photo, photo_id)
    if photo is None:
        return
    mark_broken(photo, reason)
    photo.status = status


def _seal(photo: Photo, facts: Inspection) -> None:
    """Keep the exact position in the vault, and in clear only how far off the named place it is."""
    session: Session = db.session()
    report = session.get(Report, photo.report_id) if photo.report_id else None
    if report is None or facts.position is None:
        return
    seal_position(report, photo, facts.position.lat, facts.position.lng)
    if report.lat is not None and report.lng is not None:
        named = Point(report.lat, report.lng)
        taken = Point(facts.position.lat, facts.position.lng)
        photo.distance_m = round(haversine_m(named, taken))


def _released(photo_ids: Sequence[int]) -> list[Photo]:
    found = (db.session.get(Photo, photo_id) for photo_id in photo_ids)
    return [p for p in found if p is not None and p.status == PhotoStatus.RELEASED and p.public_key]


def _write_public(report_id: int, jobs: Sequence[_PublicJob]) -> None:
    for job in jobs:
        photo = db.session.get_one(Photo, job.photo_id)
        is_current = photo.public_key == job.public_key  # a later decision may have replaced it
        if is_current and not is_kept_back(photo):
            photo.released_at = now()
    db.session.flush()
    refresh_public_case(db.session.get_one(Report, report_id), now())
