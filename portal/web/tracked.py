"""Which report the reporter at the other end has opened with its query code, if any.

The tracking pages and the media door both ask here.
"""

from __future__ import annotations

from datetime import timedelta

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.reports.models import Report
from portal.domain.reports.tracking import IDLE, session_age, session_report, touch_session
from portal.web.cookies import private_cookie

TRACK_COOKIE = "track"
COOKIE_LASTS = timedelta(days=1)  # the server ends a session after IDLE; the cookie only names it
_TOUCH_EVERY = timedelta(minutes=1)

__all__ = ["COOKIE_LASTS", "IDLE", "TRACK_COOKIE", "tracked_report", "tracked_report_id"]


def tracked_report() -> Report | None:
    """The report opened in this session; its half hour starts anew, at most once a minute."""
    token = private_cookie(TRACK_COOKIE)
    at = now()
    report = session_report(token, at) if token else None
    if report is not None and session_age(token, at) > _TOUCH_EVERY:
        with transaction():
            touch_session(token, at)
        report = session_report(token, at)
    return report


def tracked_report_id() -> int | None:
    """The id of the report opened in this session, which it does not extend."""
    token = private_cookie(TRACK_COOKIE)
    report = session_report(token, now()) if token else None
    return report.id if report else None
