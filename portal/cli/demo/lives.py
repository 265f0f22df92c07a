"""The lives a demo report may lead: which steps, how long each takes, how long ago it began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.reports.states import State

Steps = tuple[str, ...]
Range = tuple[float, float]

_TAKEN: Steps = ("accept", "dispatch", "sign", "contact", "check")
_SENT: Steps = ("accept", "dispatch")
_CLOSED: Steps = ("propose", "submit", "resolve")
_DONE: Steps = (*_TAKEN, *_CLOSED, "publish", "deregister")


@dataclass(frozen=True, slots=True)
class Life:
    """One course through the workflow; ``days`` ago it began, ``weight`` among 300 reports."""

    name: str
    steps: Steps
    ends: State
    days: Range
    weight: int


LIVES = (
    Life("submitted", (), State.SUBMITTED, (0.1, 1.6), 15),
    Life("need_info", ("ask",), State.NEED_INFO, (1, 3), 5),
    Life("declined", ("decline",), State.DECLINED, (1, 400), 8),
    Life("withdrawn", ("withdraw",), State.WITHDRAWN, (1, 300), 5),
    Life("merged", ("merge",), State.MERGED, (1, 200), 6),
    Life("accepted", ("accept",), State.ACCEPTED, (1, 2), 6),
    Life("dispatched", _SENT, State.DISPATCHED, (1, 3), 7),
    Life("returned", (*_SENT, "return"), State.RETURNED, (1, 3), 3),
    Life("handling", _TAKEN, State.HANDLING, (2, 9), 13),
    Life("head_review", (*_TAKEN, "propose"), State.HEAD_REVIEW, (4, 13), 6),
    Life("submitted_review", (*_TAKEN, "propose", "submit"), State.SUBMITTED_REVIEW, (4, 14), 6),
    Life("stage_closed", (*_TAKEN, "propose", "submit", "stage_close"), State.STAGE_CLOSED,
         (20, 50), 5),
    Life("resolved", (*_TAKEN, *_CLOSED), State.RESOLVED, (6, 18), 7),
    Life("published", (*_TAKEN, *_CLOSED, "publish"), State.PUBLISHED, (9, 30), 30),
    Life("withheld", (*_TAKEN, *_CLOSED, "withhold"), State.WITHHELD, (9, 30), 4),
    Life("deregistered", _DONE, State.DEREGISTERED, (40, 540), 130),
    Life("reopened", (*_TAKEN, *_CLOSED, "publish", "reopen"), State.HANDLING, (30, 90), 4),
    Life("returned_twice", (*_SENT, "return", *_SENT[1:], "return"), State.RETURNED, (2, 4), 2),
    Life("ruled", (*_SENT, "return", "dispatch", "return", "rule"), State.DISPATCHED, (3, 5), 2),
    Life("split", ("accept", "split"), State.ACCEPTED, (1, 2.5), 2),
    Life("reworked", (*_TAKEN, "propose", "submit", "rework"), State.HANDLING, (6, 14), 4),
    Life("merged_accepted", ("accept", "merge"), State.MERGED, (1, 200), 3),
    Life("submitted_late", (), State.SUBMITTED, (5, 8), 2),
    Life("handling_late", _TAKEN, State.HANDLING, (20, 45), 5),
    Life("sent_back", (*_TAKEN, "propose", "send_back"), State.HANDLING, (5, 13), 3),
    Life("resumed", (*_TAKEN, "propose", "submit", "stage_close", "resume"), State.HANDLING,
         (60, 140), 2),
    Life("asked", ("ask", "answer", "accept", *_DONE[1:]), State.DEREGISTERED, (40, 300), 5),
    Life("asked_open", ("ask", "answer"), State.SUBMITTED, (2, 4), 2),
    Life("appealed", ("decline", "appeal"), State.SUBMITTED, (4, 10), 1),
    Life("appeal_upheld", ("decline", "appeal", *_DONE), State.DEREGISTERED, (60, 300), 2),
    Life("withdrawn_accepted", ("accept", "withdraw"), State.WITHDRAWN, (2, 300), 2),
    Life("added", (*_TAKEN, "info", *_CLOSED, "publish"), State.PUBLISHED, (10, 30), 3),
    Life("done_reworked", (*_TAKEN, "propose", "submit", "rework", "check", *_DONE[5:]),
         State.DEREGISTERED, (45, 540), 16),
    Life("done_returned", (*_SENT, "return", *_DONE[1:]), State.DEREGISTERED, (45, 500), 7),
    Life("done_ruled", (*_SENT, "return", "dispatch", "return", "rule", *_DONE[2:]),
         State.DEREGISTERED, (50, 500), 4),
    Life("done_withheld", (*_TAKEN, *_CLOSED, "withhold", "deregister"), State.DEREGISTERED,
         (45, 540), 5),
    Life("done_staged", (*_TAKEN, "propose", "submit", "stage_close", "resume", *_DONE[4:]),
         State.DEREGISTERED, (140, 540), 4),
    Life("done_reopened", (*_DONE, "reopen", "check", *_CLOSED, "publish", "deregister"),
         State.DEREGISTERED, (150, 540), 5),
    Life("came_back", (*_DONE, "look_back"), State.HANDLING, (62, 150), 4),
)  # fmt: skip

_OFFICE_HOURS: dict[str, Range] = {
    "ask": (1, 6), "accept": (0.5, 11), "decline": (2, 12), "merge": (1, 8), "split": (0.3, 2),
    "dispatch": (0.3, 5), "sign": (0.3, 3.8), "return": (0.5, 5), "rule": (0.5, 5),
    "contact": (0.3, 4), "check": (2, 13), "propose": (4, 46), "send_back": (0.5, 6),
    "submit": (0.5, 7), "rework": (1, 11), "stage_close": (1, 11), "resolve": (1, 12),
    "publish": (2, 28), "withhold": (2, 28), "deregister": (1, 30),
}  # fmt: skip
_CLOCK_HOURS: dict[str, Range] = {
    "answer": (2, 40), "appeal": (20, 120), "withdraw": (2, 12), "info": (1, 20),
    "resume": (24 * 40, 24 * 60), "reopen": (24 * 4, 24 * 25), "look_back": (24 * 29, 24 * 33),
}  # fmt: skip
_STAFF_LATER = frozenset({"reopen", "look_back"})
_LATE_SHARE = 0.07  # of signings and dispatches miss their term


def pick_lives(count: int, rng: Random) -> list[Life]:
    """Choose ``count`` lives: every kind once, as far as that goes, then by weight."""
    chosen = list(LIVES[:count])
    rest = count - len(chosen)
    chosen += rng.choices(LIVES, [life.weight for life in LIVES], k=rest) if rest > 0 else []
    return chosen


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a report came in and when each of its steps was taken (aware UTC)."""

    received_at: datetime
    steps: tuple[tuple[str, datetime], ...]

    @property
    def last_at(self) -> datetime:
        """When the last thing happened."""
        return self.steps[-1][1] if self.steps else self.received_at


