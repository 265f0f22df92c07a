"""Exposures in the demo: three that stand, and one that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cli.demo.staff import actor
from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Verdict
from portal.domain.exposures.ending import end_exposure
from portal.domain.exposures.models import Exposure
from portal.domain.exposures.services import NewExposure, approve_exposure, propose_exposure
from portal.domain.exposures.wording import Wording
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import Report

_DAY = timedelta(days=1)
_MOST = 3
_LASTS, _SHORT = 365 * _DAY, 60 * _DAY
_PARTIES = {
    "air": "示例市宏远建材厂",
    "water": "示例市清水洗涤厂",
    "noise": "示例市金点娱乐城",
    "waste": "示例市顺达装修队",
    "soil": "示例市南坪电镀作坊",
    "radiation": "示例市蓝光检测站",
    "ecology": "示例市青坡采石场",
    "other": "示例市白石塑料作坊",
}


def expose_in_demo(at: datetime) -> None:
    """Expose verified cases with photos of before and after: the newest of three kinds, and the
    oldest, whose time is over; once for a city.
    """
    if db.session.scalar(select(Exposure.id).limit(1)) is not None:
        return
    cases = _typical(at)
    newest = {case.category_code: case.report_id for case in reversed(cases)}
    chosen = sorted(newest.values(), key=[case.report_id for case in cases].index)[:_MOST]
    for report_id in chosen:
        with transaction():
            _expose(db.session.get_one(PublicCase, report_id), _LASTS, at)
    if cases and cases[-1].report_id not in chosen:
        with transaction():
            _expose(db.session.get_one(PublicCase, cases[-1].report_id), _SHORT, at)


def _typical(at: datetime) -> list[PublicCase]:
    """Verified cases that show a pair and have been out for three days, the newest first."""
    query = (
        select(PublicCase)
        .where(
            PublicCase.level == PublicLevel.PUBLISHED,
            PublicCase.verdict == Verdict.VERIFIED,
            PublicCase.is_reopened.is_(False),
            PublicCase.published_at < at - 3 * _DAY,
        )
        .order_by(PublicCase.published_at.desc(), PublicCase.report_id.desc())
    )
    return [case for case in db.session.scalars(query) if case.before and case.after]


def _expose(case: PublicCase, lasts: timedelta, at: datetime) -> None:
    place = case.town.name_zh if case.town else ""
    since = (case.published_at or now()) + 2 * _DAY
    words = Wording(
        title=f"{place}{case.category.name_zh}案",
        party=_PARTIES.get(case.category_code, _PARTIES["other"]),
        text=case.text or "",
        basis=f"示环罚〔{local(since).year}〕{case.report_id}号行政处罚决定",
    )
    new = NewExposure(words, local(since + lasts).date())
    report = db.session.get_one(Report, case.report_id)
    row = propose_exposure(report, new, by=actor("publisher"), at=since)
    approve_exposure(row, by=actor("publisher2"), at=since + timedelta(hours=5))
    # The portal takes it down as soon as its last day is over; until then this does nothing.
    end_exposure(row, min(at, work_calendar().end_of_day(new.expires_on)))
