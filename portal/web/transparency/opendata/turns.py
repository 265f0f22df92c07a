"""How many long downloads a process serves at once.

A download of everything holds a thread of the web process for as long as the other side reads. A
few may run side by side; whoever comes then is asked to come again, so that threads are left for
residents. What fits in one portion of rows is no long download and is never sent away.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator

from flask import current_app

from portal.core.errors import PortalError
from portal.core.text import N_

AT_ONCE = 2  # of the eight threads of a process


class AllTakenError(PortalError):
    """As many long downloads as may run at once are running."""

    code = "downloads_busy"
    http_status = 503
    retry_after = 30


class Turns:
    """The places for long downloads."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = threading.BoundedSemaphore(most)

    def take(self) -> Turn:
        """A place, or AllTakenError."""
        if not self._free.acquire(blocking=False):
            raise AllTakenError(N_("下载全部数据的人正多，请过半分钟再来，或者加上条件少要一些。"))
        return Turn(self._free)


def turns() -> Turns:
    """Those of this process."""
    found: Turns = current_app.extensions.setdefault("portal.turns", Turns())
    return found


class Turn:
    """A place that is given back once, whatever becomes of the answer."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        self._free, self._is_held = free, True

    def during(self, pieces: Iterable[str]) -> Iterator[str]:
        """The pieces; the place is given back behind the last."""
        try:
            yield from pieces
        finally:
            self.give_back()

    def give_back(self) -> None:
        """Let the next one in."""
        if self._is_held:
            self._is_held = False
            self._free.release()
