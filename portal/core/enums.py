"""Storing a StrEnum as its value: text in the database, the member in Python."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Enum


def stored(members: type[StrEnum], length: int = 20) -> Enum:
    """Column type for `members`: VARCHAR(length) on every engine, so a new member needs no DDL."""
    return Enum(
        members,
        native_enum=False,
        length=length,
        values_callable=lambda kinds: [kind.value for kind in kinds],
        validate_strings=True,
    )
