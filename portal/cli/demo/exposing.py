"""Exposures in the demo: three that stand, and one that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cli.demo.staff import actor
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.exposures.models import Exposure
from portal.domain.exposures.services import NewExposure, approve_exposure, propose_exposure
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import Report
from portal.domain.reports.states import State

_DAY = timedelta(days=1)
_PARTIES = ("示例市青坡建材厂", "示例市柳溪运输公司", "示例市南坪养殖场", "示例市大塘家具厂")
_ENDED = 3  # which of them is over


def expose_in_demo(at: datetime) -> None:
    """Expose the newest verified cases with photos of before and after; once for a city."""
    if db.session.scalar(select(Exposure.id).limit(1)) is not None:
        return
    for n, (party, case) in enumerate(zip(_PARTIES, _typical(len(_PARTIES)), strict=False)):
        since = at - (400 if n == _ENDED else 20 + 30 * n) * _DAY
        with transaction():
            _expose(db.session.get_one(PublicCase, case), party, since)


def _typical(limit: int) -> list[int]:
    """Verified cases that show a pair and a fine or an order, the newest first."""
    query = (
        select(PublicCase)
        .where(
            PublicCase.level == PublicLevel.PUBLISHED,
            PublicCase.verdict == "verified",
            PublicCase.is_reopened.is_(False),
            PublicCase.state.in_((State.PUBLISHED, State.DEREGISTERED)),
        )
        .order_by(PublicCase.published_at.desc(), PublicCase.report_id.desc())
    )
    found = (case.report_id for case in db.session.scalars(query) if case.before and case.after)
    return [report_id for _, report_id in zip(range(limit), found, strict=False)]


def _expose(case: PublicCase, party: str, since: datetime) -> None:
    place = case.town.name_zh if case.town else ""
    new = NewExposure(
        title=f"{place}{case.category.name_zh}案",
        party=party,
        text=case.text or "",
        basis=f"示环罚〔{local(since).year}〕{case.report_id}号行政处罚决定",
        expires_on=local(since).date() + 365 * _DAY,
    )
    report = db.session.get_one(Report, case.report_id)
    row = propose_exposure(report, new, by=actor("publisher"), at=since)
    approve_exposure(row, by=actor("publisher2"), at=since + timedelta(hours=5))
