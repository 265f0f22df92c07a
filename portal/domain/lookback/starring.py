"""Starring a case 重点件: the supervisor says that it must be looked at again."""

from __future__ import annotations

from datetime import datetime

from portal.core.errors import NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import SUBJECT, lock_reports
from portal.domain.timeline.services import Happening, record_event


def star_report(report: Report, *, starred: bool, by: Actor, at: datetime) -> None:
    """Make `report` a key case, or an ordinary one again; saying it twice changes nothing.

    What was planned because of the star stays planned. Raises NotAllowedError.
    """
    if not by.may(Permission.STAR_REPORT):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    lock_reports(report)
    if report.is_starred is starred:
        return
    report.is_starred = starred
    if starred:
        _record(report, "starred", by, at)
    else:
        _record(report, "unstarred", by, at)


def _record(report: Report, kind: str, by: Actor, at: datetime) -> None:
    record_event(Happening(SUBJECT, report.id, kind, at, by.kind, by.user_id, by.department_id))
