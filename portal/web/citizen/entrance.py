"""The residents' blueprint, on which the views of this door hang."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("citizen", __name__)
