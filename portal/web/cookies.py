"""Cookies that open something: HttpOnly, SameSite=Lax, and bound to this host over https."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, request
from werkzeug.wrappers import Response

from portal.config import Settings


def cookie_name(name: str) -> str:
    """`name`, with the prefix that browsers accept only from this very host over https."""
    return f"__Host-{name}" if _is_secure() else name


def private_cookie(name: str) -> str:
    """The value the browser sent, empty when there is none."""
    return request.cookies.get(cookie_name(name), "")


def set_private_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    """Give the browser a cookie that scripts and other hosts never see."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=lasts,
        path="/",
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def drop_private_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        cookie_name(name), path="/", secure=_is_secure(), httponly=True, samesite="Lax"
    )


def _is_secure() -> bool:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings.secure
