"""What a report counts as, judged from its row, its events and its terms. Pure; see RULES."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from portal.core.clock import local
from portal.domain.casework.models import Verdict
from portal.domain.casework.striking import CAME_BACK
from portal.domain.deadlines.clocks import Clock, EndReason
from portal.domain.figures.measures import NOTHING, STAGES, Measure
from portal.domain.reports.states import Action, State

CLOSED = frozenset({State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED})
_OFF_THE_LIST = frozenset({State.SUBMITTED, State.DECLINED, State.WITHDRAWN, State.MERGED})
_FOUND = frozenset({Verdict.VERIFIED, Verdict.PARTLY})
# The event a granted extension leaves behind.
EXTENDED = "extension_granted"


@dataclass(frozen=True)
class Told:
    """An event as far as figures care: its verdict or reason is empty where it has none."""

    kind: str
    at: datetime
    word: str = ""


@dataclass(frozen=True)
class Ended:
    """A term: when it was due, held and stopped (None: not), and why."""

    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    reason: EndReason | None

    @property
    def rest_at(self) -> datetime | None:
        """Since when it stands; one that was held when it was stopped stands since it was held."""
        return self.paused_at or self.stopped_at


@dataclass
class Case:
    """Everything a report's figures stand on. Events and terms in the order they were made."""

    row: Row[*tuple[Any, ...]]
    events: Sequence[Told]
    terms: Mapping[Clock, Sequence[Ended]]
    event_id: int
    at: datetime
    is_repeat: bool = False  # triage found the closed case that it repeats

    @cached_property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state)

    @property
    def is_filing(self) -> bool:
        """Whether somebody sent it: what was split off another is no filing of its own."""
        return self.row.parent_id is None

    @cached_property
    def is_problem(self) -> bool:
        """Taken on, and standing on its own: the condition of the public list."""
        return self.row.accepted_at is not None and self.state not in _OFF_THE_LIST

    @property
    def is_accepted(self) -> bool:
        """Taken on at some time, whatever came of it."""
        return self.row.accepted_at is not None and self.state is not State.DECLINED

    @property
    def is_waiting(self) -> bool:
        """Nobody has decided yet whether it is taken on."""
        asked = self.state is State.NEED_INFO and self.row.accepted_at is None
        return self.state is State.SUBMITTED or asked

    @property
    def is_open(self) -> bool:
        """A problem in hand."""
        return self.is_problem and self.state not in CLOSED

    @property
    def is_overdue(self) -> bool:
        """In hand, and past what presses first."""
        return self.is_open and self.row.due_at is not None and self.row.due_at < self.at

    @property
    def is_resolved(self) -> bool:
        """A problem that was resolved at least once."""
        return self.is_problem and self.row.first_resolved_at is not None

    def had(self, action: str) -> bool:
        """Whether a problem ever went through `action`."""
        return self.is_problem and any(event.kind == action for event in self.events)

    @property
    def verdict(self) -> str:
        """What the first outcome said."""
        return next((e.word for e in self.events if e.kind == Action.RESOLVE), "")

    @property
    def came_back(self) -> bool:
        """Whether it was reopened because the trouble returned."""
        return any(e.kind == Action.REOPEN and e.word in CAME_BACK for e in self.events)

    def kept(self, clock: Clock) -> bool | None:
        """Whether the terms of a stage were kept; None while none is decided.

        SIGN: the present lead's term only, for the one before it is not its fault. RESOLVE: the
        first round's. Of the others all must have been kept.
        """
        terms = self.terms.get(clock, ())
        if clock is Clock.SIGN:
            terms = terms[-1:]
        elif clock is Clock.RESOLVE:
            terms = terms[:1]
        decided = [kept for kept in map(self._kept, terms) if kept is not None]
        return all(decided) if decided else None

    def _kept(self, term: Ended) -> bool | None:
        """A term left off in time, without its step, says nothing about anybody."""
        if term.due_at < (term.rest_at or self.at):
            return False
        is_done = term.reason is EndReason.DONE or self._was_declined_at(term)
        return True if is_done else None

    def _was_declined_at(self, term: Ended) -> bool:
        """A refusal is a decision too, though it closes every clock."""
        return any(e.kind == Action.DECLINE and e.at == term.stopped_at for e in self.events)


