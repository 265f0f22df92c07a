"""Blueprint."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("citizen", __name__)
