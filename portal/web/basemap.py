"""The base map that is set: what a page with a map must allow, and what its script must know."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g
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
    maker = tile_maker()
    return _with_number(maker) if maker else sketch_tag()


def sketch_tag() -> str:
    """示意图. The approval number is the sketch's own only where no base map is set."""
    return _("示意图") if _basemap() else _with_number(_("示意图"))


def tile_maker() -> str:
    """Who serves the base map, and so learns which area somebody looks at; empty for none."""
    found = _basemap()
    return _(found.attribution) if found else ""


def register(app: Flask) -> None:
    """Give templates `sketch_tag` and `tile_maker`."""
    for helper in (sketch_tag, tile_maker):
        app.jinja_env.globals[helper.__name__] = helper


def _with_number(words: str) -> str:
    settings: Settings = current_app.extensions["portal.settings"]
    number = settings.map_approval_no
    return _("·").join([words, _("审图号：%(number)s", number=number)]) if number else words


def _basemap() -> Basemap | None:
    found: Basemap | None = current_app.extensions["portal.basemap"]
    return found
