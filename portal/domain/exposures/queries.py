"""Reading exposures: what the public sees, and the desk's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, or_, select

from portal.core.clock import local
from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.models import Verdict
from portal.domain.casework.scope import is_visible
from portal.domain.exposures.models import Exposure, ExposureCorrection, Stage
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import Report

_MOST = 200


@dataclass(frozen=True)
class PublicExposure:
    """What anybody may read of an exposure, beside its public case."""

    id: int
    title: str
    party: str
    text: str
    basis: str
    since: date
    until: date
    corrected_on: date | None
    case: PublicCase


class Standing(StrEnum):
    """What the public is told under the address of an exposure."""

    SHOWN = "shown"
    IN_DOUBT = "in_doubt"  # hidden for an objection, or its case is taken back or done again
    OVER = "over"  # expired or withdrawn: whom it named is not named any more


def live_exposures(today: date, limit: int = _MOST) -> list[PublicExposure]:
    """Those that stand today, the newest first.

    One whose case is hidden, taken back or done again is not shown meanwhile.
    """
    query = _live(today).order_by(Exposure.approved_at.desc(), Exposure.id.desc())
    return [_told(row, case) for row, case in db.session.execute(query.limit(limit))]


def live_exposure(exposure_id: int, today: date) -> PublicExposure | None:
    """One that stands today."""
    found = db.session.execute(_live(today).where(Exposure.id == exposure_id)).first()
    return _told(*found) if found else None


def standing_of(exposure_id: int, today: date) -> Standing | None:
    """How an exposure stands for the public; None where there never was one to see."""
    if live_exposure(exposure_id, today) is not None:
        return Standing.SHOWN
    row = approved_exposure(exposure_id)
    if row is None:
        return None
    is_over = row.stage(today) in {Stage.EXPIRED, Stage.WITHDRAWN}
    return Standing.OVER if is_over else Standing.IN_DOUBT


def approved_exposure(exposure_id: int) -> Exposure | None:
    """One that was let be seen, also when it is not seen any more."""
    row = db.session.get(Exposure, exposure_id)
    return None if row is None or row.approved_at is None else row


def lapsed_exposures(today: date) -> list[int]:
    """Those whose last day is over and of which nobody has put that on record, the first due first.

    However long the portal was down: what is due is read from the rows.
    """
    query = select(Exposure.id).where(
        Exposure.approved_at.is_not(None),
        Exposure.withdrawn_at.is_(None),
        Exposure.ended_at.is_(None),
        Exposure.expires_on < today,
    )
    return list(db.session.scalars(query.order_by(Exposure.expires_on, Exposure.id)))


def waiting_correction(exposure_id: int) -> ExposureCorrection | None:
    """The draft that waits for a second person."""
    query = select(ExposureCorrection).where(
        ExposureCorrection.exposure_id == exposure_id, ExposureCorrection.decided_at.is_(None)
    )
    return db.session.scalar(query)


def corrections_of(exposure_id: int) -> list[ExposureCorrection]:
    """Those that held, the newest first."""
    query = select(ExposureCorrection).where(
        ExposureCorrection.exposure_id == exposure_id, ExposureCorrection.holds
    )
    return list(db.session.scalars(query.order_by(ExposureCorrection.id.desc())))


def exposures(actor: Actor, limit: int = _MOST) -> list[Exposure]:
    """The desk's list: what waits first, then what stands, then what is over; the newest first."""
    if not actor.may(Permission.EXPOSE):
        return []
    is_over = or_(Exposure.ended_at.is_not(None), Exposure.withdrawn_at.is_not(None))
    order = (is_over, Exposure.approved_at.is_not(None), Exposure.id.desc())
    query = select(Exposure).join(Report).where(is_visible(actor)).order_by(*order)
    return list(db.session.scalars(query.limit(limit)))


def fit_cases(actor: Actor, limit: int) -> list[PublicCase]:
    """Cases that could be proposed: verified, published, never exposed; the newest first."""
    if not actor.may(Permission.EXPOSE):
        return []
    query = (
        select(PublicCase)
        .join(Report, Report.id == PublicCase.report_id)
        .where(
            is_visible(actor), *_is_fit(), PublicCase.report_id.not_in(select(Exposure.report_id))
        )
        .order_by(PublicCase.published_at.desc(), PublicCase.report_id.desc())
    )
    return list(db.session.scalars(query.limit(limit)))


def exposure_in_scope(actor: Actor, exposure_id: int) -> Exposure | None:
    """One exposure, if the caller sees its case and exposes cases."""
    if not actor.may(Permission.EXPOSE):
        return None
    query = select(Exposure).join(Report).where(Exposure.id == exposure_id, is_visible(actor))
    return db.session.scalar(query)


def _live(today: date) -> Select[Exposure, PublicCase]:
    return (
        select(Exposure, PublicCase)
        .join(PublicCase, PublicCase.report_id == Exposure.report_id)
        .where(
            Exposure.approved_at.is_not(None),
            Exposure.withdrawn_at.is_(None),
            Exposure.hidden_at.is_(None),
            # Not only while nobody is there to end it: the last day is over at midnight.
            Exposure.expires_on >= today,
            *_is_fit(),
        )
    )


def _is_fit() -> tuple[ColumnElement[bool], ...]:
    return (
        PublicCase.level == PublicLevel.PUBLISHED,
        PublicCase.verdict == Verdict.VERIFIED,
        PublicCase.is_reopened.is_(False),
    )


def _told(row: Exposure, case: PublicCase) -> PublicExposure:
    since = local(row.approved_at or row.drafted_at).date()
    corrected_on = local(row.corrected_at).date() if row.corrected_at else None
    return PublicExposure(
        id=row.id,
        title=row.title,
        party=row.party,
        text=row.text,
        basis=row.basis,
        since=since,
        until=row.expires_on,
        corrected_on=corrected_on,
        case=case,
    )
