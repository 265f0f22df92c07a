"""One POST /report, from the request to the answer that its sender gets however often it is sent.

contracts.md: the same key and body give the same answer for 7 days; another body is refused. The
key is the Idempotency-Key, and the nonce of the form token: whichever came, both when both did. A
form that a script has begun to send and the browser finishes carries the key in a field.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Request

from portal.config import Settings
from portal.core.clock import local
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.ids import random_key, show_code
from portal.core.text import N_
from portal.domain.accounts.actor import REPORTER
from portal.domain.openlog.entries import leaf_of
from portal.domain.reports.filing import RECEIPT_VERSION, Filed, file_report
from portal.domain.reports.models import Photo
from portal.domain.reports.photos import MOST_PHOTOS, unclaimed_photos
from portal.domain.reports.receipts import (
    IDEMPOTENCY_DAYS,
    earned_receipt,
    keep_receipt,
    reserve,
)
from portal.web.citizen.admission import admitted
from portal.web.citizen.fields import Fields
from portal.web.citizen.forms import Filing, photo_ids, read_filing
from portal.web.citizen.signed_tokens import check_form_token, new_upload_token, nonce_of
from portal.web.incoming_photos import Taken, chosen, digest_of, receive_all, take_photos
from portal.web.limits import FILING_CEILING, stay_below

Answer = dict[str, Any]
T = TypeVar("T")
_KEEPS = timedelta(days=IDEMPOTENCY_DAYS)
_NOT_CONTENT = frozenset({"form_token", "altcha", "idempotency_key", "pressed_at"})


class UnparsableError(PortalError):
    """The body is not a form, or a damaged one."""

    code = "unparsable"
    http_status = 400


@dataclass
class Attempt:
    """What was sent, and under which handles it is sent only once. `taken` fills when photos are
    written, so that a refused form can hand them back.
    """

    form: MultiDict[str, str]
    files: Sequence[FileStorage]
    token: str
    handles: Sequence[str]
    digest: str
    taken: list[Taken] = field(default_factory=list)

    @property
    def needs_token(self) -> bool:
        """Programs with an Idempotency-Key may leave the form token out."""
        return bool(self.token) or not any(handle.startswith("key:") for handle in self.handles)


def read_attempt(request: Request) -> Attempt:
    """What `request` wants filed.

    Raises InvalidFieldsError for a key that is no UUID, UnparsableError for a body that is no form.
    """
    if request.content_length and not (request.form or request.files):
        raise UnparsableError(N_("没有读到表单。请用 multipart/form-data 提交。"))
    form, files = request.form, chosen(request.files.getlist("photos"))
    token = form.get("form_token", "")
    key, nonce = idempotency_key(request), nonce_of(token)
    handles = [f"key:{key}"] if key else []
    handles += [f"form:{nonce}"] if nonce else []
    return Attempt(form, files, token, handles, _digest(form, files))


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header or field, in one spelling. Raises InvalidFieldsError."""
    named = request.headers.get("Idempotency-Key") or request.form.get("idempotency_key", "")
    given = named.strip().strip('"')
    if not given:
        return None
    try:
        return str(UUID(given))
    except ValueError:
        message = _("Idempotency-Key 应是一个 UUID。")
        raise InvalidFieldsError.one("Idempotency-Key", "invalid", message) from None


def earned_answer(attempt: Attempt, at: datetime) -> Answer | None:
    """The answer this attempt has already earned. Raises KeyReusedError for another body."""
    for handle in attempt.handles:
        if answer := earned_receipt(handle, attempt.digest, at):
            return answer
    return None


def file_attempt(attempt: Attempt, at: datetime) -> Answer:
    """File what was sent, or give the answer it has already earned.

    Raises InvalidFieldsError, KeyReusedError, TwinInProgressError, StorageFullError; beyond the
    limits ChallengedError or TooManyRequestsError.
    """
    if answer := earned_answer(attempt, at):
        return answer
    stay_below(FILING_CEILING, at)
    filing = _checked(attempt, at)
    with admitted(filing.contact.phone, attempt.form.get("altcha", ""), at) as admission:
        attempt.taken = take_photos(attempt.files, room=MOST_PHOTOS - len(filing.photo_ids))
        answer, is_new = _file_once(attempt, filing, at)
        if not is_new:
            admission.undo()
    return answer


