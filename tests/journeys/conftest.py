"""The city that journeys go through, and somewhere to put pictures of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.imaging.pictures import SHARED
from tests.journeys.people import Office, Resident
from tests.journeys.visitor import until
from tests.live import LivePortal

# People and land are settled before the first demo report is walked.
_SETTLED = "city settled"
_PATIENCE_S = 120


def settle(portal: LivePortal) -> LivePortal:
    """Wait until the portal's people and land are there."""

    def settled() -> bool:
        return _SETTLED in portal.log.read_text(encoding="utf-8", errors="replace")

    try:
        until("the demo city's people", settled, _PATIENCE_S)
    except AssertionError as late:
        said = portal.log.read_text(encoding="utf-8", errors="replace")
        raise AssertionError(f"{late}\n{said[-3000:]}") from late
    return portal


@pytest.fixture(scope="session")
def settled() -> Callable[[LivePortal], LivePortal]:
    """How to wait for a portal of one's own."""
    return settle


@pytest.fixture(scope="session")
def city(live: LivePortal) -> LivePortal:
    """The live portal, once its staff can log in."""
    return settle(live)


@pytest.fixture
def resident(city: LivePortal) -> Resident:
    """Somebody who saw pollution."""
    return Resident(city)


@pytest.fixture
def office(city: LivePortal) -> Office:
    """The city's staff."""
    return Office(city)


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: JOURNEY_SHOTS, or a directory that pytest tidies away."""
    wanted = os.getenv("JOURNEY_SHOTS")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def has_real_photos() -> bool:
    """Whether this machine has pictures of real phones."""
    return SHARED.is_dir()
