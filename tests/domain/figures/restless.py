"""A city that never rests: random steps through the services, under a clock that moves on."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import PortalError
from portal.domain.accounts.actor import Actor
from portal.domain.casework.closing import Proposal, propose_closing, record_contact
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind, Verdict
from portal.domain.casework.striking import ReopenReason, reopen_report
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.vault import Contact
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.services import merge_report
from tests.factories import START, actor_for, file, grid, take

QUIET = ("air.odor", "noise.social", "noise.construction")  # none of them asks for photos
# Twenty places, each with a neighbour 55 metres away: small groups of repeats, as in a city.
SPOTS = [(30.4 + n / 200 + side / 2000, 112.4) for n in range(20) for side in (0, 1)]
# Ends of the road, and what leads back: otherwise few cases would come far.
RARE = {
    Action.WITHDRAW: 0.05, Action.DECLINE: 0.1, Action.MERGE: 0.12, Action.ASK: 0.3,
    Action.SPLIT: 0.1, Action.RETURN: 0.5, Action.SEND_BACK: 0.3, Action.REWORK: 0.3,
    Action.STAGE_CLOSE: 0.4, Action.UNMERGE: 0.7, Action.REOPEN: 0.5,
}  # fmt: skip
# What a guard may still refuse: a window may have closed, a ruling may stand.
REFUSABLE = {Action.RETURN, Action.APPEAL}
VILLAGES = ("999901001001", "999901001002", "999901002")


class City:
    """Reports, and the moment it is."""

    def __init__(self, seed: int, most: int = 250) -> None:
        self.rng, self.at, self.most = Random(seed), START, most
        self.ids: list[int] = []
        self.last = 0
        self.taken: dict[str, int] = {}
        self.done: Counter[tuple[int, Action]] = Counter()
        self._actors: dict[tuple[Action, int | None, bool], Actor] = {}

    def step(self) -> bool:
        """Take one step, or try to; whether it was taken. Call it inside a transaction."""
        self.at += timedelta(minutes=self.rng.choice((1, 10, 60, 240, 480)))
        if not self.ids or (len(self.ids) < self.most and self.rng.random() < 0.12):
            self._file()
            return True
        is_same = self.last and self.rng.random() < 0.75
        self.last = self.last if is_same else self.rng.choice(self.ids)
        report = db.session.get_one(Report, self.last)
        actions = [a for a in _open_steps(report) if self._is_likely(report, a)]
        if not actions:
            self.last = 0
            return False
        action = self.rng.choices(actions, [RARE.get(a, 1.0) for a in actions])[0]
        by = self._actor(report, action)
        if action in REFUSABLE:
            try:
                with db.session.begin_nested():
                    self._take(report, action, by)
            except PortalError:
                db.session.expire_all()
                return False
        else:
            self._take(report, action, by)
        self.done[report.id, action] += 1
        self.taken[action] = self.taken.get(action, 0) + 1
        return True

    def _is_likely(self, report: Report, action: Action) -> bool:
        """Spare most of what a guard would refuse: refusals cost as much as steps."""
        if action is Action.DEREGISTER:
            return report.notice_ends_at is not None and report.notice_ends_at <= self.at
        returns = self.done[report.id, Action.RETURN]
        if action is Action.RULE:
            return returns >= 2
        if action is Action.DISPATCH:
            return report.state != State.RETURNED or returns < 2
        if action in {Action.ASK, Action.APPEAL}:
            most = 2 if action is Action.ASK else 1
            return self.done[report.id, action] < most
        return True

    def new_events(self, since: int) -> list[tuple[int, int]]:
        """Reports and ids of the events after `since`, in order."""
        query = select(TimelineEvent.subject_id, TimelineEvent.id)
        rows = db.session.execute(query.where(TimelineEvent.id > since).order_by(TimelineEvent.id))
        return [(report_id, event_id) for report_id, event_id in rows]

    def _file(self) -> None:
        lat, lng = self.rng.choice(SPOTS)
        place = None
        if self.rng.random() < 0.8:
            village = grid(self.rng.choice(VILLAGES))
            place = Place(lat, lng, lat, lng, "wgs84", "pin", 10.0, "河堤路9号", village)
        contact = Contact(phone="13800000000") if self.rng.random() < 0.3 else None
        report = file(self.rng.choice(QUIET), place=place, contact=contact, at=self.at)
        self.ids.append(report.id)
        self.last = report.id
        self.taken[Action.FILE] = self.taken.get(Action.FILE, 0) + 1

    def _actor(self, report: Report, action: Action) -> Actor:
        appealed = self.done[report.id, Action.APPEAL] > 0
        key = (action, report.lead_department_id, appealed)
        if key not in self._actors:
            self._actors[key] = actor_for(report, action)
        return self._actors[key]

    def _take(self, report: Report, action: Action, by: Actor) -> None:
        form: dict[str, Any] = {"expected": report.version, "at": self.at}
        if action is Action.MERGE:
            unfit = (State.MERGED, State.DECLINED, State.WITHDRAWN)
            fit = select(Report).where(Report.state.not_in(unfit), Report.id != report.id)
            main = self.rng.choice(list(db.session.scalars(fit.order_by(Report.id).limit(50))))
            merge_report(report, main.number, by=by, **form)
        elif action is Action.REOPEN:
            reopen_report(report, self.rng.choice(list(ReopenReason)), by=by, **form)
        elif action is Action.PROPOSE:
            if report.has_contact:
                record_contact(report, "已电话联系", by=by, at=self.at)
            verdict = self.rng.choice(list(Verdict))
            measures = [MeasureTaken(MeasureKind.ORDER)]
            if verdict not in {Verdict.VERIFIED, Verdict.PARTLY}:
                measures = []
            proposal = Proposal(
                verdict, measures, "已处理。", "经现场核查，已处理。", without_parts=True
            )
            propose_closing(report, proposal, by=by, **form)
        else:
            children = take(report, action, by=by, at=self.at)
            if action is Action.SPLIT:
                self.ids += [child.id for child in children]


def _open_steps(report: Report) -> list[Action]:
    return [a for a, step in WORKFLOW.items() if State(report.state) in step.sources]


def at_rest(city: City) -> datetime:
    """The moment after the last step."""
    return city.at + timedelta(seconds=1)
