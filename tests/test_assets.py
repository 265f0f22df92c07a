"""What `make build` leaves in static/dist."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest

from tests.house import ROOT, files

DIST = ROOT / "static" / "dist"


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
