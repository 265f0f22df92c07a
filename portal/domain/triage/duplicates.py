"""Which reports staff should look at before they take one on: candidates, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians

from sqlalchemy import ColumnElement, and_, exists, false, literal, or_, select, true

from portal.core.db import db
from portal.core.geo import Point
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.scope import is_visible
from portal.domain.grids.models import Grid
from portal.domain.reports.models import Photo, PhotoKind, Report
from portal.domain.reports.proofs import GuardError
from portal.domain.triage.likeness import (
    REACH_M,
    WINDOW_DAYS,
    Match,
    Sketch,
    compared,
    duplicates,
)
from portal.domain.triage.models import NotSame
from portal.domain.triage.services import UNFIT_MAINS

# More candidates than this in one place and month: the nearest in time tell enough.
_MOST_COMPARED = 300
_METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Likely:
    """A report that may be the same thing, and why."""

    report: Report
    match: Match


def likely_same(report: Report, by: Actor) -> list[Likely]:
    """The reports likest to this one that `by` sees, at most three; two statements.

    Not those that somebody told apart from it, nor parts of the same filing.
    """
    near = {row.id: row for row in _candidates(report, by)}
    hashes = _hashes({report.id, *near})
    told = sketch_of(report, hashes)
    found = duplicates(told, (sketch_of(one, hashes) for one in near.values()))
    return [Likely(near[match.key], match) for match in found]


def compare(report: Report, other: Report) -> Match:
    """Two reports side by side; one statement."""
    hashes = _hashes({report.id, other.id})
    return compared(sketch_of(report, hashes), sketch_of(other, hashes))


def sketch_of(report: Report, hashes: Mapping[int, tuple[str, ...]]) -> Sketch:
    """What is compared of a report."""
    has_point = report.lat is not None and report.lng is not None
    return Sketch(
        key=report.id,
        category=report.category.code,
        words=report.description,
        received_at=report.received_at,
        point=Point(report.lat or 0.0, report.lng or 0.0) if has_point else None,
        grid_id=report.grid_id,
        grid_name=report.grid.name_zh if report.grid else "",
        address=report.address or "",
        hashes=hashes.get(report.id, ()),
    )


def tell_apart(report: Report, other: Report, *, by: Actor, at: datetime) -> None:
    """Remember that these two are not the same thing; neither is suggested for the other again."""
    if report.id == other.id:
        raise GuardError(N_("这是同一件。"))
    if not are_told_apart(report, other):
        one_id, other_id = sorted((report.id, other.id))
        db.session.add(NotSame(one_id=one_id, other_id=other_id, by_user_id=by.user_id, at=at))


def take_back(report: Report, other: Report) -> None:
    """Forget that two reports were told apart."""
    found = db.session.get(NotSame, tuple(sorted((report.id, other.id))))
    if found is not None:
        db.session.delete(found)


def are_told_apart(report: Report, other: Report) -> bool:
    """Whether somebody said that these two are not the same thing."""
    return db.session.get(NotSame, tuple(sorted((report.id, other.id)))) is not None


def _candidates(report: Report, by: Actor) -> Sequence[Report]:
    month = timedelta(days=WINDOW_DAYS)
    query = (
        select(Report)
        .outerjoin(Grid, Grid.id == Report.grid_id)
        .where(
            is_visible(by),
            Report.id != report.id,
            Report.received_at.between(report.received_at - month, report.received_at + month),
            Report.state.not_in(UNFIT_MAINS),
            or_(*_places(report)),
            ~_told_apart_from(report),
            *_no_kin_of(report),
        )
        .order_by(Report.received_at.desc(), Report.id.desc())
        .limit(_MOST_COMPARED)
    )
    return list(db.session.scalars(query))


def _places(report: Report) -> list[ColumnElement[bool]]:
    """In the square around the point, in the same village, or an address that names it."""
    found = []
    if report.lat is not None and report.lng is not None:
        high = REACH_M / _METRES_PER_DEGREE
        wide = high / max(0.01, cos(radians(report.lat)))
        found.append(
            and_(
                Report.lat.between(report.lat - high, report.lat + high),
                Report.lng.between(report.lng - wide, report.lng + wide),
            )
        )
    is_loose = Report.lat.is_(None) if found else true()
    if report.grid is not None:
        found.append(and_(Report.grid_id == report.grid_id, is_loose))
        found.append(and_(Report.address.contains(report.grid.name_zh, autoescape=True), is_loose))
    if report.address and report.grid is None:
        found.append(literal(report.address).contains(Grid.name_zh))
    return found or [false()]


def _told_apart_from(report: Report) -> ColumnElement[bool]:
    return exists().where(
        or_(
            and_(NotSame.one_id == report.id, NotSame.other_id == Report.id),
            and_(NotSame.one_id == Report.id, NotSame.other_id == report.id),
        )
    )


def _no_kin_of(report: Report) -> list[ColumnElement[bool]]:
    """Neither what this was split off nor what was split off it, nor its sisters."""
    found = [or_(Report.parent_id.is_(None), Report.parent_id != report.id)]
    if report.parent_id is not None:
        found.append(Report.id != report.parent_id)
        found.append(or_(Report.parent_id.is_(None), Report.parent_id != report.parent_id))
    return found


def _hashes(report_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The perceptual hashes of the residents' photographs, by report."""
    query = select(Photo.report_id, Photo.phash).where(
        Photo.report_id.in_(report_ids),
        Photo.kind == PhotoKind.EVIDENCE,
        Photo.phash.is_not(None),
    )
    found: dict[int, tuple[str, ...]] = {}
    for report_id, phash in db.session.execute(query):
        if report_id is not None and phash:
            found[report_id] = (*found.get(report_id, ()), phash)
    return found
