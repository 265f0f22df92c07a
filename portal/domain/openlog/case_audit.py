"""Checking the reports against their history: content as filed, state as last set, all sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from portal.core.db import db
from portal.domain.openlog.models import Seal
from portal.domain.openlog.queries import LATE
from portal.domain.reports.content import content_of
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

_AT_ONCE = 500


def audit_cases(at: datetime) -> Iterator[str]:
    """What is wrong with the reports, and events that have been waiting for a seal since LATE."""
    low = 0
    while reports := _reports(low):
        low = reports[-1].id
        filed, last = _filings(reports), _last_steps(reports)
        for report in reports:
            yield from _faults_of(report, filed.get(report.id), last.get(report.id))
    yield from _unsealed(at)


def _reports(after: int) -> Sequence[Report]:
    query = select(Report).where(Report.id > after).order_by(Report.id).limit(_AT_ONCE)
    return list(db.session.scalars(query.options(lazyload("*"))))


def _filings(reports: Sequence[Report]) -> dict[int, TimelineEvent]:
    return _events_by_case(_steps(reports, [Action.FILE]).with_only_columns(TimelineEvent.id))


def _last_steps(reports: Sequence[Report]) -> dict[int, TimelineEvent]:
    steps = _steps(reports, list(Action)).with_only_columns(func.max(TimelineEvent.id))
    return _events_by_case(steps.group_by(TimelineEvent.subject_id))


def _steps(reports: Sequence[Report], kinds: Sequence[Action]) -> Select[Any]:
    return select(TimelineEvent).where(
        TimelineEvent.subject_kind == SUBJECT,
        TimelineEvent.subject_id.in_([report.id for report in reports]),
        TimelineEvent.kind.in_(kinds),
    )


def _events_by_case(ids: Select[Any]) -> dict[int, TimelineEvent]:
    query = select(TimelineEvent).where(TimelineEvent.id.in_(ids))
    return {event.subject_id: event for event in db.session.scalars(query)}


def _faults_of(
    report: Report, filed: TimelineEvent | None, last: TimelineEvent | None
) -> Iterator[str]:
    if filed is None or last is None:
        yield f"{report.number}: there is no event of its filing"
        return
    reached = last.data.get("to")
    if reached is not None and reached != report.state:
        yield f"{report.number}: its state is {report.state}, its history ends in {reached}"
    kept = filed.data.get("content")
    # Without a nonce nothing can be compared; what was filed before the log kept less.
    if kept is None or not report.content_nonce:
        return
    if content_of(report, kept).commitment(report.content_nonce) != report.content_commitment:
        yield f"{report.number}: what was filed is not what the receipt commits to"


def _unsealed(at: datetime) -> Iterator[str]:
    sealed = select(Seal.seq).where(Seal.event_id == TimelineEvent.id).exists()
    query = select(TimelineEvent).where(~sealed, TimelineEvent.at < at - LATE).limit(20)
    for event in db.session.scalars(query):
        about = f"{event.subject_kind} {event.subject_id}"
        yield f"event {event.id} ({event.kind} of {about}) was never sealed"
