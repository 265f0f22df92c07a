"""The public row of a case, recomputed from what it stands on: running it twice changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal.core.clock import local
from portal.core.db import db
from portal.domain.categories.models import Category
from portal.domain.departments.queries import department_by_code
from portal.domain.publication.models import PublicCase, PublicCopy, PublicLevel
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import events_of

_NEVER = frozenset({State.SUBMITTED, State.DECLINED, State.WITHDRAWN, State.MERGED})
_CLOSED = frozenset({State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED})
_OUT = frozenset({State.PUBLISHED, State.DEREGISTERED})


def refresh_public_case(report: Report, at: datetime) -> None:
    """Bring the public row of `report` up to date; remove it when nothing may be shown."""
    row = db.session.get(PublicCase, report.id)
    if report.accepted_at is None or State(report.state) in _NEVER:
        if row is not None:
            db.session.delete(row)
        return
    if row is None:
        row = PublicCase(report_id=report.id, number=report.number)
        db.session.add(row)
    _fill_listed(row, report)
    copy = db.session.get(PublicCopy, report.id)
    if copy is not None and copy.revoked_at is None:
        _fill_published(row, report, copy)
    else:
        _blank(row)
    row.updated_at = at


def _fill_listed(row: PublicCase, report: Report) -> None:
    """Number, level-1 category, town, department, date, state, days: what *listed* may show."""
    top = report.category.parent_id
    level_1 = db.session.get_one(Category, top) if top else report.category
    row.state = report.state
    row.level = PublicLevel.LISTED
    row.category_code, row.category_id = level_1.code, level_1.id
    row.town_id, row.village_id = report.town_id, None
    row.department_id = report.lead_department_id
    row.received_on = local(report.received_at).date()
    is_closed = State(report.state) in _CLOSED
    row.closed_on = local(report.resolved_at).date() if is_closed and report.resolved_at else None
    row.days = (row.closed_on - row.received_on).days if row.closed_on else None
    row.due_at = None if is_closed else report.due_at
    row.is_reopened = report.reopened_count > 0 and not is_closed
    row.timeline = _public_timeline(report)


def _fill_published(row: PublicCase, report: Report, copy: PublicCopy) -> None:
    row.level = PublicLevel.PUBLISHED
    row.category_id = report.category_id
    row.village_id = report.grid_id if copy.rounding != "town" else None
    row.verdict, row.text, row.measures = copy.verdict, copy.text, copy.measures
    row.lat, row.lng, row.published_at = copy.lat, copy.lng, copy.released_at
    row.is_reopened = State(report.state) not in _OUT
    row.photos = [_public_photo(p) for p in photos_of(report) if _is_out(p)]


def _blank(row: PublicCase) -> None:
    row.verdict = row.text = row.lat = row.lng = row.published_at = None
    row.measures, row.photos = [], []


def _is_out(photo: Photo) -> bool:
    return photo.status == PhotoStatus.RELEASED and photo.released_at is not None


def _public_photo(photo: Photo) -> dict[str, Any]:
    return {
        "key": photo.public_key,
        "kind": photo.kind,
        "width": photo.width,
        "height": photo.height,
        "on": local(photo.taken_at or photo.received_at).date().isoformat(),
        "masked": bool(photo.boxes),
    }


def _public_timeline(report: Report) -> list[dict[str, Any]]:
    """Public events by day; units only, never a person."""
    lines = []
    for event in events_of(SUBJECT, report.id):
        if not event.is_public:
            continue
        line = {"kind": event.kind, "on": local(event.at).date().isoformat()}
        department = _department_name(event.data.get("lead"))
        lines.append({**line, "department": department} if department else line)
    return lines


def _department_name(code: str | None) -> str | None:
    if not code:
        return None
    row = department_by_code(code)
    return row.name_zh if row else None
