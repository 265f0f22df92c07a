"""Ninety days of a city: what people do is laid down, the worker is up or down.

Its reports go twelve ways through their workflow, in turn, a day and an hour apart. The
worker ticks in every minute in which there is something to do (in the others it would find
nothing), unless it is down; the web goes on meanwhile.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.accounts.permissions import Role
from portal.domain.calendar.changing import Changer, change_day
from portal.domain.calendar.models import DayKind
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.casework.closing import plan_ends_at
from portal.domain.casework.extending import MoreTime, ask_more_time, grant_more_time
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.extensions import extensions_of
from portal.domain.deadlines.models import Crossing, Deadline, ExtensionReason
from portal.domain.deadlines.services import close_clocks
from portal.domain.reports.acceptance import Acceptance, accept_report
from portal.domain.reports.models import Report, Track
from portal.domain.reports.states import Action, State
from portal.domain.reports.vault import Contact
from portal.domain.reports.workflow import WrongStateError
from portal.domain.timeline import services as timeline
from portal.domain.timeline.models import Delivery, DeliveryState
from portal.jobs.deadlines import run_due_steps
from portal.jobs.pressure import press
from tests.factories import LEAD, START, drain, file, make_department, staff, take, writing

LAST = START + timedelta(days=90)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_OWED = select(func.min(Delivery.next_at)).where(Delivery.state == DeliveryState.PENDING)
Step = tuple[float, Callable[[Report, datetime], object]]
Outage = tuple[datetime, datetime]


def outages(seed: int, number: int = 12) -> list[Outage]:
    """Times in which the worker is down: from two hours to five days, never two at once."""
    dice = random.Random(seed)
    span = (LAST - START) / number
    found = []
    for nth in range(number):
        begins = START + nth * span + dice.random() * span / 4
        found.append((begins, begins + timedelta(hours=dice.choice((2, 9, 30, 70, 120)))))
    return found


def does(action: Action) -> Callable[[Report, datetime], object]:
    """An ordinary step; one that is not open any more is left undone, as on a screen."""

    def step(report: Report, at: datetime) -> None:
        with suppress(WrongStateError):
            take(report, action, at=at)

    return step


def _accept_urgent(report: Report, at: datetime) -> None:
    accepted = Acceptance(Track.COMPLAINT, DeadlineClass.URGENT)
    with writing():
        by = staff(Role.TRIAGE)
        accept_report(report, accepted, expected=report.version, by=by, at=at)


def _dispatch_elsewhere(report: Report, at: datetime) -> None:
    with writing():
        by, other = staff(Role.TRIAGE), make_department("cg")
        assigning = Assigning(other, [], "请查")
        dispatch_report(report, assigning, expected=report.version, by=by, at=at)


def _ask_time(report: Report, at: datetime) -> None:
    with writing():
        by = staff(Role.CLERK, department=LEAD)
        ask_more_time(report, MoreTime(10, ExtensionReason.WORKS, "设备未到"), by=by, at=at)


def _grant_time(report: Report, at: datetime) -> None:
    with writing():
        row = extensions_of(report.id)[-1]
        grant_more_time(report, row.id, by=staff(Role.SUPERVISOR), at=at)


def _in_hand(sign_after: float = 2) -> list[Step]:
    """Accepted after an hour, dispatched after two, signed so many hours later."""
    return [
        (1, does(Action.ACCEPT)),
        (2, does(Action.DISPATCH)),
        (2 + sign_after, does(Action.SIGN)),
    ]


_CLOSE = (Action.PROPOSE, Action.SUBMIT, Action.RESOLVE)


def _closed(day: float) -> list[Step]:
    return [(day * 24 + nth, does(action)) for nth, action in enumerate(_CLOSE)]


def _asked(answer: float | None) -> list[Step]:
    """Asked while accepted; answered after so many days, or not at all."""
    steps: list[Step] = [(1, does(Action.ACCEPT)), (2, does(Action.ASK))]
    if answer is not None:
        steps.append((answer * 24, does(Action.ANSWER)))
    return [*steps, (20 * 24, does(Action.DISPATCH)), (20 * 24 + 2, does(Action.SIGN))]


WAYS: tuple[list[Step], ...] = (
    _in_hand(60),  # signed late, never resolved
    [*_in_hand(), *_closed(9)],  # in time
    [*_in_hand(), (11 * 24, _ask_time), (16.5 * 24, _grant_time)],  # granted when it was late
    [*_in_hand(), (10 * 24, _ask_time), (13 * 24, _grant_time), *_closed(24)],
    _asked(None),  # the window runs out
    _asked(12),  # an answer behind the window
    [*_in_hand(10)[:2], (8, does(Action.RETURN)), (30, _dispatch_elsewhere)],
    [*_in_hand(), (17 * 24, does(Action.MERGE)), (26 * 24, does(Action.UNMERGE))],
    [
        *_in_hand(),
        (100, does(Action.PROPOSE)),
        (101, does(Action.SUBMIT)),
        (102, does(Action.STAGE_CLOSE)),
    ],
    [*_in_hand(), *_closed(17), (30 * 24, does(Action.REOPEN))],
    [*_in_hand(30), *_closed(40)],  # leaves a phone: has to be called
    [(1, _accept_urgent), (2, does(Action.DISPATCH)), (9, does(Action.SIGN)), *_closed(8)],
)


@dataclass
class World:
    """The city for ninety days with one fate of its worker."""

    size: int
    down: Sequence[Outage] = ()
    reports: list[Report] = field(default_factory=list)
    late_looks: int = 0  # ticks that had to wait for the worker
    _agenda: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def run(self) -> None:
        """Live through the ninety days."""
        timeline.connect({"calendar_changed": ("recount",)}, lambda: None)
        self._plan()
        at = START
        while at < LAST:
            tick_at = self._tick_at(at)
            if self._agenda and self._agenda[0][0] <= min(tick_at, LAST):
                at, _nth, deed = heapq.heappop(self._agenda)
                go_to(at)
                deed()
            else:
                at = tick_at
                if at < LAST:
                    go_to(at)
                    self._tick()
        go_to(LAST)
        self._tick()

    def _plan(self) -> None:
        for nth in range(self.size):
            self._at(START + nth * 25 * _HOUR, partial(self._file, nth))
        # In the middle of a week a day off is announced, and the one after it is worked.
        change_at = START + 38.2 * _DAY
        self._at(change_at, lambda: _turn_day(change_at, DayKind.HOLIDAY))

    def _file(self, nth: int) -> None:
        at = START + nth * 25 * _HOUR
        way = nth % len(WAYS)
        phone = Contact(phone="13800138000") if way == 10 else Contact()
        report = file(at=at, contact=phone)
        self.reports.append(report)
        for hours, step in WAYS[way]:
            when = at + timedelta(hours=hours, minutes=nth)
            if when < LAST:
                self._at(when, partial(step, report, when))

    def _at(self, at: datetime, deed: Callable[[], object]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), deed))

    def _tick_at(self, at: datetime) -> datetime:
        """The minute in which the worker next has something to do and is up."""
        work_at = max(self._work_at(at), at)
        minute = work_at.replace(second=0, microsecond=0) + _MINUTE
        ends = next((end for begin, end in self.down if begin <= minute < end), None)
        if ends is not None:
            self.late_looks += 1
        return ends or minute

    def _work_at(self, at: datetime) -> datetime:
        db.session.rollback()
        if db.session.scalar(select(Crossing.id).where(Crossing.settled_at.is_(None)).limit(1)):
            return at
        ids = [report.id for report in self.reports]
        running = select(func.min(Deadline.next_cross_at)).where(Deadline.report_id.in_(ids))
        asked = select(func.min(Deadline.due_at)).where(
            Deadline.report_id.in_(ids),
            Deadline.clock == Clock.NEED_INFO,
            Deadline.stopped_at.is_(None),
        )
        moments = [db.session.scalar(query) for query in (running, asked, _OWED)]
        moments += [plan_ends_at(r) for r in self.reports if r.state == State.STAGE_CLOSED]
        return min((moment for moment in moments if moment is not None), default=LAST)

    def _tick(self) -> None:
        if db.session.scalar(_OWED) is not None:
            drain()
        run_due_steps()
        press()
        db.session.rollback()


def _turn_day(at: datetime, kind: DayKind | None) -> None:
    on = (START + 45 * _DAY).date()
    with writing():
        change_day(on, kind, "临时放假", Changer("system", None, at))


def end_world(world: World) -> None:
    """Leave the next world as this one began: nothing runs, and the day off is taken back."""
    go_to(LAST)
    with writing():
        for report in world.reports:
            close_clocks(report.id, LAST)
    _turn_day(LAST, None)
    drain()


def go_to(moment: datetime) -> None:
    """Set this process's clock."""
    clock.configure(timedelta(), None, "Asia/Shanghai")
    clock.configure(moment - clock.now(), None, "Asia/Shanghai")
