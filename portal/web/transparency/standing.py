"""The figures every visitor sees: read from the figures room, once per state of the content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app

from portal.core.clock import local
from portal.domain.figures.definitions import FIGURES
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, counted_at, tallies, value_of
from portal.domain.publication.queries import content_version

TOWN_MONTHS = 3
_KEPT = "portal.standing"


@dataclass(frozen=True)
class Headline:
    """This year so far: filings, the problems taken on (exactly the public list), those resolved.

    `overdue` counts what is late now, of whatever year; days are the median, None without cases.
    """

    since: date
    received: int
    problems: int
    resolved: int
    median_days: float | None
    overdue: int


@dataclass(frozen=True)
class TownCount:
    """A town's problems of the last months: all, those resolved, and those overdue now."""

    town_id: int
    received: int
    resolved: int
    overdue: int


@dataclass(frozen=True)
class Standing:
    """The figures as they stood at `version`; `at` is the moment they stand for."""

    version: str
    at: datetime
    year: Headline
    towns: list[TownCount]
    towns_since: date


def page_version(at: datetime) -> str:
    """Changes with the content, and every hour: lateness is told in hours and days."""
    return hourly(content_version(), at)


def hourly(version: str, at: datetime) -> str:
    """The version with the hour of the city."""
    return f"{version}-{local(at):%m%d%H}"


def standing(version: str, at: datetime) -> Standing:
    """The figures, read anew when `version` is new; four statements, however many cases."""
    kept: Standing | None = current_app.extensions.get(_KEPT)
    if kept is not None and kept.version == version:
        return kept
    recent = Months.until(local(at).date(), TOWN_MONTHS)
    found = Standing(version, counted_at(at), _headline(at), _towns(recent), recent.first)
    current_app.extensions[_KEPT] = found
    return found


def _headline(at: datetime) -> Headline:
    today = local(at).date()
    year = Months(today.replace(month=1, day=1), today.replace(day=1))
    needed = [FIGURES[code] for code in ("received", "closed_rate", "median_days")]
    tally = tallies(Kind.CITY, year, None, needed).get(0, Tally())
    now = tallies(Kind.CITY, None, None, [FIGURES["overdue"]]).get(0, Tally())
    return Headline(
        since=year.first,
        received=tally.of(Measure.RECEIVED),
        problems=tally.of(Measure.PROBLEM),
        resolved=tally.of(Measure.CLOSED),
        median_days=value_of(FIGURES["median_days"], tally).number,
        overdue=now.of(Measure.OVERDUE),
    )


def _towns(months: Months) -> list[TownCount]:
    """Each town with problems in the span, the most first."""
    measures = (Measure.PROBLEM, Measure.CLOSED, Measure.OVERDUE)
    needed = [FIGURES["closed_rate"], FIGURES["overdue"]]
    found = [
        TownCount(key, *(tally.of(measure) for measure in measures))
        for key, tally in tallies(Kind.TOWN, months, None, needed).items()
        if key and tally.of(Measure.PROBLEM)
    ]
    return sorted(found, key=lambda count: (-count.received, count.town_id))
