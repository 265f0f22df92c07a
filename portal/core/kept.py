"""What every filing asks for and hardly ever changes, kept in the process for a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from portal.core.db import db

KEPT_S = 15.0
T = TypeVar("T")


class Kept(Generic[T]):
    """The value `read` last gave, by database; a change by another process is seen in KEPT_S.

    The service that changes the rows calls `forget`. Keep values, never ORM rows: those belong to
    one session.
    """

    def __init__(self, read: Callable[[], T]) -> None:
        self._read = read
        self._values: dict[str, tuple[float, T]] = {}

    def value(self) -> T:
        """The value, at most KEPT_S seconds old."""
        place, tick = _place(), time.monotonic()
        found = self._values.get(place)
        if found is None or tick - found[0] > KEPT_S:
            found = self._values[place] = (tick, self._read())
        return found[1]

    def forget(self) -> None:
        """Read afresh next time."""
        self._values.pop(_place(), None)


def _place() -> str:
    return str(db.engine.url)
