"""What the pages of looking back show: rows of a list, one look-back, the card on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.desk_queries import first_photos
from portal.domain.lookback.models import Draw, LookBack
from portal.domain.lookback.queries import SOON, colour, look_backs_of
from portal.domain.lookback.visiting import is_open
from portal.domain.reports.states import Action
from portal.web import filters
from portal.web.desk.facts import photo_view
from portal.web.desk.frame import name_of
from portal.web.desk.onsite_facts import Seen, place_words, site_view
from portal.web.desk.reading import Reading


def rows_of(found: Sequence[LookBack], at: datetime) -> list[dict[str, Any]]:
    """The rows of a list, with the first picture of each case."""
    shots = first_photos({row.report_id for row in found})
    return [_row(row, shots.get(row.report_id), at) for row in found]


def split_by_due(found: Sequence[LookBack], at: datetime) -> tuple[list[LookBack], list[LookBack]]:
    """What is late or due within a week, and what comes later."""
    until = work_calendar().local_date(at) + SOON
    return [r for r in found if r.due_on <= until], [r for r in found if r.due_on > until]


def look_back_view(row: LookBack, at: datetime) -> dict[str, Any]:
    """One look-back with the pictures of its case and every visit paid."""
    report = row.report
    site, seen = site_view(report, [Seen(visit, visit.photos) for visit in row.visits])
    visits = [{**look, "outcome": v.outcome} for look, v in zip(seen, row.visits, strict=True)]
    return {
        **_row(row, None, at),
        "is_open": row.done_at is None and is_open(row, report),
        "is_void": row.done_at is None and not is_open(row, report),
        "site": site,
        "visits": visits,
    }


def case_look_backs(told: Reading, who: Actor, at: datetime) -> dict[str, Any]:
    """The card on the page of a case: the star, and what was planned and found."""
    report = told.report
    rows = told.of(look_backs_of, Action.DEREGISTER)
    return {
        "rows": [
            {**_row(row, None, at), "is_void": row.done_at is None and not is_open(row, report)}
            for row in rows
        ],
        "is_starred": report.is_starred,
        "may_star": who.may(Permission.STAR_REPORT),
        "may_look": may_read(who),
    }


def draw_view(draw: Draw) -> dict[str, Any]:
    """One month's draw in words and figures."""
    return {
        "month_words": filters.month(draw.month),
        "seed": draw.seed,
        "at": draw.at,
        "population": draw.population,
        "size": draw.size,
        "percent": draw.percent,
    }


def may_read(who: Actor) -> bool:
    """Whether the list of look-backs is there for `who`."""
    return who.may(Permission.LOOK_BACK) or who.may(Permission.SET_SAMPLE_RATE)


def _row(row: LookBack, shot: Any, at: datetime) -> dict[str, Any]:
    report = row.report
    is_done = row.done_at is not None
    return {
        "id": row.id,
        "report": report,
        "number": report.number,
        "title": report.title,
        "category": name_of(report.category),
        "place": place_words(report),
        "address": report.address or "",
        "reason": row.reason,
        "clock": row.clock,
        "due_on": row.due_on,
        "due_at": work_calendar().end_of_day(row.due_on),
        "colour": "" if is_done else colour(row, at),
        "outcome": row.outcome,
        "done_at": row.done_at,
        "tries": len(row.visits),
        "thumb": photo_view(shot, {}, {}) if shot else None,
    }
