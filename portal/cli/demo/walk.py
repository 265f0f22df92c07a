"""Walking one report through the real services, one short transaction a step, at past times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.cli.demo import handling, intake, returning
from portal.cli.demo.case import Case, Shots
from portal.cli.demo.filing import file_planned
from portal.cli.demo.plans import Plan
from portal.cli.demo.shots import evidence_time, put_public, take
from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.figures.rollup import refresh_reports
from portal.domain.publication.listing import refresh_public_case
from portal.domain.reports.models import PhotoStatus, Report
from portal.domain.reports.photos import photos_of

Step = Callable[[Case, Report, datetime, Shots], None]
Timed = list[tuple[str, datetime]]

STEPS: dict[str, Step] = {
    "ask": intake.ask,
    "answer": intake.answer,
    "info": intake.info,
    "accept": intake.accept,
    "decline": intake.decline,
    "appeal": intake.appeal,
    "withdraw": intake.withdraw,
    "merge": intake.merge,
    "split": intake.split,
    "dispatch": intake.dispatch,
    "return": handling.give_back,
    "rule": handling.rule,
    "sign": handling.sign,
    "contact": handling.contact,
    "check": handling.check,
    "propose": handling.propose,
    "send_back": handling.send_back,
    "submit": handling.submit,
    "rework": handling.rework,
    "stage_close": handling.stage_close,
    "resume": handling.resume,
    "resolve": handling.resolve,
    "publish": handling.publish,
    "withhold": handling.withhold,
    "deregister": handling.deregister,
    "reopen": handling.reopen,
    "look_back": returning.come_back,
}
_AT_ONCE = frozenset({("ask", "answer"), ("stage_close", "resume")})
"""Pairs that share a transaction: in between, the worker's own clockwork would step in."""


@dataclass
class Receipt:
    """What instance/demo-receipts.json keeps of one report."""

    number: str
    query_code: str
    reward_code: str | None
    state: str
    category: str
    photos: int


def walk(plan: Plan) -> Receipt:
    """File the planned report and take all its steps; returns its receipt, state included."""
    case = Case(plan)
    receipt = _file(case)
    steps = list(plan.times.steps)
    while steps:
        count = 2 if tuple(step for step, _ in steps[:2]) in _AT_ONCE else 1
        _take(case, steps[:count])
        del steps[:count]
    with transaction():
        report = _report(case)
        refresh_public_case(report, plan.times.last_at)
        refresh_reports([report.id], now())
        receipt.state = report.state
    return receipt


def _file(case: Case) -> Receipt:
    plan = case.plan
    shots = [take(plan, n, evidence_time(plan, n)) for n in range(plan.photo_count)]
    with transaction():
        filed = file_planned(plan, shots)
        case.report_id, plan.number = filed.report.id, filed.report.number
        state = filed.report.state
    return Receipt(
        plan.number, filed.query_code, filed.reward_code, state, plan.category, len(shots)
    )


def _take(case: Case, steps: Timed) -> None:
    prepared = [_prepare(case, step, at) for step, at in steps]
    with transaction():
        for (step, at), shots in zip(steps, prepared, strict=True):
            STEPS[step](case, _report(case), at, shots)
    if steps[-1][0] == "publish":
        _show_public(case, steps[-1][1])


def _prepare(case: Case, step: str, at: datetime) -> Shots:
    """Draw what a step needs before its transaction opens."""
    plan = case.plan
    if step == "check" and case.rng.random() < 0.2:
        return [take(plan, 9, at - timedelta(minutes=8))]
    if step == "look_back":
        return [take(plan, 12, at - timedelta(minutes=6))]
    if step != "propose" or plan.verdict != "verified":
        return []
    count = 2 if plan.photo_count > 1 else 1
    hours = timedelta(hours=2)
    return [take(plan, n, at - hours - n * timedelta(minutes=4), after=True) for n in range(count)]


def _report(case: Case) -> Report:
    return db.session.get_one(Report, case.report_id)


def _show_public(case: Case, at: datetime) -> None:
    """Render what was released, then let the public see it: what the worker does for others."""
    released = [
        (photo.id, photo.public_key or "", photo.key, photo.boxes)
        for photo in photos_of(_report(case))
        if photo.status == PhotoStatus.RELEASED and photo.released_at is None
    ]
    db.session.rollback()
    for _, public_key, key, boxes in released:
        put_public(public_key, key, boxes)
    shown = {photo_id for photo_id, *_ in released}
    with transaction():
        for photo in photos_of(_report(case)):
            if photo.id in shown:
                photo.released_at = at
