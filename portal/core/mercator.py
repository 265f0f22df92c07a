"""The integer grid of web maps: squares of the spherical Mercator projection.

At level n the world is 2^n squares wide and high; rows count from the north, columns from the west.
A square of level n holds the four squares of level n+1 whose row and column, halved, are its own.
"""

from __future__ import annotations

from math import asinh, atan, degrees, floor, pi, radians, sinh, tan
from typing import NamedTuple

from portal.core.geo import Point

# Where the square world ends: the projection has no poles.
MOST_LAT = 85.051_128_779_806_6


class Square(NamedTuple):
    """One square of a level's grid."""

    row: int
    column: int


def square_of(point: Point, level: int) -> Square:
    """The square that holds a WGS-84 `point`; one beyond the rim lies in the square on the rim."""
    across = 1 << level
    lat = max(-MOST_LAT, min(MOST_LAT, point.lat))
    east = (point.lng + 180) / 360
    south = (1 - asinh(tan(radians(lat))) / pi) / 2
    row, column = (min(max(floor(part * across), 0), across - 1) for part in (south, east))
    return Square(row, column)


def corner_of(square: Square, level: int) -> Point:
    """The north-western corner of a square; that of (row+1, column+1) is the opposite one."""
    across = 1 << level
    lat = degrees(atan(sinh(pi * (1 - 2 * square.row / across))))
    return Point(lat, square.column / across * 360 - 180)
