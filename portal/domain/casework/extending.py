"""More time for a case: the lead asks before its term is over, the supervisor decides (延期).

Once for each RESOLVE term, at most 30 days; whoever asked does not decide, whatever roles they
hold. A granted extension is told to the reporter and the public; the words of the clerk are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.extensions import (
    Asking,
    ExtensionError,
    grant_extension,
    refuse_extension,
    request_extension,
)
from portal.domain.deadlines.models import Extension, ExtensionReason
from portal.domain.deadlines.queries import open_deadline
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError, SeparationError
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event

# While the lead works on it or its outcome is looked at; before that it has not been signed for.
EXTENDABLE = frozenset({State.HANDLING, State.HEAD_REVIEW, State.SUBMITTED_REVIEW})


@dataclass(frozen=True)
class MoreTime:
    """What the lead asks for: calendar days, why, and in its own words."""

    days: int
    reason: ExtensionReason
    note: str


def ask_more_time(report: Report, wanted: MoreTime, *, by: Actor, at: datetime) -> Extension:
    """Ask for a longer RESOLVE term.

    Raises NotAllowedError (not of the lead), GuardError (state), InvalidFieldsError (days) and
    ExtensionError (term over, asked twice).
    """
    _demand(by, Permission.ASK_EXTENSION)
    lock_reports(report)
    if by.department_id is None or by.department_id != report.lead_department_id:
        raise NotAllowedError(N_("只有主办单位的人能申请延期。"))
    deadline = open_deadline(report.id, Clock.RESOLVE)
    if State(report.state) not in EXTENDABLE or deadline is None:
        raise GuardError(N_("这一件现在没有在办，不能申请延期。"))
    asking = Asking(wanted.days, wanted.reason, wanted.note, by.staff_id, by.department_id, at)
    row = request_extension(deadline, asking)
    data = {"extension": row.id, "days": wanted.days, "reason": wanted.reason}
    _record(report, "extension_asked", by, at, data)
    return row


def grant_more_time(report: Report, extension_id: int, *, by: Actor, at: datetime) -> Extension:
    """Grant the request: RESOLVE ends later, and the reporter is told.

    Raises NotAllowedError, SeparationError (own request), ExtensionError (decided already).
    """
    row = _deciding(report, extension_id, by)
    deadline = grant_extension(row, by_id=by.staff_id, at=at)
    refresh_copies(report)
    data = {
        "extension": row.id,
        "days": row.days,
        "reason": row.reason,
        "due_at": deadline.due_at.isoformat(),
    }
    _record(report, "extension_granted", by, at, data, is_public=True)
    return row


def refuse_more_time(
    report: Report, extension_id: int, note: str, *, by: Actor, at: datetime
) -> Extension:
    """Refuse the request with a reason; the term stays. Raises as `grant_more_time`."""
    row = _deciding(report, extension_id, by)
    if not note.strip():
        raise InvalidFieldsError.one("note", "required", N_("请写明为什么不批准。"))
    refuse_extension(row, note, by_id=by.staff_id, at=at)
    _record(report, "extension_refused", by, at, {"extension": row.id, "note": note})
    return row


def _deciding(report: Report, extension_id: int, by: Actor) -> Extension:
    """The request, if `by` may decide it."""
    _demand(by, Permission.DECIDE_EXTENSION)
    lock_reports(report)
    row = db.session.get(Extension, extension_id)
    if row is None or row.report_id != report.id:
        raise ExtensionError(N_("没有这个延期申请，请刷新后再看。"))
    if row.asked_by_id == by.user_id:
        raise SeparationError(N_("申请延期和批准延期要由两个人做。"))
    return row


def _demand(by: Actor, permission: Permission) -> None:
    if not by.may(permission):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))


def _record(
    report: Report,
    kind: str,
    by: Actor,
    at: datetime,
    data: dict[str, object],
    *,
    is_public: bool = False,
) -> None:
    record_event(
        Happening(
            SUBJECT,
            report.id,
            kind,
            at,
            by.kind,
            by.user_id,
            by.department_id,
            is_public=is_public,
            data=data,
        )
    )
