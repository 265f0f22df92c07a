"""Reading exposures: what the public sees, and the desk's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from portal.core.clock import local
from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.models import Verdict
from portal.domain.casework.scope import is_visible
from portal.domain.exposures.models import Exposure
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
    case: PublicCase


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


def exposures(actor: Actor, limit: int = _MOST) -> list[Exposure]:
    """The desk's list: what waits first, then the newest."""
    if not actor.may(Permission.EXPOSE):
        return []
    order = (Exposure.approved_at.is_not(None), Exposure.id.desc())
    query = select(Exposure).join(Report).where(is_visible(actor)).order_by(*order)
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
            Exposure.expires_on >= today,
            PublicCase.level == PublicLevel.PUBLISHED,
            PublicCase.verdict == Verdict.VERIFIED,
            PublicCase.is_reopened.is_(False),
        )
    )


def _told(row: Exposure, case: PublicCase) -> PublicExposure:
    since = local(row.approved_at or row.drafted_at).date()
    return PublicExposure(
        row.id, row.title, row.party, row.text, row.basis, since, row.expires_on, case
    )
