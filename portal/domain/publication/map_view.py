"""What part of the map somebody looks at, snapped to the grid of its zoom."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.geo import Box, Point
from portal.core.mercator import Square, corner_of, square_of
from portal.domain.publication.map_keys import FINEST

Side = InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | ColumnElement[int | None]
MOST_SQUARES = 400
MOST_ZOOM = 18
_SQUARES_A_TILE = 2  # doublings: a tile of 256 px has four squares of 64 px to a side
# Up to so many rows are named one by one: the index then skips what lies beside them.
_MOST_NAMED = 64


@dataclass(frozen=True)
class View:
    """Squares `first` to `last` (north-west and south-east, both inside) of a level."""

    level: int
    first: Square
    last: Square

    @classmethod
    def of(cls, box: Box, zoom: int) -> View:
        """The squares of `zoom` that touch `box`; of a coarser level where they were too many."""
        level = min(zoom, MOST_ZOOM) + _SQUARES_A_TILE
        while True:
            first = square_of(Point(box.max_lat, box.min_lng), level)
            last = square_of(Point(box.min_lat, box.max_lng), level)
            view = cls(level, first, last)
            if view.size <= MOST_SQUARES:
                return view
            level -= 1

    @property
    def size(self) -> int:
        """How many squares."""
        return (self.last.row - self.first.row + 1) * (self.last.column - self.first.column + 1)

    @property
    def zoom(self) -> int:
        """The zoom whose grid it is; less than 0 where a world of one tile is too fine."""
        return self.level - _SQUARES_A_TILE

    @property
    def box(self) -> Box:
        """Its bounds in degrees: those asked for, snapped outwards."""
        north_west = corner_of(self.first, self.level)
        south_east = corner_of(Square(self.last.row + 1, self.last.column + 1), self.level)
        return Box(south_east.lat, north_west.lng, north_west.lat, south_east.lng)

    def holds(
        self,
        row: Side,
        column: Side,
        level: int = FINEST,
    ) -> ColumnElement[bool]:
        """That a row's square, of a finer or the same `level`, lies inside."""
        shift = level - self.level
        rows = self.first.row << shift, ((self.last.row + 1) << shift) - 1
        columns = self.first.column << shift, ((self.last.column + 1) << shift) - 1
        is_few = rows[1] - rows[0] < _MOST_NAMED
        named = row.in_(range(rows[0], rows[1] + 1)) if is_few else row.between(*rows)
        return and_(named, column.between(*columns))