RULES: dict[Measure, Callable[[Case], bool]] = {
    Measure.RECEIVED: lambda c: c.is_filing,
    Measure.DECIDED: lambda c: c.is_filing and (c.is_accepted or c.state is State.DECLINED),
    Measure.ACCEPTED: lambda c: c.is_filing and c.is_accepted,
    Measure.WAITING: lambda c: c.is_filing and c.is_waiting,
    Measure.DECLINED: lambda c: c.is_filing and c.state is State.DECLINED,
    Measure.WITHDRAWN: lambda c: c.is_filing and c.state is State.WITHDRAWN,
    Measure.MERGED: lambda c: c.is_filing and c.state is State.MERGED,
    Measure.UNLISTED: lambda c: c.is_filing and not c.is_problem,
    Measure.PROBLEM: lambda c: c.is_problem,
    Measure.PART: lambda c: c.is_problem and not c.is_filing,
    Measure.OPEN: lambda c: c.is_open,
    Measure.OVERDUE: lambda c: c.is_overdue,
    Measure.CLOSED: lambda c: c.is_problem and not c.is_open,
    Measure.RESOLVED: lambda c: c.is_resolved,
    Measure.FOUND: lambda c: c.is_resolved and c.verdict in _FOUND,
    Measure.DISPATCHED: lambda c: c.had(Action.DISPATCH),
    Measure.RETURNED: lambda c: c.had(Action.RETURN),
    Measure.REVIEWED: lambda c: c.had(Action.SUBMIT),
    Measure.REWORKED: lambda c: c.had(Action.REWORK),
    Measure.REOPENED: lambda c: c.had(Action.REOPEN),
    Measure.REBOUND: lambda c: c.is_problem and c.came_back,
    Measure.DEREGISTERED: lambda c: c.state is State.DEREGISTERED,
    Measure.EXTENDED: lambda c: c.had(EXTENDED),
    Measure.REPEAT: lambda c: c.is_problem and c.is_repeat,
}


def measures_of(case: Case) -> Measure:
    """Every bit of a report."""
    found = NOTHING
    for measure, holds in RULES.items():
        if holds(case):
            found |= measure
    for stage in STAGES:
        is_based = case.is_filing if stage.clock is Clock.ACCEPT else case.is_problem
        kept = case.kept(stage.clock) if is_based else None
        if kept is not None:
            found |= stage.due | stage.met if kept else stage.due
    return found


def fact_of(case: Case) -> dict[str, Any]:
    """The columns of a report's CaseFact."""
    row, measures = case.row, measures_of(case)
    received_on = local(row.received_at).date()
    return {
        "report_id": row.id,
        "month": received_on.replace(day=1),
        "town_id": row.town_id,
        "department_id": row.lead_department_id,
        "category_id": row.category_id,
        "measures": int(measures),
        "days": _days(received_on, row.first_resolved_at) if case.is_resolved else None,
        "received_at": row.received_at,
        "next_due_at": _next_due(case),
        "event_id": case.event_id,
        "computed_at": case.at,
    }


def _days(received_on: date, first_resolved_at: datetime) -> int:
    return (local(first_resolved_at).date() - received_on).days


def _next_due(case: Case) -> datetime | None:
    """When the next running term lapses: nothing else happens, and yet figures change."""
    dues = [term.due_at for terms in case.terms.values() for term in terms if not term.rest_at]
    if case.is_open and case.row.due_at is not None:
        dues.append(case.row.due_at)
    return min((due for due in dues if due >= case.at), default=None)
