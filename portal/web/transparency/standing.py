"""The figures every visitor sees, counted no more often than they are cheap.

Small cities get them fresh on every change. Where counting takes long, a process spends at most
about a hundredth of its time on it: what took a second is then kept for a hundred.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from portal.core.clock import local
from portal.domain.publication.headline import (
    Headline,
    TownCount,
    headline,
    town_counts,
    year_start,
)
from portal.domain.publication.queries import content_version

TOWN_DAYS = 90
_SPARED = 99  # times as long as counting took
_KEPT = "portal.standing"


@dataclass(frozen=True)
class Standing:
    """The figures as they stood at `version`; `at` is when they were counted."""

    version: str
    at: datetime
    year: Headline
    towns: list[TownCount]


@dataclass(frozen=True)
class _Kept:
    figures: Standing
    until: float  # on the monotonic clock


def page_version(at: datetime) -> str:
    """Changes with the content, and every hour: lateness is told in hours and days."""
    return hourly(content_version(), at)


def hourly(version: str, at: datetime) -> str:
    """The version with the hour of the city."""
    return f"{version}-{local(at):%m%d%H}"


def standing(version: str, at: datetime) -> Standing:
    """The figures, counted anew when `version` is new and counting is affordable."""
    kept: _Kept | None = current_app.extensions.get(_KEPT)
    started = time.monotonic()
    if kept and (kept.figures.version == version or started < kept.until):
        return kept.figures
    figures = _count(version, at)
    done = time.monotonic()
    current_app.extensions[_KEPT] = _Kept(figures, done + _SPARED * (done - started))
    return figures


def _count(version: str, at: datetime) -> Standing:
    since = local(at).date() - timedelta(days=TOWN_DAYS)
    return Standing(version, at, headline(at, year_start(at)), town_counts(at, since))
