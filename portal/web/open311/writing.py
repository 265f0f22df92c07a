"""Before anything is written: how it was sent, by whose key, how often, and whether before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app, request
from flask_babel import gettext as _
from limits import RateLimitItemPerHour
from werkzeug.datastructures import FileStorage

from portal.config import Settings
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.domain.reports.photos import MOST_PHOTOS, Stored, delete_unnamed
from portal.domain.reports.receipts import IDEMPOTENCY_DAYS, earned_receipt, keep_receipt, reserve
from portal.domain.writers.models import ApiKey
from portal.domain.writers.queries import writer_by_key
from portal.web.incoming_photos import (
    chosen,
    digest_of,
    is_too_large,
    name_of,
    refusal_of,
    store_photo,
)
from portal.web.limits import WRITING, TooManyRequestsError, count, seconds_left, stay_below
from portal.web.open311.arguments import bad
from portal.web.open311.door import is_test
from portal.web.open311.faults import KeyRefusedError
from portal.web.open311.rendering import Row

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_KEEPS = timedelta(days=IDEMPOTENCY_DAYS)
_KEY_MOST = 200


def admitted_writer(at: datetime) -> ApiKey:
    """The system that writes, counted by address and by key.

    Raises PortalError 415 for what is no form, KeyRefusedError, TooManyRequestsError.
    """
    stay_below(WRITING, at)
    if request.mimetype not in _FORMS:
        words = _("请用 application/x-www-form-urlencoded 或 multipart/form-data 提交。")
        raise PortalError(words, code="not_a_form", http_status=415)
    settings: Settings = current_app.extensions["portal.settings"]
    given = request.form.get("api_key") or request.args.get("api_key", "")
    writer = writer_by_key(given[:_KEY_MOST], in_demo=settings.demo) if given else None
    if writer is None:
        words = _("api_key：不对，或已停用") if given else _("api_key：写入要用密钥")
        raise KeyRefusedError(words)
    limit = RateLimitItemPerHour(writer.per_hour, namespace="writer")
    counted = count((limit,), f"writer:{writer.id}", at)
    if counted.excess:
        raise TooManyRequestsError(max(seconds_left(key) for key, _lasts in counted.keys))
    return writer


def sent_photos() -> list[FileStorage]:
    """Every file that came along: systems call the field media, media[], photo, photo1 …

    Raises PortalError for one that cannot be taken: it is said, never left out silently.
    """
    files = chosen([file for group in request.files.listvalues() for file in group])
    if len(files) > MOST_PHOTOS:
        raise bad("media", _("照片最多%(most)s张。", most=MOST_PHOTOS))
    for file in files:
        reason = refusal_of(file)
        if reason:
            status = 413 if is_too_large(file) else 400
            words = f"media: {name_of(file)} {reason}"
            raise PortalError(words, code="photo_refused", http_status=status)
    return files


def once(writer: ApiKey, at: datetime, write: Callable[[list[Stored]], Row]) -> Row:
    """What `write` answers, in one transaction; the same again for a repeated Idempotency-Key.

    On the test endpoint nothing is written. Photos that no report has afterwards are deleted,
    whether it was refused or had them already.
    """
    files = sent_photos()
    key = request.headers.get("Idempotency-Key", "").strip()[:_KEY_MOST]
    handle, digest = f"open311:{writer.id}:{key}" if key else "", _digest(files)
    if is_test():
        return write([])
    if handle and (earned := earned_receipt(handle, digest, at)):
        return earned
    stored: list[Stored] = []
    try:
        for file in files:
            stored.append(store_photo(file))  # noqa: PERF401 - those before a full disk are known
        with transaction():
            if handle and (earned := reserve(handle, digest, at)):
                return earned
            row = write(stored)
            if handle:
                keep_receipt(handle, row, at + _KEEPS)
        return row
    finally:
        delete_unnamed([one.key for one in stored])


def _digest(files: list[FileStorage]) -> str:
    """A digest of everything that was sent but the key."""
    words = {name: request.form.getlist(name) for name in request.form if name != "api_key"}
    content = [request.path, sorted(words.items()), [digest_of(file) for file in files]]
    canonical = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
