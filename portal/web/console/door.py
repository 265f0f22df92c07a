"""The blueprint of the console; `blueprint.py` hangs the views on it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("console", __name__, url_prefix="/console")
