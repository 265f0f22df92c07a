"""/report/photos: photos sent one by one, before or after the report they belong to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.text import clean
from portal.domain.accounts.actor import REPORTER
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import (
    MOST_BYTES,
    PhotoRefusedError,
    Stored,
    delete_objects,
    discard_photo,
    receive_photo,
)
from portal.domain.reports.receipts import (
    IDEMPOTENCY_DAYS,
    earned_receipt,
    keep_receipt,
    reserve,
)
from portal.domain.reports.sent_later import add_photos, report_by_id
from portal.web.access import public
from portal.web.citizen.admission import photo_admitted
from portal.web.citizen.attempts import idempotency_key
from portal.web.citizen.entrance import bp
from portal.web.citizen.signed_tokens import report_id_of
from portal.web.incoming_photos import (
    digest_of,
    is_too_large,
    refusal_of,
    store_photo,
)
from portal.web.limits import PHOTO_CEILING, limited

_ENVELOPE_BYTES = 64 * 1024  # the rest of the multipart body
_KEEPS = timedelta(days=IDEMPOTENCY_DAYS)


@bp.post("/report/photos")
@public
@limited(PHOTO_CEILING)
def send_photo() -> ResponseReturnValue:
    """Take one photo: 201 with the id that a report claims it by."""
    request.max_content_length = MOST_BYTES + _ENVELOPE_BYTES
    at, key = now(), idempotency_key(request)
    file = _photo()
    token = request.form.get("upload_token", "")
    report_id = report_id_of(token) if token else None
    handle, digest = f"photo:{key}" if key else None, f"{digest_of(file)[:48]}-{report_id or 0}"
    earned = earned_receipt(handle, digest, at) if handle else None
    if earned:
        return jsonify(earned), 201
    with photo_admitted(request.form.get("altcha", ""), at):
        return jsonify(_take(file, report_id, (handle, digest), at)), 201


@bp.post("/report/photos/discard")
@public
@limited(PHOTO_CEILING)
def discard_sent_photo() -> ResponseReturnValue:
    """Forget a photo sent ahead, by its id: 204, also when there is none to forget."""
    with transaction():
        key = discard_photo(clean(request.form.get("id", "")), by=REPORTER)
    if key is not None:
        delete_objects(key)
    return "", 204


def _photo() -> FileStorage:
    file = request.files.get("photo")
    if file is None or not file.filename:
        raise InvalidFieldsError.one("photo", "required", _("请选一张照片。"))
    if is_too_large(file):
        raise PortalError(_("这张超过20MB，请换小一点的。"), code="too_large", http_status=413)
    if reason := refusal_of(file):
        raise PhotoRefusedError(reason)
    return file


def _take(
    file: FileStorage, report_id: int | None, once: tuple[str | None, str], at: datetime
) -> dict[str, Any]:
    """Store durably, then write the row; the answer is kept under the Idempotency-Key."""
    handle, digest = once
    stored = store_photo(file)
    with transaction():
        if handle and (earned := reserve(handle, digest, at)):
            return earned
        answer = _receive(stored, report_id, at)
        if handle:
            keep_receipt(handle, answer, at + _KEEPS)
    return answer


def _receive(stored: Stored, report_id: int | None, at: datetime) -> dict[str, Any]:
    photo = receive_photo(stored, PhotoKind.EVIDENCE, by=REPORTER, at=at)
    if report_id is not None:
        report = report_by_id(report_id)
        if report is None:
            raise PortalError(http_status=404, code="not_found")
        add_photos(report, [photo], by=REPORTER, at=at)
    return {"id": photo.upload_id, "status": photo.status}
