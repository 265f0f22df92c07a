"""The only reader of time. A demo can be moved forward; production cannot."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

_LOOK_AGAIN_SECONDS = 0.5


class _Shift:
    """How far a demo's clock stands ahead: the fixed setting plus what a file says.

    The file lets `flask demo clock` move web and worker together while both run.
    """

    def __init__(self) -> None:
        self.fixed = timedelta()
        self.file: Path | None = None
        self._moved = timedelta()
        self._looked = float("-inf")

    def set(self, fixed: timedelta, file: Path | None) -> None:
        """Forget what was known."""
        self.fixed, self.file = fixed, file
        self._moved, self._looked = timedelta(), float("-inf")

    def value(self) -> timedelta:
        if self.file is None:
            return self.fixed
        tick = time.monotonic()
        if tick - self._looked > _LOOK_AGAIN_SECONDS:
            self._moved = read_shift(self.file)
            self._looked = tick
        return self.fixed + self._moved


_shift = _Shift()
_zone = ZoneInfo("Asia/Shanghai")


def configure(fixed: timedelta, file: Path | None, zone: str) -> None:
    """Set the demo shift, the file that moves it (None in production) and the city's time zone."""
    global _zone  # noqa: PLW0603 - one clock per process is the point of this module
    _shift.set(fixed, file)
    _zone = ZoneInfo(zone)


def read_shift(file: Path) -> timedelta:
    """The shift recorded in `file`, in seconds; zero when there is none."""
    try:
        return timedelta(seconds=float(file.read_text(encoding="ascii")))
    except (FileNotFoundError, ValueError):
        return timedelta()


def write_shift(file: Path, shift: timedelta) -> None:
    """Record `shift` so that every process of the demo follows within half a second."""
    part = file.with_suffix(".part")
    part.write_text(str(shift.total_seconds()), encoding="ascii")
    part.replace(file)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift.value()


def zone() -> ZoneInfo:
    """The city's time zone."""
    return _zone


def local(moment: datetime) -> datetime:
    """`moment` as the city's wall clock shows it."""
    return moment.astimezone(_zone)