def timetable(
    life: Life, midnight: datetime, hour: float, rng: Random, after: datetime | None = None
) -> Timetable:
    """Lay a life out in time so that it ends before ``midnight``, the first moment of today.

    ``hour`` is the local time of day of the filing. With ``after`` the report follows that moment
    by some hours instead, which a duplicate of an earlier report does.
    """
    amounts = [(step, _amount(step, rng)) for step in life.steps]
    age = life.days[0] + (life.days[1] - life.days[0]) * rng.random() ** 1.25
    days = max(1, round(age + 0.5))
    while True:
        received = midnight + timedelta(days=-days, seconds=round(hour * 3600))
        if after is not None:
            gap = min(timedelta(hours=3 + days % 40), (midnight - after) / 2)
            return _lay((after + gap).replace(microsecond=0), amounts)
        laid = _lay(received, amounts)
        if laid.last_at < midnight:
            return laid
        days += 1


def _amount(step: str, rng: Random) -> timedelta:
    low, high = _OFFICE_HOURS.get(step) or _CLOCK_HOURS[step]
    hours = low + (high - low) * rng.random() ** 1.5
    if step in {"sign", "dispatch"} and rng.random() < _LATE_SHARE:
        hours *= 3
    return timedelta(hours=hours)


def _lay(received: datetime, amounts: list[tuple[str, timedelta]]) -> Timetable:
    at, laid = received, []
    for step, amount in amounts:
        at = _moment(step, at, amount).replace(microsecond=0)
        laid.append((step, at))
    return Timetable(received, tuple(laid))


def _moment(step: str, before: datetime, amount: timedelta) -> datetime:
    """Staff act in office hours, residents at any time, striking off waits for the notice."""
    calendar = work_calendar()
    if step in _CLOCK_HOURS and step not in _STAFF_LATER:
        return before + amount
    if step in _STAFF_LATER:
        return calendar.add_working_time(before + amount, timedelta(minutes=37))
    if step == "deregister":
        before = term_for(Clock.NOTICE, None, before).due_at
    return calendar.add_working_time(before, amount)
