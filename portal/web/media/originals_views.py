"""Photos as they were sent, EXIF and all: for staff who may, for five minutes, on the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, abort, current_app, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeSerializer

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.images import ImageFormat
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.reports.models import Photo
from portal.domain.reports.photos import original_key, photo_by_key
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event
from portal.web.access import actor, public, require
from portal.web.media.answers import PRIVATE, absent, stored_object
from portal.web.media.door import bp
from portal.web.media.photo_views import is_in_scope

LIFETIME = timedelta(minutes=5)
_MEDIA_TYPES = {kind.value: kind.media_type for kind in ImageFormat}


@bp.post("/originals/<key>")
@require(Permission.OPEN_ORIGINAL)
def original_link(key: str) -> ResponseReturnValue:
    """Put the opening on record and lead to a link of five minutes for this user alone."""
    csrf: CSRFProtect = current_app.extensions["csrf"]
    csrf.protect()
    by, at = actor(), now()
    found = photo_by_key(key)
    if found is None or not is_in_scope(found, by):
        abort(404)
    with transaction():
        _record(found, by, at)
    return redirect(url_for("media.original", signed=sign(key, by, at + LIFETIME)), code=303)


@bp.get("/original/<signed>")
@public
def original(signed: str) -> Response:
    """The photo as it was sent, as a download; a link that is over, or another's, is a 404."""
    by = actor()
    found = _opened(signed, by)
    if found is None or found.report is None or not is_in_scope(found, by):
        return absent()
    name = f"{found.report.number}-{found.position + 1}.{found.format}"
    media_type = _MEDIA_TYPES.get(found.format, "application/octet-stream")
    return stored_object(original_key(found.key), media_type, PRIVATE, attachment=name)


def sign(key: str, by: Actor, until: datetime) -> str:
    """The signed name of a photo's original: for one user, until a moment."""
    return _signer().dumps([key, by.user_id, int(until.timestamp())])


def _opened(signed: str, by: Actor) -> Photo | None:
    """The photo a signed name opens for `by` now."""
    try:
        key, user_id, until = _signer().loads(signed)
    except (BadData, ValueError):
        return None
    is_over = datetime.fromtimestamp(until, UTC) < now()
    if is_over or by.user_id != user_id or not by.may(Permission.OPEN_ORIGINAL):
        return None
    return photo_by_key(key)


def _signer() -> URLSafeSerializer:
    # itsdangerous' own expiry reads the machine's clock; ours must follow the portal's.
    secret: Any = current_app.secret_key
    return URLSafeSerializer(secret, salt="media.original")


def _record(photo: Photo, by: Actor, at: datetime) -> None:
    assert photo.report_id is not None  # noqa: S101 - in scope means: part of a report
    record_event(
        Happening(
            subject_kind=SUBJECT,
            subject_id=photo.report_id,
            kind="original_opened",
            at=at,
            actor_kind=by.kind,
            actor_id=by.user_id,
            department_id=by.department_id,
            data={"photo": photo.id},
        )
    )
