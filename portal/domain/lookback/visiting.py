"""Going there again: what was seen is put on record, and a case that came back is reopened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import SYSTEM, Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.onsite import Spot, has_handled, on_site
from portal.domain.casework.striking import ReopenReason, reopen_report
from portal.domain.deadlines.services import stop_clock
from portal.domain.lookback.models import LookBack, Outcome, Visit
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import attach_photo
from portal.domain.reports.proofs import GuardError, SeparationError, proves
from portal.domain.reports.states import Guard, State
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event

EVENT = "looked_back"


@dataclass(frozen=True)
class Seen:
    """What was found there: the answer, words, pictures already received, the position."""

    outcome: Outcome
    note: str = ""
    photos: Sequence[Photo] = ()
    spot: Spot | None = None


def record_visit(look_back: LookBack, seen: Seen, *, by: Actor, at: datetime) -> Visit:
    """Put a visit on record. One that failed reopens the report at once, as the portal's own step.

    Raises NotAllowedError (role), SeparationError (of a department that handled the case),
    GuardError (settled already, or the case is no longer struck off) and InvalidFieldsError (a
    rebound without a picture or words says nothing to the department).
    """
    report = look_back.report
    check_may_visit(report, by)
    lock_reports(report)
    db.session.refresh(look_back)
    if look_back.done_at is not None or not is_open(look_back, report):
        raise GuardError(N_("这次回头看已经有结果，或者案件已经重新办理。"))
    if seen.outcome is Outcome.FAILED and not (seen.note or seen.photos):
        raise InvalidFieldsError.one("note", "required", N_("反弹了：请拍一张，或者写几个字。"))
    visit = _visit(look_back, report, seen, by, at)
    for photo in seen.photos:
        attach_photo(photo, report)
    if seen.outcome is not Outcome.UNDETERMINED:
        look_back.done_at, look_back.outcome = at, seen.outcome
        stop_clock(report.id, look_back.clock, at)
        refresh_copies(report)
    db.session.flush()
    _record(report, look_back, seen.outcome, by, at)
    if seen.outcome is Outcome.FAILED:
        reopen_after(look_back, at)
    return visit


def reopen_after(look_back: LookBack, at: datetime) -> None:
    """The portal opens a case again because its look-back failed. Raises GuardError otherwise."""
    proved = frozenset({_look_back_failed(look_back)})
    reason = ReopenReason.LOOKBACK_FAILED
    reopen_report(look_back.report, reason, expected=None, by=SYSTEM, at=at, proved=proved)


def is_open(look_back: LookBack, report: Report) -> bool:
    """Whether it still stands: the case is struck off, in the round it was planned for."""
    is_struck_off = State(report.state) is State.DEREGISTERED
    return is_struck_off and look_back.round == report.reopened_count


def check_may_visit(report: Report, by: Actor) -> None:
    """Raise NotAllowedError or SeparationError when `by` may not look back at `report`."""
    if not by.may(Permission.LOOK_BACK):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if has_handled(report, by.department_id):
        raise SeparationError(N_("办过这一件的单位不能自己回头看，请别的单位去看。"))


def _visit(look_back: LookBack, report: Report, seen: Seen, by: Actor, at: datetime) -> Visit:
    where = on_site(report, seen.note, seen.spot, by=by, at=at)
    visit = Visit(outcome=seen.outcome, photos=list(seen.photos), **where)
    look_back.visits.append(visit)
    return visit


def _record(report: Report, look_back: LookBack, outcome: Outcome, by: Actor, at: datetime) -> None:
    record_event(
        Happening(
            SUBJECT,
            report.id,
            EVENT,
            at,
            by.kind,
            by.user_id,
            by.department_id,
            is_public=outcome is not Outcome.UNDETERMINED,
            data={"outcome": outcome, "clock": look_back.clock},
        )
    )


@proves(Guard.LOOKBACK_FAILED)
def _look_back_failed(look_back: LookBack) -> None:
    """A look-back on record says that the trouble came back."""
    if look_back.outcome is not Outcome.FAILED:
        raise GuardError(N_("回头看没有说反弹了。"))
