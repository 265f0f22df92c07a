"""The blueprint of the desk; `blueprint.py` hangs the views on it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__, url_prefix="/desk")
