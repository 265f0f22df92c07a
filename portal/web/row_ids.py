"""Ids of rows in addresses: as many digits as every database can compare with."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter


class RowIdConverter(IntegerConverter):
    """`<int:…>` of an address. A longer number names no row: 404, and no query is sent."""

    regex = r"\d{1,18}"


def register(app: Flask) -> None:
    """Read the numbers of every address so; before the first route is added."""
    app.url_map.converters["int"] = RowIdConverter
