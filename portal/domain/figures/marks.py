"""Which reports count as what, as sets read by plain SQL: the other road of recount.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select

from portal.core.db import db
from portal.domain.deadlines.models import Deadline
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.models import RepeatComplaint

Ids = frozenset[int]
Marks = Mapping[str, Ids]
_OFF_THE_LIST = ("submitted", "declined", "withdrawn", "merged")
_DONE = ("resolved", "published", "withheld", "deregistered")
_STAGES = ("dispatch", "sign", "contact", "resolve", "review", "publish")


@dataclass(frozen=True)
class _Chunk:
    """Reading ids between two bounds."""

    low: int
    high: int
    at: datetime

    def reports(self, *conditions: ColumnElement[bool]) -> Ids:
        """Reports that fulfil all conditions."""
        return _ids(select(Report.id).where(Report.id.between(self.low, self.high), *conditions))

    def state(self, *states: str) -> Ids:
        """Reports in one of these states."""
        return self.reports(Report.state.in_(states))

    def happened(self, kind: str, *conditions: ColumnElement[bool]) -> Ids:
        """Reports to which this happened."""
        return _ids(select(TimelineEvent.subject_id).where(self._event(kind), *conditions))

    def repeated(self) -> Ids:
        """Reports of which triage says that they repeat a closed case."""
        between = RepeatComplaint.report_id.between(self.low, self.high)
        return _ids(select(RepeatComplaint.report_id).where(between))

    def first_verdict(self, *verdicts: str) -> Ids:
        """Reports whose first outcome said one of these."""
        first = (
            select(func.min(TimelineEvent.id))
            .where(self._event("resolve"))
            .group_by(TimelineEvent.subject_id)
        )
        said = TimelineEvent.data["verdict"].as_string().in_(verdicts)
        return self.happened("resolve", TimelineEvent.id.in_(first), said)

    def terms(self, clock: str) -> tuple[Ids, Ids]:
        """Reports with a late term of this clock, and those with one kept by taking the step."""
        chosen = [Deadline.report_id.between(self.low, self.high), Deadline.clock == clock]
        if clock in {"sign", "resolve"}:
            end = func.max(Deadline.id) if clock == "sign" else func.min(Deadline.id)
            chosen.append(Deadline.id.in_(select(end).where(*chosen).group_by(Deadline.report_id)))
        rested = case(
            (Deadline.paused_at.is_not(None), Deadline.paused_at),
            (Deadline.stopped_at.is_not(None), Deadline.stopped_at),
            else_=self.at,
        )
        refused = exists().where(
            self._event("decline"),
            TimelineEvent.subject_id == Deadline.report_id,
            TimelineEvent.at == Deadline.stopped_at,
        )
        taken = or_(Deadline.closed_reason == "done", refused)
        query = select(Deadline.report_id).where(*chosen)
        is_late = Deadline.due_at < rested
        return _ids(query.where(is_late)), _ids(query.where(~is_late, taken))

    def _event(self, kind: str) -> ColumnElement[bool]:
        return and_(
            TimelineEvent.subject_kind == "report",
            TimelineEvent.subject_id.between(self.low, self.high),
            TimelineEvent.kind == kind,
        )


def marks_between(low: int, high: int, at: datetime) -> Marks:
    """What the reports with ids from `low` to `high` count as, by the code of the measure."""
    chunk = _Chunk(low, high, at)
    filings = chunk.reports(Report.parent_id.is_(None))
    taken_on = chunk.reports(Report.accepted_at.is_not(None))
    declined = chunk.state("declined")
    problems = taken_on - chunk.state(*_OFF_THE_LIST)
    marks = {
        "received": filings,
        "decided": filings & (taken_on | declined),
        "accepted": filings & (taken_on - declined),
        "waiting": filings & (chunk.state("submitted") | (chunk.state("need_info") - taken_on)),
        "declined": filings & declined,
        "withdrawn": filings & chunk.state("withdrawn"),
        "merged": filings & chunk.state("merged"),
        "unlisted": filings - problems,
        "part": problems - filings,
        "repeat": problems & chunk.repeated(),
        "accept": filings,
        **dict.fromkeys(_STAGES, problems),
    }
    marks |= _judged(chunk, marks)
    return marks | _handled(chunk, problems)


def _judged(chunk: _Chunk, based: Mapping[str, Ids]) -> dict[str, Ids]:
    """The two marks of each stage; takes the place of its base in the table."""
    found: dict[str, Ids] = {}
    for clock in ("accept", *_STAGES):
        late, kept = chunk.terms(clock)
        due = (late | kept) & based[clock]
        found |= {clock: frozenset(), f"{clock}_due": due, f"{clock}_met": due - late}
    return found


def _handled(chunk: _Chunk, problems: Ids) -> dict[str, Ids]:
    """What happened to problems once they were taken on."""
    closed = problems & chunk.state(*_DONE)
    resolved = problems & chunk.reports(Report.first_resolved_at.is_not(None))
    back = TimelineEvent.data["reason_code"].as_string().in_(("rebound", "lookback_failed"))
    return {
        "problem": problems,
        "closed": closed,
        "open": problems - closed,
        "overdue": (problems - closed) & chunk.reports(Report.due_at < chunk.at),
        "resolved": resolved,
        "found": resolved & chunk.first_verdict("verified", "partly"),
        "dispatched": problems & chunk.happened("dispatch"),
        "returned": problems & chunk.happened("return"),
        "reviewed": problems & chunk.happened("submit"),
        "reworked": problems & chunk.happened("rework"),
        "reopened": problems & chunk.happened("reopen"),
        "rebound": problems & chunk.happened("reopen", back),
        "deregistered": problems & chunk.state("deregistered"),
        "extended": problems & chunk.happened("extension_granted"),
    }


def _ids(query: Select[int]) -> Ids:
    return frozenset(db.session.scalars(query))
