"""A worker that is killed owes nothing less: once per point here, twenty times in make drill."""

from __future__ import annotations

import pytest

from portal.domain.reports.states import State
from tests.core.imaging.pictures import GPS_HERE, exif
from tests.factories import at_state, jpeg, photo
from tests.jobs.worker import KILL_POINTS, Workplace


@pytest.mark.parametrize("point", KILL_POINTS)
def test_everything_arrives_after_a_kill(workplace: Workplace, point: str) -> None:
    with workplace.app.app_context():
        at_state(State.ACCEPTED, photos=[photo(jpeg(exif=exif(gps=GPS_HERE)))])
    workplace.die_at(point)
    assert not workplace.is_done()
    workplace.catch_up()
    workplace.check_everything_arrived()
