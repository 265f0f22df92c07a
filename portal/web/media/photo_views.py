"""Renditions of photos: of released ones to everybody, of the others to who may see the report."""

from __future__ import annotations

from flask import Response

from portal.core.images import SIZES
from portal.domain.accounts.actor import Actor, ActorKind
from portal.domain.casework.scope import report_in_scope
from portal.domain.reports.models import Photo, PhotoKind
from portal.domain.reports.photos import is_told, photo_by_key, photo_by_public_key, rendition_key
from portal.web.access import actor, public
from portal.web.media.answers import PRIVATE, absent, stored_object
from portal.web.media.door import bp
from portal.web.tracked import tracked_report_id

# Bytes under a key never change, so a year would be correct. But a released photo can be withdrawn
# (不予公开 after a second round, an objection): an hour is how long it may then linger in caches.
PUBLIC = "public, max-age=3600"


@bp.get("/<key>/<int:size>.jpg")
@public
def photo(key: str, size: int) -> Response:
    """A photo, 160, 400 or 1600 px on its long side."""
    if size not in SIZES:
        return absent()
    released = photo_by_public_key(key)
    if released is not None and released.released_at is not None:
        return stored_object(rendition_key(key, size), "image/jpeg", PUBLIC)
    found = photo_by_key(key)
    if found is None or not (is_in_scope(found, actor()) or _is_the_reporters(found)):
        return absent()
    return stored_object(rendition_key(key, size), "image/jpeg", PRIVATE)


def is_in_scope(photo: Photo, viewer: Actor) -> bool:
    """Whether `viewer` is staff who see the photo's report."""
    if viewer.kind is not ActorKind.STAFF or photo.report is None:
        return False
    return report_in_scope(viewer, photo.report.number) is not None


def _is_the_reporters(photo: Photo) -> bool:
    """Reporters see what they sent, and what was put right once the case was resolved.

    Photos of site checks may show other people and have not been masked: never those.
    """
    if photo.report is None or photo.report_id != tracked_report_id():
        return False
    is_outcome = photo.kind == PhotoKind.AFTER and is_told(photo, photo.report)
    return photo.kind == PhotoKind.EVIDENCE or is_outcome
