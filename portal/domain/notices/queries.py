"""The notices of a report, and the facts each is written from."""

from __future__ import annotations

from portal.core.errors import NotFoundError
from portal.domain.casework.models import Finding
from portal.domain.casework.queries import findings_of
from portal.domain.notices.kinds import Notice, notices_among
from portal.domain.reports.models import Report, ThreadEntry, ThreadKind
from portal.domain.reports.thread import thread_of
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.queries import events_of


def notices_of(report: Report) -> list[Notice]:
    """Every notice of `report`, oldest first."""
    return notices_among(events_of(SUBJECT, report.id))


def notice_of(report: Report, event_id: int) -> Notice:
    """The notice behind one event of `report`. Raises NotFoundError."""
    found = next((one for one in notices_of(report) if one.event.id == event_id), None)
    if found is None:
        raise NotFoundError
    return found


def finding_told(report: Report, notice: Notice) -> Finding | None:
    """The finding that stood when the report was resolved by `notice`'s event."""
    told = [f for f in findings_of(report) if f.reviewed_at and f.reviewed_at <= notice.at]
    return told[-1] if told else None


def refusal_told(report: Report, notice: Notice) -> ThreadEntry | None:
    """The words in which the report was declined by `notice`'s event."""
    told = [entry for entry in thread_of(report, ThreadKind.DECLINE) if entry.at <= notice.at]
    return told[-1] if told else None
