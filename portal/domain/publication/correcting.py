"""Putting a released copy right: hiding it for a while, changing its words, taking photos back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.publication.models import PublicCopy
from portal.domain.publication.redaction import redact_personal
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event


@dataclass(frozen=True)
class Part:
    """What of a copy is meant: some photos by id, or the whole."""

    photos: tuple[int, ...] = ()
    whole: bool = False


@dataclass(frozen=True)
class Rectification:
    """A new text (None leaves it), photos taken back for good, and whether all of it goes."""

    text: str | None = None
    photos: tuple[int, ...] = ()
    whole: bool = False


def released_photos(report: Report) -> list[Photo]:
    """The photos that are out, and those only hidden for a while."""
    return [p for p in photos_of(report) if p.status == PhotoStatus.RELEASED and p.public_key]


def hide_part(report: Report, part: Part, *, by: Actor, at: datetime) -> None:
    """Take it from the public until further notice; its keys stop working at once."""
    copy = db.session.get_one(PublicCopy, report.id)
    copy.hidden_photos = sorted({*copy.hidden_photos, *part.photos})
    if part.whole:
        copy.hidden_at = at
    for photo in released_photos(report) if part.whole else _chosen(report, part.photos):
        photo.released_at = None
    db.session.flush()
    _tell(report, "copy_hidden", by, at, is_public=False)


def show_part(report: Report, part: Part, *, besides: Part, by: Actor, at: datetime) -> None:
    """Let it be seen again but what is hidden `besides`; nothing hidden changes nothing."""
    copy = db.session.get_one(PublicCopy, report.id)
    copy.hidden_photos = sorted(set(besides.photos))
    if besides.whole or not (part.photos or part.whole):
        return
    if part.whole:
        copy.hidden_at = None
    back = released_photos(report) if part.whole else _chosen(report, part.photos)
    for photo in back:
        if photo.id not in besides.photos:
            photo.released_at = at
    db.session.flush()
    _tell(report, "copy_shown", by, at, is_public=False)


def is_kept_back(photo: Photo) -> bool:
    """Whether a photo stays hidden although it was released, because an objection waits."""
    copy = db.session.get(PublicCopy, photo.report_id)
    return copy is not None and (copy.hidden_at is not None or photo.id in copy.hidden_photos)


def rectify_copy(report: Report, wanted: Rectification, *, by: Actor, at: datetime) -> None:
    """Change the released copy for good; its page says when."""
    copy = db.session.get_one(PublicCopy, report.id)
    if wanted.text is not None:
        copy.text = redact_personal(wanted.text)
    lost = released_photos(report) if wanted.whole else _chosen(report, wanted.photos)
    for photo in lost:
        photo.status, photo.public_key, photo.released_at = PhotoStatus.WITHHELD, None, None
    if wanted.whole:
        copy.revoked_at = at
    copy.revision += 1
    copy.corrected_at = at
    db.session.flush()
    _tell(report, "copy_corrected", by, at, is_public=True)


def _chosen(report: Report, photo_ids: tuple[int, ...]) -> list[Photo]:
    return [photo for photo in released_photos(report) if photo.id in photo_ids]


def _tell(report: Report, kind: str, by: Actor, at: datetime, *, is_public: bool) -> None:
    actor = (by.kind, by.user_id, by.department_id)
    record_event(Happening(SUBJECT, report.id, kind, at, *actor, is_public=is_public))
