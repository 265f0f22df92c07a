"""Ids of rows in addresses and forms: as many digits as every database can compare with."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter

_MOST_DIGITS = 18


def row_id(typed: str) -> int:
    """The id that a form or an address says; 0, which no row has, for anything else."""
    return int(typed) if typed.isdecimal() and len(typed) <= _MOST_DIGITS else 0


class RowIdConverter(IntegerConverter):
    """`<int:…>` of an address. A longer number names no row: 404, and no query is sent."""

    regex = rf"\d{{1,{_MOST_DIGITS}}}"


def register(app: Flask) -> None:
    """Read the numbers of every address so; before the first route is added."""
    app.url_map.converters["int"] = RowIdConverter
