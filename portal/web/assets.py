"""What templates take from static/: hashed names, inlined CSS, and one icon sprite per page.

`make run` builds static/dist with its manifest. Without a build (a test, a fresh checkout) every
name leads to its source, which browsers read as well: the entries use plain `@import`/`import`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, current_app, g
from markupsafe import Markup

_SYMBOL = re.compile(r'<symbol id="([^"]+)".*?</symbol>', re.DOTALL)
_IMPORT = re.compile(r'@import "([^"]+)";\n?')
_SOURCES = {".js": "js/entries", ".css": "css/entries"}


@dataclass
class Assets:
    """The files under static/ by the names pages ask for."""

    folder: Path
    url_path: str
    manifest: dict[str, str]
    symbols: dict[str, str]
    _sheets: dict[str, tuple[Markup, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, url_path: str) -> Assets:
        """Read the manifest, when there is one, and the icons."""
        built = folder / "dist" / "manifest.json"
        manifest = json.loads(built.read_text(encoding="utf-8")) if built.exists() else {}
        drawn = (folder / "img" / "icons.svg").read_text(encoding="utf-8")
        symbols = {found[1]: found[0] for found in _SYMBOL.finditer(drawn)}
        return cls(folder, url_path, manifest, symbols)

    def path(self, name: str) -> str:
        """Path of `name` below static/: the built file, else its source.

        Raises LookupError when there is neither.
        """
        if name in self.manifest:
            return f"dist/{self.manifest[name]}"
        source = f"{_SOURCES.get(Path(name).suffix, '.')}/{name}".removeprefix("./")
        if not (self.folder / source).is_file():
            raise LookupError(f"no asset named {name}")
        return source

    def sheet(self, name: str) -> tuple[Markup, str]:
        """The text of stylesheet `name` and its CSP source, `sha256-…`."""
        if name not in self._sheets:
            text = Markup(_read_css(self.folder / self.path(f"{name}.css")).strip())  # noqa: S704
            digest = hashlib.sha256(text.encode()).digest()
            self._sheets[name] = (text, f"sha256-{base64.b64encode(digest).decode()}")
        return self._sheets[name]


def _read_css(path: Path) -> str:
    """A stylesheet with what it imports put in place (only unbuilt sources import)."""
    text = path.read_text(encoding="utf-8")
    return _IMPORT.sub(lambda found: _read_css(path.parent / found[1]), text)


def _assets() -> Assets:
    loaded: Assets = current_app.extensions["portal.assets"]
    return loaded


def asset(name: str) -> str:
    """URL of `site.js`, `desk.css` or `img/mark.svg` under its hashed name."""
    found = _assets()
    return f"{found.url_path}/{found.path(name)}"


def asset_file(name: str) -> str:
    """Where `site.js` lies below static/."""
    return _assets().path(name)


def inline_css(name: str) -> Markup:
    """The stylesheet `name` for a `<style>` element; its hash joins `g.csp_style_hashes`."""
    text, source = _assets().sheet(name)
    if "csp_style_hashes" not in g:
        g.csp_style_hashes = set()
    g.csp_style_hashes.add(source)
    return text


def icon(name: str, cls: str = "i") -> Markup:
    """A 24-grid icon, such as `icon('camera')`. Raises LookupError for a name never drawn."""
    return _use(name if name.startswith("i-") else f"i-{name}", cls)


def glyph(name: str) -> Markup:
    """An 18-grid glyph: `glyph('s-handling')`, `glyph('f-yes')`, `glyph('d-red')`."""
    return _use(name if name.startswith("g-") else f"g-{name}", "g")


def _use(symbol_id: str, cls: str) -> Markup:
    if symbol_id not in _assets().symbols:
        raise LookupError(f"no symbol {symbol_id} in static/img/icons.svg")
    if "sprite_ids" not in g:
        g.sprite_ids = set()
    g.sprite_ids.add(symbol_id)
    return Markup(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="#{}"/></svg>'
    ).format(cls, symbol_id)


def sprite() -> Markup:
    """The symbols this page has used so far: printed once, at the end of the body.

    (`<use>` finds them there as well as above.)
    """
    used = sorted(g.get("sprite_ids", ()))
    if not used:
        return Markup()
    symbols = "".join(_assets().symbols[symbol_id] for symbol_id in used)
    return Markup(f'<svg class="sprite" aria-hidden="true">{symbols}</svg>')  # noqa: S704


def preload(path: str, media: str) -> Markup:
    """Ask the browser for a picture before it has read the page: prints nothing, adds a header.

    `media` is the condition under which the page shows this version of it.
    """
    link = f'<{path}>; rel=preload; as=image; fetchpriority=high; media="{media}"'
    g.setdefault("preloads", []).append(link)
    return Markup()


def _send_preloads(response: Response) -> Response:
    if response.status_code == HTTPStatus.OK:
        for link in g.get("preloads", ()):
            response.headers.add("Link", link)
    return response


def register(app: Flask) -> None:
    """Load static/ and give templates the functions above."""
    if app.static_folder is None:
        raise LookupError("the app has no static folder")
    loaded = Assets.load(Path(app.static_folder), app.static_url_path or "")
    app.extensions["portal.assets"] = loaded
    for helper in (asset, inline_css, icon, glyph, sprite, preload):
        app.jinja_env.globals[helper.__name__] = helper
    app.after_request(_send_preloads)
