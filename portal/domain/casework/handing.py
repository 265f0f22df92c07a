"""Who handles a case inside its department 经办人: the head hands it to a clerk, and to another."""

from __future__ import annotations

from datetime import datetime

from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import clerks_of
from portal.domain.casework.queries import assignment_of
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event

LONGEST_NOTE = 200  # characters


def hand_to(report: Report, handler_id: int, note: str, *, by: Actor, at: datetime) -> None:
    """Let a clerk of the head's own department handle its part of the case, lead or assist.

    Raises NotAllowedError (role), GuardError (the department has no part in the case) and
    InvalidFieldsError (nobody of this department, or the same person as before).
    """
    if not by.may(Permission.HAND_TO_CLERK):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    lock_reports(report)
    own = assignment_of(report, by.department_id) if by.department_id is not None else None
    if own is None:
        raise GuardError(N_("这一件不在您单位手里。"))
    if handler_id not in clerks_of(own.department_id):
        raise InvalidFieldsError.one("handler", "unknown", N_("本单位没有这位承办员，请重新选。"))
    if own.handler_id == handler_id:
        raise InvalidFieldsError.one("handler", "same", N_("已经是这位在办。"))
    data = {"handler": handler_id, "before": own.handler_id, "note": note}
    own.handler_id = handler_id
    record_event(
        Happening(
            SUBJECT, report.id, "handed_to", at, by.kind, by.user_id, by.department_id, data=data
        )
    )
