"""Public pages are the same for everybody: a browser that has one only asks whether it changed."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path

from flask import Response, current_app, make_response, request

from portal.config import ROOT
from portal.web.assets import inline_css

_MOST_KEPT = 48
_PREFERENCES = ("elder", "lang")
_PROGRAM = ("portal/**/*.py", "portal/**/*.mo", "templates/**/*.html", "static/dist/manifest.json")


def cached_page(
    render: Callable[[], str], *versions: str, sheet: str = "open", keep: bool = False
) -> Response:
    """The page, or a 304 when the browser has it as it is.

    `versions` name the state of everything on the page; the address and the two preference cookies
    are added here. `sheet` is the page's inline stylesheet: its hash must be in the policy of a 304
    as well, because browsers replace the stored headers by those of the 304. `keep` is for pages
    that take long to draw and have no photos to ask for early: the process remembers the last few.
    """
    inline_css(sheet)
    drawn = partial(_kept, _etag(*versions), render) if keep else render
    return cached(drawn, *versions)


def cached(make: Callable[[], str | Response], *versions: str) -> Response:
    """What `make` gives, or a 304: for answers that are no page, too."""
    etag = _etag(*versions)
    fresh = request.if_none_match.contains_weak(etag)
    response = Response(status=304) if fresh else make_response(make())
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def cached_data(
    respond: Callable[[], Response], version: str = "", modified: datetime | None = None
) -> Response:
    """Data for programs on any site, or a 304; `modified` is None while that cannot be said.

    Like browsers, who asks by tag is answered by tag alone (RFC 9110, 13.1.3).
    """
    etag = _etag(version)
    tags, since = request.if_none_match, request.if_modified_since
    if tags:
        fresh = tags.contains_weak(etag)
    else:
        fresh = since is not None and modified is not None and modified <= since
    response = Response(status=304) if fresh else respond()
    response.set_etag(etag, weak=True)
    if modified is not None:
        response.last_modified = modified
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Link"
    return response


def _kept(etag: str, render: Callable[[], str]) -> str:
    """The page as it was drawn last, the least recently asked for forgotten."""
    pages: OrderedDict[str, str] = current_app.extensions.setdefault("portal.pages", OrderedDict())
    page = pages.pop(etag, None) or render()
    pages[etag] = page
    while len(pages) > _MOST_KEPT:
        pages.popitem(last=False)
    return page


def _etag(*versions: str) -> str:
    chosen = (request.cookies.get(name, "") for name in _PREFERENCES)
    whole = "\n".join((_program(), request.full_path, *chosen, *versions))
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


def _program() -> str:
    """What a deployment changes: code, words, templates, styles; and the settings on the page."""
    settings = current_app.extensions["portal.settings"]
    names = (
        *(settings.city_name, settings.organiser, settings.site_code, settings.base_url),
        *(settings.city_name_en, settings.organiser_en),
        *(settings.icp_no, settings.police_no, settings.gov_mark_url),
    )
    return "\n".join((_files(ROOT), *names))


@lru_cache(maxsize=1)
def _files(root: Path) -> str:
    """A digest of the program's files, the same in every process that runs it."""
    digest = hashlib.sha256()
    for pattern in _PROGRAM:
        for path in sorted(root.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()
