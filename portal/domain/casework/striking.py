"""Striking a case off, and opening it again (销号、重新办理)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from portal.core.db import db
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.models import Assignment, AssignmentKind
from portal.domain.casework.parts import begin_parts
from portal.domain.casework.queries import current_finding, has_open_objection, lead_assignment
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.services import charge_department, redden_clock
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Report
from portal.domain.reports.proofs import GuardError, SeparationError, proves
from portal.domain.reports.states import Action, Guard
from portal.domain.reports.workflow import Move, advance


class ReopenReason(StrEnum):
    """Why a closed case is taken up again."""

    NOT_FIXED = "not_fixed"
    REBOUND = "rebound"
    NEW_EVIDENCE = "new_evidence"
    DISPUTE_UPHELD = "dispute_upheld"
    LOOKBACK_FAILED = "lookback_failed"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _REASON_LABELS[self]


# Why a case counts as a rebound 反弹, and is red at once (domain.md section 4).
CAME_BACK = frozenset({ReopenReason.REBOUND, ReopenReason.LOOKBACK_FAILED})
_REASON_LABELS = {
    ReopenReason.NOT_FIXED: N_("没有整改到位"),
    ReopenReason.REBOUND: N_("问题反弹"),
    ReopenReason.NEW_EVIDENCE: N_("有新的证据"),
    ReopenReason.DISPUTE_UPHELD: N_("异议成立"),
    ReopenReason.LOOKBACK_FAILED: N_("回头看未通过"),
}


def deregister_report(
    report: Report, acceptance_note: str, *, expected: int, by: Actor, at: datetime
) -> None:
    """Strike the case off after acceptance, once the notice period passed without objection."""
    proved = frozenset({_notice_over(report, at), _no_objection(report), _not_reviewer(report, by)})
    data = {"acceptance_note": acceptance_note}
    advance(report, Action.DEREGISTER, Move(by, at, expected, proved, data))


def reopen_report(
    report: Report,
    reason: ReopenReason,
    *,
    expected: int | None,
    by: Actor,
    at: datetime,
    proved: frozenset[Guard] = frozenset(),
) -> None:
    """Take a closed case up again: a new RESOLVE; the first outcome stays in the figures.

    One that came back is red from the first moment. `proved` is what the room above knows.
    """
    report.reopened_count += 1
    report.resolved_at = None
    db.session.flush()
    advance(report, Action.REOPEN, Move(by, at, expected, proved, {"reason_code": reason}))
    if reason in CAME_BACK:
        redden_clock(report.id, Clock.RESOLVE, at)
        refresh_copies(report)
    if report.lead_department_id is not None:
        charge_department(report.id, Clock.RESOLVE, report.lead_department_id, at)
    if lead_assignment(report) is None and report.lead_department_id is not None:
        row = Assignment(
            report_id=report.id,
            department_id=report.lead_department_id,
            kind=AssignmentKind.LEAD,
            dispatched_at=at,
            signed_at=at,
        )
        db.session.add(row)
    begin_parts(report, at)


@proves(Guard.NOTICE_OVER)
def _notice_over(report: Report, at: datetime) -> None:
    """The notice period must have ended."""
    if report.notice_ends_at is None or at < report.notice_ends_at:
        raise GuardError(N_("公示期还没有结束。"))


@proves(Guard.NO_OBJECTION)
def _no_objection(report: Report) -> None:
    """No open row in `objection`."""
    if has_open_objection(report):
        raise GuardError(N_("还有没答复的异议，不能销号。"))


@proves(Guard.NOT_REVIEWER)
def _not_reviewer(report: Report, by: Actor) -> None:
    """Whoever strikes off is not the reviewer who resolved."""
    finding = current_finding(report)
    if finding is not None and finding.reviewed_by_id == by.user_id:
        raise SeparationError(N_("审核员不能自己销号。"))
