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
MANIFEST: dict[str, str] = (
    json.loads((DIST / "manifest.json").read_text(encoding="utf-8"))
    if (DIST / "manifest.json").exists()
    else {}
)


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_every_name_leads_to_a_file_with_its_hash(name: str) -> None:
    built = MANIFEST[name]
    assert (DIST / built).is_file()
    assert re.fullmatch(rf"{re.escape(Path(name).stem)}-[0-9A-Z]{{8}}\.\w+", built)


def test_every_entry_is_built() -> None:
    entries = files("static/js/entries/*.js", "static/css/entries/*.css")
    assert {path.name for path in entries} <= set(MANIFEST), "run make build"


@pytest.mark.parametrize("path", sorted(DIST.glob("*.gz")), ids=lambda path: path.name)
def test_compressed_copies_hold_the_same(path: Path) -> None:
    plain = path.with_suffix("")
    assert gzip.decompress(path.read_bytes()) == plain.read_bytes()
    assert brotli.decompress(plain.with_name(f"{plain.name}.br").read_bytes()) == plain.read_bytes()


def test_templates_ask_for_what_is_built() -> None:
    asked = {
        name
        for path in files("templates/**/*.html")
        for name in re.findall(r"\basset\(\s*['\"]([^'\"]+)", path.read_text(encoding="utf-8"))
    }
    assert asked <= set(MANIFEST)
