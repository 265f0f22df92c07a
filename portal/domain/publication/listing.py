"""The public row of a case, recomputed from what it stands on: running it twice changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core.clock import local
from portal.core.db import db
from portal.core.search import PUBLIC
from portal.domain.casework.striking import ReopenReason
from portal.domain.categories.models import Category
from portal.domain.categories.queries import top_of
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import last_deadline
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid
from portal.domain.lookback.models import Outcome
from portal.domain.lookback.queries import last_settled
from portal.domain.lookback.visiting import EVENT as LOOKED_BACK
from portal.domain.publication.conditions import CLOSED
from portal.domain.publication.map_cells import place_case
from portal.domain.publication.merged import refresh_merged
from portal.domain.publication.models import (
    PublicCase,
    PublicCopy,
    PublicLevel,
    PublicUpdate,
    Rounding,
)
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of

_NEVER = frozenset({State.SUBMITTED, State.DECLINED, State.WITHDRAWN, State.MERGED})
_OUT = frozenset({State.PUBLISHED, State.DEREGISTERED})


def refresh_public_case(report: Report, at: datetime) -> None:
    """Bring the public row of `report` up to date; remove it when nothing may be shown."""
    row = db.session.get(PublicCase, report.id)
    if report.accepted_at is None or State(report.state) in _NEVER:
        if row is not None:
            _take_back(row)
            _place(report, at)
        refresh_merged(report)
        return
    refresh_merged(report)
    copy = db.session.get(PublicCopy, report.id)
    is_published = copy is not None and not (copy.revoked_at or copy.hidden_at)
    facts = _listed(report)
    facts |= _published(report, copy) if copy is not None and is_published else _NOTHING
    facts |= _rectified(copy)
    if row is None:
        row = PublicCase(report_id=report.id, number=report.number)
        db.session.add(row)
    _write(row, facts, report.resolved_at, at)
    keep_words(row)
    _place(report, at)


def _place(report: Report, at: datetime) -> None:
    db.session.flush()
    place_case(report.id, at)


def _take_back(row: PublicCase) -> None:
    db.session.execute(delete(PublicUpdate).where(PublicUpdate.report_id == row.report_id))
    db.session.delete(row)
    PUBLIC.drop(db.session.connection(), row.report_id)


def _write(
    row: PublicCase, facts: dict[str, Any], resolved_at: datetime | None, at: datetime
) -> None:
    """The facts, with the moment of whatever changed; whole seconds, as programs are told them."""
    at = at.replace(microsecond=0)
    if any(getattr(row, name) != fact for name, fact in facts.items()):
        if (row.state, row.level) != (facts["state"], facts["level"]):
            _note_update(row.report_id, facts, at)
        row.updated_at = at
    for name, fact in facts.items():
        setattr(row, name, fact)
    closed_at = resolved_at if row.closed_on else None
    row.modified_at = closed_at.replace(microsecond=0) if closed_at else row.updated_at


def _note_update(report_id: int, facts: dict[str, Any], at: datetime) -> None:
    db.session.add(
        PublicUpdate(
            report_id=report_id,
            at=at,
            state=facts["state"],
            level=facts["level"],
            is_reopened=facts["is_reopened"],
        )
    )


def keep_words(row: PublicCase) -> None:
    """Make a public row findable by its number, its text and what it names, in both languages."""
    category = db.session.get_one(Category, row.category_id)
    named: list[Category | Department | Grid | None] = [category, top_of(category)]
    named += [db.session.get(Grid, key) for key in (row.town_id, row.village_id) if key]
    if row.department_id:
        named.append(db.session.get(Department, row.department_id))
    words = [row.number, row.text or ""]
    for one in named:
        words += [one.name_zh, one.name_en or ""] if one else []
    PUBLIC.put(db.session.connection(), row.report_id, "\n".join(words))


def keep_missing_words(most: int) -> int:
    """Make up to `most` public rows findable that are not; returns how many."""
    missing = PublicCase.report_id.not_in(PUBLIC.ids())
    query = select(PublicCase).where(missing).order_by(PublicCase.report_id).limit(most)
    rows = list(db.session.scalars(query))
    for row in rows:
        keep_words(row)
    return len(rows)


def _listed(report: Report) -> dict[str, Any]:
    """Number, level-1 category, town, department, date, state, days: what *listed* may show."""
    level_1 = top_of(report.category)
    received_on = local(report.received_at).date()
    is_closed = State(report.state) in CLOSED
    closed_on = local(report.resolved_at).date() if is_closed and report.resolved_at else None
    return {
        "level": PublicLevel.LISTED,
        "state": report.state,
        "category_code": level_1.code,
        "category_id": level_1.id,
        "town_id": report.town_id,
        "department_id": report.lead_department_id,
        "received_on": received_on,
        "closed_on": closed_on,
        "days": (closed_on - received_on).days if closed_on else None,
        "due_at": None if is_closed else report.due_at,
        **_allowed(report),
        "is_reopened": report.reopened_count > 0 and not is_closed,
    }


def _allowed(report: Report) -> dict[str, Any]:
    """The days given for resolving: a term that ends at midnight has its last day before it."""
    term = last_deadline(report.id, Clock.RESOLVE)
    if term is None:
        return {"resolve_from": None, "resolve_by": None}
    last_moment = term.due_at - timedelta(microseconds=1)
    return {
        "resolve_from": local(term.started_at).date(),
        "resolve_by": local(last_moment).date(),
    }


def _rectified(copy: PublicCopy | None) -> dict[str, Any]:
    """Whether the copy is hidden for a while, and when it was last put right."""
    corrected_at = copy.corrected_at if copy else None
    return {
        "is_hidden": copy is not None and copy.hidden_at is not None,
        "corrected_on": local(corrected_at).date() if corrected_at else None,
    }


# What a listed row holds where a published one has words, photos, a village and a point.
_NOTHING: dict[str, Any] = {
    "village_id": None,
    "verdict": None,
    "text": None,
    "measures": [],
    "lat": None,
    "lng": None,
    "photos": [],
    "timeline": [],
    "published_at": None,
    "look_back": None,
    "looked_back_on": None,
}


def _published(report: Report, copy: PublicCopy) -> dict[str, Any]:
    """What the released copy adds; it stays while the case is being done again."""
    return {
        "level": PublicLevel.PUBLISHED,
        "category_id": report.category_id,
        "village_id": report.grid_id if copy.rounding != Rounding.TOWN else None,
        "verdict": copy.verdict,
        "text": copy.text,
        "measures": copy.measures,
        "lat": copy.lat,
        "lng": copy.lng,
        "photos": [_public_photo(p) for p in photos_of(report) if _is_out(p)],
        "timeline": _public_timeline(report),
        "published_at": copy.released_at,
        "is_reopened": State(report.state) not in _OUT,
        **_look_back(report),
    }


def _look_back(report: Report) -> dict[str, Any]:
    """The last look-back, as long as it says how things are.

    One that passed counts until the case is opened again, one that failed until it is closed again.
    """
    row = last_settled(report)
    if row is None or row.done_at is None:
        return {"look_back": None, "looked_back_on": None}
    if row.outcome is Outcome.PASSED:
        holds = row.round == report.reopened_count
    else:
        holds = State(report.state) not in _OUT and row.round == report.reopened_count - 1
    if not holds:
        return {"look_back": None, "looked_back_on": None}
    return {"look_back": row.outcome, "looked_back_on": local(row.done_at).date()}


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
    """Public events by day; units by their codes only, never a person or a word they wrote."""
    return [_public_line(event) for event in events_of(SUBJECT, report.id) if event.is_public]


def _public_line(event: TimelineEvent) -> dict[str, Any]:
    line = {"kind": event.kind, "on": local(event.at).date().isoformat()}
    units = {name: event.data[name] for name in ("lead", "assists") if event.data.get(name)}
    found = {**line, **units}
    if event.data.get("reason_code") == ReopenReason.LOOKBACK_FAILED:
        found["reason"] = event.data["reason_code"]
    if event.kind == LOOKED_BACK:
        found["outcome"] = event.data["outcome"]
    return found
