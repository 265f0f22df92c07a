"""Who may call a route. Every view says so; a house test lists those that do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, g, redirect, request, url_for
from flask_login import current_user

from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.accounts.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Anybody may call this."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def require(*permissions: Permission) -> Callable[[View], View]:
    """Only staff in force who hold every one of `permissions`; others see a login or a 403."""

    def mark(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not is_staff():
                return redirect(url_for("desk.login", next=_here()), code=303)
            if not all(actor().may(permission) for permission in permissions):
                abort(403)
            return view(*args, **kwargs)

        checked.access = "+".join(permissions) or "staff"  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return mark


def actor() -> Actor:
    """Who makes this request: the member of staff logged in, else a resident."""
    if is_staff():
        found: Actor = current_user.actor  # type: ignore[attr-defined]
        return found
    return REPORTER


def is_staff() -> bool:
    """Whether a member of staff with a session in force makes this request."""
    return bool(current_user.is_authenticated)  # type: ignore[attr-defined]


def client_address() -> str:
    """The caller's address, as trusted proxies report it."""
    return request.remote_addr or "unknown"


def _here() -> str:
    """Where to come back to after logging in; only pages, never the target of a form."""
    return request.full_path.rstrip("?") if request.method == "GET" else g.get("page", "/desk/")
