"""What time itself does: unanswered questions go back, plans run out. Every minute."""

from __future__ import annotations

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.accounts.actor import SYSTEM
from portal.domain.accounts.services import drop_stale as drop_stale_logins
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.closing import plan_ends_at, resume_report
from portal.domain.casework.queries import plans_over
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import expired
from portal.domain.reports.acceptance import answer_question
from portal.domain.reports.models import Report
from portal.domain.reports.photos import delete_objects, drop_unclaimed
from portal.domain.reports.receipts import drop_expired
from portal.domain.reports.states import State
from portal.domain.reports.tracking import drop_stale as drop_stale_tracks


def run_due_steps() -> int:
    """Take every step that time takes by itself; returns how many were taken."""
    return _expire_questions() + _resume_plans()


def sweep() -> None:
    """Forget sessions, receipts and failures whose time is over."""
    with transaction():
        drop_expired(now())
        drop_stale_tracks(now())
        drop_stale_logins(now())
        unclaimed = drop_unclaimed(now())
    for key in unclaimed:
        delete_objects(key)


def _expire_questions() -> int:
    """After five working days without an answer the report goes back to where it was."""
    taken = 0
    for row in expired(Clock.NEED_INFO, now()):
        with transaction():
            report = db.session.get_one(Report, row.report_id)
            if report.state == State.NEED_INFO:
                answer_question(report, "", by=SYSTEM, at=now())
                taken += 1
    return taken


def _resume_plans() -> int:
    """On the plan's last date the case is handled again: from that day on, however late we are."""
    taken = 0
    for report_id in plans_over(work_calendar().local_date(now())):
        with transaction():
            report = db.session.get_one(Report, report_id)
            if report.state == State.STAGE_CLOSED:
                resume_report(report, expected=None, by=SYSTEM, at=plan_ends_at(report))
                taken += 1
    return taken
