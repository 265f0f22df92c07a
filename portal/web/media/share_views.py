"""The picture that a shared link to a published case shows."""

from __future__ import annotations

from functools import lru_cache

from flask import Response

from portal.core.images import share_picture
from portal.domain.ports import MissingObjectError
from portal.domain.publication.models import PublicLevel
from portal.domain.publication.queries import public_case
from portal.domain.reports.photos import photo_by_public_key, photo_store, rendition_key
from portal.web.access import public
from portal.web.media.answers import absent, picture
from portal.web.media.door import bp
from portal.web.media.photo_views import PUBLIC

_LARGE = 1600


@bp.get("/share/<number>.jpg")
@public
def share(number: str) -> Response:
    """Before and after of a published case in one picture of 1200 × 630 px; 404 without photos."""
    case = public_case(number)
    if case is None or case.level != PublicLevel.PUBLISHED:
        return absent()
    shown = [photo["key"] for photo in (case.before, case.after) if photo]
    keys = tuple(key for key in shown if photo_by_public_key(key) is not None)
    try:
        return picture(_composed(keys), "-".join(keys), PUBLIC) if keys else absent()
    except MissingObjectError:
        return absent()


@lru_cache(maxsize=16)
def _composed(keys: tuple[str, ...]) -> bytes:
    """Bytes under a key never change, so neither does what is made of them."""
    photos = []
    for key in keys:
        with photo_store().get(rendition_key(key, _LARGE)) as source:
            photos.append(source.read())
    return share_picture(photos)
