"""Kill the worker twenty times at each point, on both databases (QUICK=1: once, on SQLite)."""

from __future__ import annotations

import os
from itertools import cycle, islice

import pytest

from portal.domain.reports.states import Action, State
from tests.core.imaging.pictures import GPS_HERE, exif
from tests.factories import PATHS, drain, file, jpeg, photo, walk
from tests.jobs.worker import KILL_POINTS, Workplace

QUICK = os.getenv("QUICK") == "1"
pytestmark = [pytest.mark.drill] if QUICK else [pytest.mark.drill, pytest.mark.engine]
ROUNDS = 1 if QUICK else 20
# Different events are owed each time: filed, declined, handled, published with photos, reopened.
LIVES = (
    PATHS[State.PUBLISHED],
    PATHS[State.ACCEPTED],
    PATHS[State.DECLINED],
    (*PATHS[State.PUBLISHED], Action.REOPEN),
    PATHS[State.STAGE_CLOSED],
)


@pytest.mark.parametrize("point", KILL_POINTS)
def test_kills(workplace: Workplace, point: str) -> None:
    for path in islice(cycle(LIVES), ROUNDS):
        with workplace.app.app_context():
            live(path)
        workplace.die_at(point)
        workplace.catch_up()
    workplace.check_everything_arrived()


def live(path: tuple[Action, ...]) -> None:
    """A report on its way, with a photo that is ready and one that still has to be made."""
    ready = photo(jpeg(exif=exif(gps=GPS_HERE)))
    drain()
    walk(file("waste.household", photos=[ready]), *path)
    photo()
