"""Going back to look in the demo: most cases stay fixed, some came back, some wait for somebody."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import delete, func, select

from portal.cli.demo.case import Case, Shots
from portal.cli.demo.shots import file_shot
from portal.cli.demo.staff import actor, one_of
from portal.core.clock import local, zone
from portal.core.db import db, transaction
from portal.core.geo import Point
from portal.domain.casework.onsite import Spot
from portal.domain.lookback.models import Draw, LookBack, Outcome
from portal.domain.lookback.planning import plan_look_backs, planned_for
from portal.domain.lookback.sampling import draw_month
from portal.domain.lookback.starring import star_report
from portal.domain.lookback.visiting import Seen, is_open, record_visit
from portal.domain.publication.listing import refresh_public_case
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.states import State
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.repeats import keep_repeat

_STARRED_SHARE = 0.08
_WAITING_DAYS = 9
"""What fell due within so many days is left for whoever tries the desk."""
_METRE = 1 / 111_320
_PASSED = (
    "到现场看了，没有再发现。",
    "看了一圈，整改的地方还在用，没有气味。",
    "问了旁边两户，都说没再出现过。",
    "设备在正常运行，台账齐全。",
    "地面干净，没有新的垃圾。",
)
_FAILED = (
    "又和以前一样了，现场正在排。",
    "设备停着没开，味道很大。",
    "清走以后又堆起来了，比上次还多。",
)


def star_some(case: Case, report: Report, at: datetime) -> None:
    """Some cases are key cases, and so is each that will be found to have come back."""
    rng = Random(f"star:{case.plan.seed}")
    if rng.random() < _STARRED_SHARE or "look_back" in case.steps_after(at):
        star_report(report, starred=True, by=actor("supervisor"), at=at)


def come_back(case: Case, report: Report, at: datetime, shots: Shots) -> None:
    """The first look-back finds the trouble again: the case is reopened."""
    plan_look_backs(report, at)
    by = actor("reviewer")
    photos = [file_shot(shot, PhotoKind.LOOKBACK, by=by, at=at) for shot in shots]
    rng = Random(f"back:{case.plan.seed}")
    seen = Seen(Outcome.FAILED, rng.choice(_FAILED), photos, spot_near(report, rng))
    record_visit(planned_for(report)[0], seen, by=by, at=at)


def settle_look_backs(seed: int, midnight: datetime) -> None:
    """Judge repeats, draw for each month that is over, pay the visits due before last week."""
    with transaction():
        _forget_other_draws()
        _judge_repeats()
    month, this = _first_month(), local(midnight).date().replace(day=1)
    while month and month < this:
        following = (month + timedelta(days=32)).replace(day=1)
        with transaction():
            draw_month(month, f"demo-{seed}-{month:%Y-%m}", morning_of(following))
        month = following
    for look_back_id in _due_before(local(midnight).date() - timedelta(days=_WAITING_DAYS)):
        _visit(look_back_id)


def _forget_other_draws() -> None:
    """A worker that was faster has drawn from a city half loaded."""
    others = select(Draw.id).where(Draw.seed.not_like("demo-%"))
    db.session.execute(delete(LookBack).where(LookBack.draw_id.in_(others)))
    db.session.execute(delete(Draw).where(Draw.id.in_(others)))


def _judge_repeats() -> None:
    """Only now are the earlier cases there: the newest were walked first."""
    for report in db.session.scalars(select(Report).where(Report.accepted_at.is_not(None))).all():
        keep_repeat(report.id)
        db.session.flush()
        if report.state == State.DEREGISTERED:
            plan_look_backs(report, report.state_since)


def _first_month() -> date | None:
    query = select(func.min(Report.state_since)).where(Report.state == State.DEREGISTERED)
    first = db.session.scalar(query)
    return local(first).date().replace(day=1) if first else None


def _due_before(day: date) -> list[int]:
    query = select(LookBack.id).where(LookBack.done_at.is_(None), LookBack.due_on < day)
    return list(db.session.scalars(query.order_by(LookBack.due_on, LookBack.id)))


def _visit(look_back_id: int) -> None:
    with transaction():
        row = db.session.get_one(LookBack, look_back_id)
        report = row.report
        if not is_open(row, report):
            return
        rng = Random(f"visit:{report.number[2:8]}:{row.clock}:{report.category_id}")
        at = morning_of(row.due_on) + timedelta(minutes=rng.randrange(400))
        at = max(at, report.state_since, last_event_at(report) + timedelta(minutes=5))
        seen = Seen(Outcome.PASSED, rng.choice(_PASSED), (), spot_near(report, rng))
        record_visit(row, seen, by=one_of(rng, "reviewer", "reviewer2"), at=at)
        refresh_public_case(report, at)


def last_event_at(report: Report) -> datetime:
    """When something last happened to a report."""
    query = select(func.max(TimelineEvent.at)).where(
        TimelineEvent.subject_kind == "report", TimelineEvent.subject_id == report.id
    )
    return db.session.scalar(query) or report.state_since


def spot_near(report: Report, rng: Random) -> Spot | None:
    """Where somebody stood who went to the place of a report; None when that is not known."""
    if report.lat is None or report.lng is None:
        return None
    off = Point(report.lat + rng.gauss(0, 15) * _METRE, report.lng + rng.gauss(0, 15) * _METRE)
    return Spot(off, float(rng.randrange(5, 25)))


def morning_of(day: date) -> datetime:
    """Nine o'clock of a day."""
    return datetime.combine(day, time(9), tzinfo=zone())
