"""Headers on every answer, the Origin check, and safe redirect targets."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from portal.config import Settings
from portal.core.errors import NotAllowedError
from portal.core.text import N_

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_YEAR_S = 31_536_000


class ForeignOriginError(NotAllowedError):
    """The form was sent from another site."""

    code = "foreign_origin"


def register(app: Flask, settings: Settings) -> None:
    """Check origins before, and set headers after, every request."""

    @app.before_request
    def _refuse_foreign() -> None:
        if request.method in _UNSAFE:
            refuse_foreign_origin(settings)

    @app.after_request
    def _set_headers(response: Response) -> Response:
        return set_headers(response, settings)


def refuse_foreign_origin(settings: Settings) -> None:
    """Raise ForeignOriginError when a browser says the request comes from another site.

    A missing Origin is allowed: programs and old browsers send none.
    """
    origin = request.headers.get("Origin")
    if origin is None:
        return
    own = {urlsplit(settings.base_url).netloc, request.host}
    if origin == "null" or urlsplit(origin).netloc not in own:
        raise ForeignOriginError(N_("请从本网站的页面提交。"))


def set_headers(response: Response, settings: Settings) -> Response:
    """CSP, and the headers of quality.md 13-14; personal pages are not stored."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy(settings))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if "csp_frame_ancestors" not in g:  # this older header knows no list of sites
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "camera=(self), geolocation=(self), microphone=(), payment=()"
    )
    if settings.secure:
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR_S}")
    if not request.path.startswith(("/static/", "/media/")):
        headers.setdefault("Cache-Control", "no-store" if _is_personal() else "no-cache")
        headers.add("Vary", "Cookie")
    return response


def let_be_framed(settings: Settings) -> None:
    """Let the city's other sites show this answer in an iframe; no page with a form does this."""
    g.csp_frame_ancestors = " ".join(("'self'", *settings.embed_origins))


def safe_target(target: str, fallback: str) -> str:
    """`target` if it is a path of this site, else `fallback`.

    Refuses other schemes and hosts, also those hidden behind backslashes or control characters.
    """
    clean = target.replace("\\", "/")
    is_path = clean.startswith("/") and not clean.startswith("//")
    has_control = any(ord(char) < 0x20 for char in target)
    parts = urlsplit(clean)
    return target if is_path and not has_control and not parts.netloc else fallback


def _is_personal() -> bool:
    return request.path.startswith(("/desk", "/track", "/report", "/field", "/console"))


def _policy(settings: Settings) -> str:
    styles = "".join(f" '{source}'" for source in sorted(g.get("csp_style_hashes", ())))
    pictures = "".join(f" {source}" for source in g.get("csp_picture_sources", ()))
    ancestors = g.get("csp_frame_ancestors", "'none'")
    upgrade = "; upgrade-insecure-requests" if settings.secure else ""
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"style-src 'self'{styles}; img-src 'self' data: blob:{pictures}; font-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}; "
        f"worker-src 'self'{upgrade}"
    )
