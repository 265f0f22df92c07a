"""Proposing, approving and withdrawing an exposure: two people, and only what was verified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import ConflictError, InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.models import Verdict
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.exposures.happenings import tell_approved, tell_drafted, tell_withdrawn
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.wording import Wording, write_words
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import SeparationError

_LONGEST = timedelta(days=3 * 366)


class ExposureError(ConflictError):
    """The case may not be exposed, or the exposure is past that step; `detail` says why."""

    code = "exposure"


@dataclass(frozen=True)
class NewExposure:
    """What is to be said in public, and its last day."""

    words: Wording
    expires_on: date


def usual_end(at: datetime) -> date:
    """The last day by the term in force: a year, unless staff set another."""
    return local(term_for(Clock.EXPOSURE, None, at).due_at - timedelta(microseconds=1)).date()


def is_exposable(report: Report) -> bool:
    """Whether the case is published, verified and not being done again."""
    case = db.session.get(PublicCase, report.id)
    return (
        case is not None
        and case.level == PublicLevel.PUBLISHED
        and case.verdict == Verdict.VERIFIED
        and not case.is_reopened
    )


def propose_exposure(report: Report, new: NewExposure, *, by: Actor, at: datetime) -> Exposure:
    """Draft an exposure. Raises NotAllowedError, ExposureError, InvalidFieldsError."""
    demand_right(by)
    if not is_exposable(report):
        raise ExposureError(N_("只有查实、已经公开、没有在重新办理的举报才能曝光。"))
    today = local(at).date()
    if not today < new.expires_on <= today + _LONGEST:
        raise InvalidFieldsError.one("expires_on", "range", N_("到期日要在明天以后、三年以内。"))
    row = Exposure(
        report_id=report.id,
        expires_on=new.expires_on,
        drafted_at=at,
        drafted_by_id=by.staff_id,
    )
    write_words(row, new.words.redacted())
    db.session.add(row)
    db.session.flush()
    tell_drafted(row, by, at)
    return row


def approve_exposure(row: Exposure, *, by: Actor, at: datetime) -> None:
    """Let it be seen. Raises NotAllowedError, SeparationError (the drafter), ExposureError."""
    lock_exposure(row, by)
    today = local(at).date()
    if row.drafted_by_id == by.user_id:
        raise SeparationError(N_("起草曝光的人不能自己审定。"))
    if row.stage(today) is not Stage.DRAFT:
        raise ExposureError(N_("这件曝光已经审定或撤下了。"))
    if row.expires_on < today:
        raise ExposureError(N_("到期日已经过了，请撤下这份草稿，重新提议。"))
    if not is_exposable(row.report):
        raise ExposureError(N_("只有查实、已经公开、没有在重新办理的举报才能曝光。"))
    row.approved_at, row.approved_by_id = at, by.staff_id
    db.session.flush()
    tell_approved(row, by, at)


def withdraw_exposure(row: Exposure, reason: str, *, by: Actor, at: datetime) -> None:
    """Take it back, as a draft or before its time. Raises NotAllowedError, ExposureError."""
    lock_exposure(row, by)
    if row.stage(local(at).date()) in {Stage.WITHDRAWN, Stage.EXPIRED}:
        raise ExposureError(N_("这件曝光已经撤下了。"))
    take_back(row, reason, by=by, at=at)


def take_back(row: Exposure, reason: str, *, by: Actor, at: datetime) -> None:
    """Take it back; whether `by` may was settled by the caller."""
    row.withdrawn_at, row.withdrawn_by_id, row.withdraw_reason = at, by.staff_id, reason
    db.session.flush()
    tell_withdrawn(row, by, at)


def demand_right(by: Actor) -> None:
    """Raise NotAllowedError unless `by` exposes cases."""
    if not by.may(Permission.EXPOSE):
        raise NotAllowedError


def lock_exposure(row: Exposure, by: Actor) -> None:
    """Read it afresh, one after the other. Raises NotAllowedError."""
    demand_right(by)
    db.session.refresh(row, with_for_update={"of": Exposure})
