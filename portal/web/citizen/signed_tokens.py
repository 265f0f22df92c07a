"""Signed, time-stamped tokens: the one of a form, and the one that adds photos to a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from portal.core.clock import now
from portal.core.errors import InvalidFieldsError
from portal.core.ids import random_key

FORM_LASTS = timedelta(hours=24)
UPLOAD_LASTS = timedelta(days=7)


class _ClockedSigner(TimestampSigner):
    """Stamps with the portal's clock, which a demo can move."""

    def get_timestamp(self) -> int:
        return int(now().timestamp())


@dataclass(frozen=True)
class FormToken:
    """A form handed out; `nonce` is known to its holder alone, so it can seal a receipt."""

    text: str
    expires_at: datetime


def new_form_token() -> FormToken:
    """A token for one form, good for 24 hours."""
    text = serializer("form").dumps(random_key())
    return FormToken(text, now() + FORM_LASTS)


def nonce_of(token: str) -> str | None:
    """The nonce of a token of ours, however old; None for anything else."""
    try:
        return str(serializer("form").loads(token))
    except BadData:
        return None


def check_form_token(token: str) -> None:
    """Raise InvalidFieldsError naming `form_token` unless it is ours and not too old."""
    if not token:
        raise _refused("required", _("请从本网站的页面提交，或先取一个表单令牌。"))
    try:
        serializer("form").loads(token, max_age=int(FORM_LASTS.total_seconds()))
    except SignatureExpired:
        raise _refused("expired", _("页面打开太久了。内容都还在，请再交一次。")) from None
    except BadData:
        raise _refused("invalid", _("这一页的令牌不对。内容都还在，请再交一次。")) from None


def new_upload_token(report_id: int) -> str:
    """A token that lets its holder add photos to this report for 7 days."""
    return str(serializer("upload").dumps(report_id))


def report_id_of(upload_token: str) -> int:
    """The report that an upload token names. Raises InvalidFieldsError."""
    try:
        max_age = int(UPLOAD_LASTS.total_seconds())
        return int(serializer("upload").loads(upload_token, max_age=max_age))
    except BadData:
        message = _("补传照片的期限已过，请用查询码打开进度页再补。")
        raise InvalidFieldsError.one("upload_token", "invalid", message) from None


def serializer(purpose: str) -> URLSafeTimedSerializer:
    """Signs what is handed out for `purpose`, and reads it again; by the portal's clock."""
    secret: Any = current_app.secret_key
    return URLSafeTimedSerializer(secret, salt=f"citizen-{purpose}", signer=_ClockedSigner)


def _refused(code: str, message: str) -> InvalidFieldsError:
    return InvalidFieldsError.one("form_token", code, message)
