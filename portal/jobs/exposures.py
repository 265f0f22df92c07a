"""Exposures whose time is over: every minute, and all that were missed when the worker was down.

Each has a transaction of its own that writes mark and event together: once, wherever we are killed.
"""

from __future__ import annotations

from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.exposures.ending import end_exposure
from portal.domain.exposures.models import Exposure
from portal.domain.exposures.queries import lapsed_exposures


def end_lapsed() -> int:
    """End every exposure that is past its last day; returns how many."""
    ended = 0
    for exposure_id in lapsed_exposures(local(now()).date()):
        with transaction():
            ended += end_exposure(db.session.get_one(Exposure, exposure_id), now())
    return ended
