"""What `make build` leaves in static/dist."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask

from tests.factories import city
from tests.house import ROOT, files
from tests.weight import first_load

DIST = ROOT / "static" / "dist"
LIGHT = (
    "/", "/track", "/open", "/open/reports", "/open/map", "/about/privacy",
    "/open/figures", "/open/data", "/open/quality",
)  # fmt: skip


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    """The build's list of names."""
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    return names


def test_every_name_leads_to_a_file_with_its_hash(manifest: dict[str, str]) -> None:
    for name, built in manifest.items():
        assert (DIST / built).is_file()
        assert re.fullmatch(rf"{re.escape(Path(name).stem)}-[0-9A-Z]{{8}}\.\w+", built)


def test_every_entry_is_built(manifest: dict[str, str]) -> None:
    entries = files("static/js/entries/*.js", "static/css/entries/*.css")
    assert {path.name for path in entries} <= set(manifest), "run make build"


def test_compressed_copies_hold_the_same() -> None:
    for path in DIST.glob("*.gz"):
        plain = path.with_suffix("").read_bytes()
        assert gzip.decompress(path.read_bytes()) == plain
        assert brotli.decompress(path.with_suffix(".br").read_bytes()) == plain


def test_templates_ask_for_what_is_built(manifest: dict[str, str]) -> None:
    asked = {
        name
        for path in files("templates/**/*.html")
        for name in re.findall(r"\basset\(\s*['\"]([^'\"]+)", path.read_text(encoding="utf-8"))
    }
    assert asked <= set(manifest)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("path", "most_kb"), [("/report", 30), *((p, 60) for p in LIGHT)])
def test_first_loads_are_light(app: Flask, path: str, most_kb: int, language: str) -> None:
    """quality.md section 1. What a page needs only when it is used is fetched by onUse()."""
    with app.app_context():
        city()
    client = app.test_client()
    client.set_cookie("lang", language)
    found = first_load(client, path)
    assert sum(found.values()) <= most_kb * 1000, found


def test_the_filing_page_starts_with_one_file_for_each_script(app: Flask) -> None:
    """Each import of an import is a round trip more on a slow phone."""
    with app.app_context():
        city()
    found = first_load(app.test_client(), "/report")
    assert len(found) == 3, found
