"""The public log of the demo: sealed as if the sealer had been there all along, week by week."""

from __future__ import annotations

import time
from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.domain.openlog.queries import latest_head, sealed_at, sealed_count
from portal.domain.openlog.services import (
    give_back_lease,
    seal_events,
    sign_head,
    take_lease,
)

_WEEK = timedelta(days=7)
_LOOK_S = 1
_PATIENCE = timedelta(minutes=2)  # for settling the city; each report renews it


def hold_log(app: Flask) -> bool:
    """Keep the worker from sealing what is told newest first; it takes over should we stop.

    False when it is at it already.
    """
    with transaction():
        return take_lease(_sealing(app).holder, now(), _PATIENCE)


def wait_for_log(app: Flask) -> bool:
    """Hold the log as soon as it is free: a load that was killed holds it for as long as this.

    False when somebody else is at it all the time.
    """
    until = time.monotonic() + _PATIENCE.total_seconds() + _LOOK_S
    while not (is_ours := hold_log(app)) and time.monotonic() < until:
        time.sleep(_LOOK_S)
    return is_ours


def seal_history(app: Flask) -> int:
    """Seal everything in the order it happened, sign a head for every week, and one for now."""
    sealing, sealed, fresh = _sealing(app), 0, 1
    while fresh:
        with transaction():
            fresh = seal_events(sealing.holder, now(), everywhere=True, by_time=True)
        sealed += fresh
    sign_history(app)
    return sealed


def sign_history(app: Flask, *, by_week: bool = True) -> None:
    """Sign a head for every week of a log that has none yet, and one for now; let the worker on.

    Not `by_week`: what is sealed does not lie in the order of its times.
    """
    sealing = _sealing(app)
    # A worker that got in between has signed already: then heads go on from now.
    if by_week and latest_head() is None:
        _sign_weeks(sealing)
    sealing.run()
    _sign_rest(sealing)
    with transaction():
        give_back_lease(sealing.holder)


def _sign_weeks(sealing: Any) -> None:
    count = sealed_count()
    for sunday in _sundays(sealed_at(0) if count else now()):
        size = bisect_left(range(count), sunday, key=sealed_at)
        before = latest_head()
        if size > (before.size if before else 0):
            with transaction():
                sign_head(sealing.signers(), sealing.origin, sunday, size)


def _sign_rest(sealing: Any) -> None:
    """The sealer signs each hour: what a load finished sooner than that is signed all the same."""
    last = latest_head()
    if sealed_count() > (last.size if last else 0):
        sealing.sign()


def _sundays(began: datetime) -> list[datetime]:
    """Midnight after each Sunday from then until now."""
    first = local(began).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = first + timedelta(days=7 - first.weekday())
    found = []
    while monday <= now():
        found.append(monday)
        monday += _WEEK
    return found


def _sealing(app: Flask) -> Any:
    """The worker's own sealer, made by the wiring: commands and jobs do not import each other."""
    return app.extensions["portal.sealing"]