def _file_once(attempt: Attempt, filing: Filing, at: datetime) -> tuple[Answer, bool]:
    """The answer, and whether this request earned it rather than its twin."""
    with transaction():
        earned = [reserve(handle, attempt.digest, at) for handle in attempt.handles]
        known = next(filter(None, earned), None)
        answer = known or _file(attempt, filing, at)
        for handle in attempt.handles:
            keep_receipt(handle, answer, at + _KEEPS)
    return answer, known is None


def _checked(attempt: Attempt, at: datetime) -> Filing:
    """The filing, when form, token and photos sent ahead are all in order."""
    fields = Fields(attempt.form)
    if attempt.needs_token:
        _collect(fields, lambda: check_form_token(attempt.token))
    ids = photo_ids(attempt.form)
    if len(ids) > MOST_PHOTOS:
        fields.fault("photo_ids", "too_many", _("照片最多%(most)s张。", most=MOST_PHOTOS))
    else:
        _collect(fields, lambda: unclaimed_photos(ids, at))
    filing = _collect(fields, lambda: read_filing(attempt.form, at))
    fields.refuse()
    return cast("Filing", filing)


def _collect(fields: Fields, check: Callable[[], T]) -> T | None:
    """What `check` gives; its faults join the others."""
    try:
        return check()
    except InvalidFieldsError as refused:
        fields.include(refused)
        return None


def _file(attempt: Attempt, filing: Filing, at: datetime) -> Answer:
    claimed = unclaimed_photos(filing.photo_ids, at)
    fresh = receive_all(attempt.taken, at)
    filed = file_report(filing.to_command([*claimed, *fresh]), by=REPORTER, at=at)
    return _answer(filed, _photo_lines(claimed, fresh, attempt.taken), len(claimed) + len(fresh))


def _photo_lines(
    claimed: Sequence[Photo], fresh: Sequence[Photo], taken: Sequence[Taken]
) -> list[dict[str, str | None]]:
    lines: list[dict[str, str | None]] = [_line(photo, "") for photo in claimed]
    arrived = iter(fresh)
    for one in taken:
        if one.stored:
            lines.append(_line(next(arrived), one.name))
        else:
            # Nothing was kept: the id only tells this photo from the others in this answer.
            refused = {"id": random_key(), "name": one.name, "status": "refused"}
            lines.append({**refused, "reason": one.reason})
    return lines


def _line(photo: Photo, name: str) -> dict[str, str | None]:
    return {"id": photo.upload_id, "name": name, "status": photo.status, "reason": photo.reason}


def _answer(filed: Filed, photos: list[dict[str, str | None]], photo_count: int) -> Answer:
    settings: Settings = current_app.extensions["portal.settings"]
    report = filed.report
    received_at = local(report.received_at).isoformat(timespec="milliseconds")
    return {
        "number": report.number,
        "query_code": show_code(filed.query_code),
        "reward_code": show_code(filed.reward_code) if filed.reward_code else None,
        "track_url": f"{settings.base_url}/track/{report.number}",
        "upload_token": new_upload_token(report.id),
        "received_at": received_at,
        "photos": photos,
        "receipt": {
            "version": RECEIPT_VERSION,
            "number": report.number,
            "received_at": received_at,
            "photo_count": photo_count,
            "nonce": report.content_nonce,
            "content_commitment": report.content_commitment,
            "leaf": leaf_of(filed.event, report),
        },
    }


def _digest(form: MultiDict[str, str], files: Sequence[FileStorage]) -> str:
    """A digest of everything filed, in canonical order; tokens are no content."""
    words = {name: form.getlist(name) for name in form if name not in _NOT_CONTENT}
    content = [sorted(words.items()), [digest_of(file) for file in files]]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
