"""The blueprint of the public door, for its views to hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("transparency", __name__)
