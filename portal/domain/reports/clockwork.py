"""What a step does to the case's clocks, and the copy of the tightest one that queues sort by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import first_running, open_deadlines
from portal.domain.deadlines.services import (
    close_clocks,
    pause_clocks,
    restart_clock,
    resume_clocks,
    start_clock,
    start_first,
    start_once,
    stop_clock,
)
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW, Step

if TYPE_CHECKING:
    from portal.domain.reports.models import Report
    from portal.domain.timeline.models import TimelineEvent


class _Move(Protocol):
    @property
    def at(self) -> datetime: ...
    @property
    def dues(self) -> Mapping[str, datetime]: ...


def apply(report: Report, step: Step, nth: int, move: _Move) -> None:
    """Stop, pause, resume and start the clocks of `step`, then refresh the report's copies."""
    if step.closes:
        close_clocks(report.id, move.at)
    for clock in sorted(step.stops):
        stop_clock(report.id, clock, move.at)
    if step.resumes:
        resume_clocks(report.id, move.at)
    if step.pauses:
        pause_clocks(report.id, move.at)
    for clock in sorted(step.restarts):
        restart_clock(report.id, clock, move.at, due_at=move.dues[clock])
    started = [_start(report, clock, move, step) for clock in sorted(_starting(report, step, nth))]
    if is_first(step):
        _copy(report, sorted(started, key=lambda row: row.due_at))
    else:
        refresh_copies(report)


def is_first(step: Step) -> bool:
    """Whether the step makes the report: then no clock can be running yet."""
    return not step.sources


def begun_by(deadline: Deadline, events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    """The event whose step started a clock: of its moment, and of a kind that starts it."""
    kinds = _starters(deadline.clock)
    fits = (e for e in events if e.at == deadline.started_at and e.kind in kinds)
    return next(fits, None)


@cache
def _starters(clock: Clock) -> frozenset[str]:
    """The kinds of events that may start `clock`."""
    kinds = {str(action) for action, step in WORKFLOW.items() if clock in _ever(step)}
    return frozenset(kinds | _BESIDE.get(clock, set()))


_PARTED: set[str] = {Action.DISPATCH, Action.RULE, Action.REOPEN}
# Clocks that no row of the table starts: progress on one milestone starts the clock of the next,
# and whoever hands a case out starts the clocks of those who assist.
_BESIDE: dict[Clock, set[str]] = {
    Clock.MILESTONE: {"checked_in"},
    Clock.PART_SIGN: _PARTED,
    Clock.PART: _PARTED,
}


def _ever(step: Step) -> set[Clock]:
    """Every clock a step can start, whatever the case."""
    later = (*step.starts_nth, *step.starts_at.values())
    return {*step.starts, *step.starts_once, *(clock for group in later for clock in group)}


def refresh_copies(report: Report) -> None:
    """Copy the tightest pressing clock and the end of the notice period onto the report."""
    _copy(report, open_deadlines(report.id))


def _copy(report: Report, running: Sequence[Deadline]) -> None:
    tightest = first_running(running)
    report.due_clock = tightest.clock if tightest else None
    report.warn_at = tightest.warn_at if tightest else None
    report.due_at = tightest.due_at if tightest else None
    report.red_at = tightest.red_at if tightest else None
    notice = next((row for row in running if row.clock is Clock.NOTICE), None)
    report.notice_ends_at = notice.due_at if notice else None


def _starting(report: Report, step: Step, nth: int) -> set[Clock]:
    clocks = set(step.starts | step.starts_once)
    clocks |= step.starts_at.get(State(report.state), frozenset())
    if step.starts_nth:
        clocks |= step.starts_nth[min(nth, len(step.starts_nth) - 1)]
    if not report.has_contact:
        clocks.discard(Clock.CONTACT)  # nobody to call: the clock never starts
    return clocks


def _start(report: Report, clock: Clock, move: _Move, step: Step) -> Deadline:
    if is_first(step):
        start = start_first
    else:
        start = start_once if clock in step.starts_once else start_clock
    return start(
        report.id,
        clock,
        move.at,
        deadline_class=DeadlineClass(report.deadline_class) if report.deadline_class else None,
        due_at=move.dues.get(clock),
    )
