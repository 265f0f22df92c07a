"""The blueprint of the door for operators and robots, for its views to hang on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ops", __name__)
