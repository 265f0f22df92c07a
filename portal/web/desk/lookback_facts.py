"""What the pages of looking back show: rows of a list, one look-back, the card on a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.desk_queries import first_photos
from portal.domain.departments.queries import departments
from portal.domain.lookback.models import Draw, LookBack, Visit
from portal.domain.lookback.queries import SOON, colour, look_backs_of
from portal.domain.lookback.visiting import is_open
from portal.domain.reports.models import Report
from portal.domain.reports.photos import photos_of
from portal.web import filters
from portal.web.desk.facts import photo_view
from portal.web.desk.frame import name_of
from portal.web.desk.pages import pair_of


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
    names, units = _people(row.visits), {unit.id: unit for unit in departments()}
    photos = photos_of(report)
    photos_by_id = {photo.id: photo_view(photo, names, units) for photo in photos}
    before, after = pair_of(list(photos_by_id.values()))
    return {
        **_row(row, None, at),
        "is_open": row.done_at is None and is_open(row, report),
        "is_void": row.done_at is None and not is_open(row, report),
        "before": before,
        "after": after,
        "visits": [_visit(v, names, photos_by_id) for v in row.visits],
    }


def case_look_backs(report: Report, who: Actor, at: datetime) -> dict[str, Any]:
    """The card on the page of a case: the star, and what was planned and found."""
    rows = look_backs_of(report)
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
        "place": _("，").join(name_of(g) for g in _places(report)),
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


def _places(report: Report) -> list[Any]:
    return [report.town] if report.town == report.grid else [report.town, report.grid]


def _people(visits: Iterable[Visit]) -> dict[int, str]:
    return names_of({visit.by_user_id for visit in visits})


def _visit(visit: Visit, names: dict[int, str], photos: dict[int, Any]) -> dict[str, Any]:
    return {
        "outcome": visit.outcome,
        "at": visit.at,
        "who": names.get(visit.by_user_id, ""),
        "note": visit.note,
        "distance_m": round(visit.distance_m) if visit.distance_m is not None else None,
        "accuracy_m": round(visit.accuracy_m) if visit.accuracy_m is not None else None,
        "has_spot": visit.lat is not None,
        "photos": [photos[photo.id] for photo in visit.photos if photo.id in photos],
    }
