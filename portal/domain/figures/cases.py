"""Reading what the figures of reports stand on: four statements, however many reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.models import Deadline
from portal.domain.figures.facts import Case, Ended, Told
from portal.domain.figures.measures import STAGES
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.repeats import repeated_among

_COLUMNS = (
    Report.id, Report.state, Report.parent_id, Report.received_at, Report.accepted_at,
    Report.first_resolved_at, Report.category_id, Report.town_id, Report.lead_department_id,
    Report.due_at,
)  # fmt: skip
_CLOCKS = [stage.clock for stage in STAGES]


def cases_of(report_ids: Collection[int], at: datetime) -> list[Case]:
    """The reports with their events and terms, as they stand at `at`, by id."""
    events, newest = _events(report_ids)
    terms = _terms(report_ids)
    again = repeated_among(report_ids)
    query = select(*_COLUMNS).where(Report.id.in_(report_ids)).order_by(Report.id)
    return [
        Case(row, events[row.id], terms[row.id], newest.get(row.id, 0), at, row.id in again)
        for row in db.session.execute(query)
    ]


def _events(report_ids: Collection[int]) -> tuple[dict[int, list[Told]], dict[int, int]]:
    """The events of each report in order, and the id of the newest."""
    query = (
        select(
            TimelineEvent.id,
            TimelineEvent.subject_id,
            TimelineEvent.kind,
            TimelineEvent.at,
            TimelineEvent.data,
        )
        .where(TimelineEvent.subject_kind == SUBJECT, TimelineEvent.subject_id.in_(report_ids))
        .order_by(TimelineEvent.id)
    )
    found: dict[int, list[Told]] = defaultdict(list)
    newest: dict[int, int] = {}
    for event_id, report_id, kind, at, data in db.session.execute(query):
        word = data.get("verdict") or data.get("reason_code") or ""
        found[report_id].append(Told(kind, at, word))
        newest[report_id] = event_id
    return found, newest


def _terms(report_ids: Collection[int]) -> dict[int, dict[Clock, list[Ended]]]:
    """The terms of each report's stages, in the order they started."""
    query = (
        select(
            Deadline.report_id,
            Deadline.clock,
            Deadline.due_at,
            Deadline.paused_at,
            Deadline.stopped_at,
            Deadline.closed_reason,
        )
        .where(Deadline.report_id.in_(report_ids), Deadline.clock.in_(_CLOCKS))
        .order_by(Deadline.id)
    )
    found: dict[int, dict[Clock, list[Ended]]] = defaultdict(lambda: defaultdict(list))
    for report_id, clock, due_at, paused_at, stopped_at, reason in db.session.execute(query):
        found[report_id][clock].append(Ended(due_at, paused_at, stopped_at, reason))
    return found
