"""What a page weighs on its first load: itself and its scripts with all they import at once."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from tests.house import ROOT

STATIC = ROOT / "static"
_SCRIPT = re.compile(r'<script type="module" src="/static/([^"]+)"')
_SHEET = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
# import{a}from"/static/dist/chunk-….js" and import"…", but not import("…"): that is for later.
_IMPORT = re.compile(r'\b(?:import|export)\s*(?:[\w$*{},\s]+?\bfrom\s*)?"/static/([^"]+)"')


def first_load(client: FlaskClient, path: str) -> dict[str, int]:
    """Bytes by name of all that a page loads at once, gzipped as sent; photos are not counted."""
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, f"{path}: {answer.status}"
    assert answer.headers["Content-Encoding"] == "gzip"
    found = {path: len(answer.data)}
    text = client.get(path).text
    for name in _SCRIPT.findall(text) + _SHEET.findall(text):
        _add(STATIC / name, found)
    return found


def _add(file: Path, found: dict[str, int]) -> None:
    if file.name in found:
        return
    found[file.name] = file.with_name(f"{file.name}.gz").stat().st_size
    for name in _IMPORT.findall(file.read_text(encoding="utf-8")):
        _add(STATIC / name, found)
