"""What the style guide (/desk/styleguide, DEMO only) shows its parts with."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from portal.web.assets import asset

_SHIFT = re.compile(r"@([+-]\d+)([hd])")
_HOURS = {"h": 1, "d": 24}


class Specimen(str):
    """A state or finding as templates see the real ones: a value with a label."""

    __slots__ = ("label",)

    label: str


def specimens(at: datetime) -> dict[str, Any]:
    """The words and pictures of templates/desk/styleguide.json, its times counted from `at`."""
    folder = Path(current_app.root_path, current_app.template_folder or "templates")
    text = (folder / "desk" / "styleguide.json").read_text(encoding="utf-8")
    return {name: _alive(value, at) for name, value in json.loads(text).items()}


def _alive(value: Any, at: datetime) -> Any:
    if isinstance(value, list):
        return [_alive(item, at) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"value", "label"}:
            named = Specimen(value["value"])
            named.label = value["label"]
            return named
        return {name: _alive(item, at) for name, item in value.items()}
    if isinstance(value, str):
        return _alive_text(value, at)
    return value


def _alive_text(value: str, at: datetime) -> Any:
    if shift := _SHIFT.fullmatch(value):
        return at + timedelta(hours=int(shift[1]) * _HOURS[shift[2]])
    return asset(value) if value.startswith("img/") else value
