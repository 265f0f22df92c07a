"""The base map that is set: what a page with a map must allow, and what its script must know."""

from __future__ import annotations

from typing import Any

from flask import current_app, g
from flask_babel import gettext as _

from portal.adapters.basemaps import Basemap
from portal.config import Settings


def allow_tiles() -> None:
    """Let this page, and no other, show pictures of the hosts that tiles come from."""
    found = _basemap()
    g.csp_picture_sources = found.hosts if found else ()


def tiles() -> dict[str, Any] | None:
    """The tiles for the map's script; None when the grids alone are drawn."""
    found = _basemap()
    return found.described() if found else None


def map_tag() -> str:
    """What a map must say of itself: 示意图 or whose map it is, and its approval number."""
    settings: Settings = current_app.extensions["portal.settings"]
    found = _basemap()
    told = [_(found.attribution) if found else _("示意图")]
    if settings.map_approval_no:
        told.append(_("审图号：%(number)s", number=settings.map_approval_no))
    return _("·").join(told)


def _basemap() -> Basemap | None:
    found: Basemap | None = current_app.extensions["portal.basemap"]
    return found
