"""The public log of the demo: sealed as if the sealer had been there all along, week by week."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.openlog.models import Seal
from portal.domain.openlog.queries import latest_head, sealed_count
from portal.domain.openlog.services import (
    give_back_lease,
    seal_events,
    sign_head,
    take_lease,
)

_WEEK = timedelta(days=7)
_PATIENCE = timedelta(minutes=2)  # for settling the city; each report renews it


def hold_log(app: Flask) -> None:
    """Keep the worker from sealing what is walked newest first; it takes over should we stop."""
    with transaction():
        take_lease(_sealing(app).holder, now(), _PATIENCE)


def seal_history(app: Flask) -> int:
    """Seal everything in the order it happened, sign a head for every week, and one for now."""
    sealing, sealed, fresh = _sealing(app), 0, 1
    while fresh:
        with transaction():
            fresh = seal_events(sealing.holder, now(), everywhere=True, by_time=True)
        sealed += fresh
    # A worker that got in between has signed already: then heads go on from now.
    if latest_head() is None:
        _sign_weeks(sealing)
    sealing.run()
    with transaction():
        give_back_lease(sealing.holder)
    return sealed


def _sign_weeks(sealing: Any) -> None:
    moments = list(db.session.scalars(select(Seal.sealed_at).order_by(Seal.seq)))
    for sunday in _sundays(moments):
        size = bisect_left(moments, sunday)
        before = latest_head()
        if size > (before.size if before else 0):
            with transaction():
                sign_head(sealing.signers(), sealing.origin, sunday, size)
    if sealed_count() > (0 if (last := latest_head()) is None else last.size):
        sealing.sign()


def _sundays(moments: Sequence[datetime]) -> list[datetime]:
    """Midnight after each Sunday from the first moment until now."""
    if not moments:
        return []
    first = local(moments[0]).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = first + timedelta(days=7 - first.weekday())
    found = []
    while monday <= now():
        found.append(monday)
        monday += _WEEK
    return found


def _sealing(app: Flask) -> Any:
    """The worker's own sealer, made by the wiring: commands and jobs do not import each other."""
    return app.extensions["portal.sealing"]
