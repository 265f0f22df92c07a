"""The visual language: one source of values, one sprite a page, CSS small enough to inline."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime

import pytest
from flask import Flask, g, render_template

from portal.web import assets
from portal.web.specimens import specimens
from tests.house import ROOT, files

SHEETS = files("static/css/*.css")
SMALLEST_ROOM = 9 * 1024


@pytest.fixture
def loaded(app: Flask) -> assets.Assets:
    found: assets.Assets = app.extensions["portal.assets"]
    return found


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_type_has_seven_sizes(path: object) -> None:
    text = (ROOT / str(path)).read_text(encoding="utf-8")
    sizes = re.findall(r"font-size: ([^;]+);", text)
    sizes += [size.split("/")[0] for size in re.findall(r"font: \S+ ([^\s;]+) ", text)]
    allowed = r"var\(--t-(xs|s|m|l|xl|2xl|3xl)\)|inherit|82%|130%|177%"
    assert not [size for size in sizes if not re.fullmatch(allowed, size)]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_come_from_tokens(path: object) -> None:
    if str(path).endswith(("tokens.css", "print.css")):
        return
    text = (ROOT / str(path)).read_text(encoding="utf-8")
    named = set(re.findall(r"#[0-9a-f]{3,8}\b", text))
    assert named <= {"#fff", "#000"}


def test_resident_pages_can_inline_their_css(app: Flask) -> None:
    with app.test_request_context("/"):
        text = assets.inline_css("citizen")
        assert text in {found[0] for found in app.extensions["portal.assets"]._sheets.values()}
        assert g.csp_style_hashes
    if (ROOT / "static" / "dist" / "manifest.json").exists():
        assert len(gzip.compress(text.encode(), 9)) <= SMALLEST_ROOM


def test_unbuilt_sheets_are_put_together(loaded: assets.Assets) -> None:
    source = assets.Assets(loaded.folder, "/static", {}, {})
    assert source.path("site.js") == "js/entries/site.js"
    assert "@import" not in source.sheet("open")[0]
    with pytest.raises(LookupError):
        source.path("nowhere.js")


def test_the_sprite_holds_what_was_used_and_no_more(app: Flask) -> None:
    with app.test_request_context("/"):
        assert assets.sprite() == ""
        assert 'href="#i-camera"' in assets.icon("camera")
        assets.glyph("s-handling")
        sprite = assets.sprite()
        assert re.findall(r'symbol id="([^"]+)"', sprite) == ["g-s-handling", "i-camera"]
        with pytest.raises(LookupError):
            assets.icon("unicorn")


def test_the_style_guide_shows_every_part(app: Flask) -> None:
    with app.test_request_context("/desk/styleguide"):
        at = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
        page = render_template("desk/styleguide.html", **specimens(at))
    used = set(re.findall(r'<use href="#([^"]+)"', page))
    assert used == set(re.findall(r'symbol id="([^"]+)"', page))
    assert page.count("<h1") == 1
