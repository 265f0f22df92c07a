"""The weekly inspection in the demo: two weeks signed off, this one under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import delete, select

from portal.cli.demo.plans import Plan as Told
from portal.cli.demo.returning import last_event_at, morning_of, spot_near
from portal.cli.demo.shots import Shot, file_shot, take
from portal.cli.demo.staff import actor
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.domain.accounts.actor import Actor
from portal.domain.casework.onsite import has_handled
from portal.domain.inspections.models import Inspection, InspectionLine, Inspector, Result
from portal.domain.inspections.planning import Plan, inspection_of, plan_inspection
from portal.domain.inspections.queries import line_in_scope
from portal.domain.inspections.running import (
    Found,
    SignOff,
    close_inspection,
    listed,
    record_result,
    start_inspection,
)
from portal.domain.reports.models import PhotoKind

_WEEK, _HOUR = timedelta(days=7), timedelta(hours=1)
_OFFICERS = ("grid-zhen-01", "grid-zhen-02", "grid-zhen-03", "grid-zhen-04")
_SHOT = 40  # apart from the pictures that residents and departments took
_CHANCES = {
    Result.PUT_RIGHT: 8,
    Result.NOT_PUT_RIGHT: 6,
    Result.AS_REPORTED: 4,
    Result.NO_ENTRY: 2,
}
_NOTES = {
    Result.PUT_RIGHT: ("设备在运行，现场干净，问了两户都说好了。", "已经清走，地面冲洗过。", ""),
    Result.NOT_PUT_RIGHT: ("做了一半，剩下的说下周弄。", "装了设备但没有开。", "清过，又有新的。"),
    Result.AS_REPORTED: ("和照片上一样，没有人来处理过。", "现场还在继续，没有停。"),
    Result.NO_ENTRY: ("大门锁着，电话没人接，改天再去。",),
}
_SIGNED = (
    SignOff(
        "多数单位整改到位，个别逾期件仍停在纸面。", "未整改到位的，三个工作日内到现场拿出办法。"
    ),
    SignOff("比上周好转。重复反映的点位还要盯住。", "同一地点再次反映的，由单位负责人到现场。"),
)


def inspect_in_demo(told: Sequence[Told], at: datetime) -> None:
    """Plan, start and look: two weeks ago, last week and this one; once for a city."""
    with transaction():
        _forget_drafts()
    if db.session.scalar(select(Inspection.id).limit(1)) is not None:
        return
    by_number = {plan.number: plan for plan in told}
    this = _last_monday(at)
    for n, monday in enumerate((this - 2 * _WEEK, this - _WEEK, this)):
        _week(monday, _SIGNED[n] if n < len(_SIGNED) else None, by_number, at)


def _forget_drafts() -> None:
    """A worker that was faster has made a list from a city half loaded."""
    drafts = select(Inspection.id).where(
        Inspection.planned_by_id.is_(None), Inspection.started_at.is_(None)
    )
    ids = list(db.session.scalars(drafts))
    for table in (InspectionLine, Inspector):
        db.session.execute(delete(table).where(table.inspection_id.in_(ids)))
    db.session.execute(delete(Inspection).where(Inspection.id.in_(ids)))


def _last_monday(at: datetime) -> date:
    """The last Monday that inspectors have gone out on already."""
    today = local(at - 8 * _HOUR).date()
    return today - timedelta(days=today.weekday())


def _week(monday: date, signed: SignOff | None, told: Mapping[str, Told], at: datetime) -> None:
    boss, began = actor("supervisor"), morning_of(monday)
    people = [boss.staff_id, *(actor(name).staff_id for name in _OFFICERS)]
    rng = Random(f"inspection:{(began - at).days}")
    with transaction():
        if inspection_of(monday) is not None:
            return
        plan = Plan(people, 4, 6)
        row = plan_inspection(
            monday, plan, f"demo-{monday.isoformat()}", by=boss, at=began - timedelta(days=4)
        )
        if not listed(row):
            return
        start_inspection(row, by=boss, at=began - _HOUR)
        inspection_id, line_ids = row.id, [line.id for line in listed(row)]
    for n, line_id in enumerate(line_ids if signed else line_ids[: len(line_ids) // 2 + 1]):
        _look(line_id, told, rng, began + n * timedelta(minutes=25))
    if signed:
        with transaction():
            row = db.session.get_one(Inspection, inspection_id)
            close_inspection(row, signed, by=boss, at=began + timedelta(days=2))


def _look(line_id: int, told: Mapping[str, Told], rng: Random, at: datetime) -> None:
    """One place: what was found, a picture of the case's own scene, where the phone stood."""
    line = db.session.get_one(InspectionLine, line_id)
    plan = told.get(line.report.number)
    result = rng.choices([*_CHANCES], [*_CHANCES.values()])[0]
    if plan is None or last_event_at(line.report) > at:
        return  # what happened since was told already: nobody got there
    shot = _picture(plan, result, at)
    with transaction():
        line = db.session.get_one(InspectionLine, line_id)
        by = _who_goes(line)
        photos = [file_shot(shot, PhotoKind.INSPECTION, by=by, at=at)] if shot else []
        note = rng.choice(_NOTES[result])
        record_result(line, Found(result, note, photos, spot_near(line.report, rng)), by=by, at=at)


def _picture(plan: Told, result: Result, at: datetime) -> Shot | None:
    if result is Result.NO_ENTRY:
        return None
    return take(plan, _SHOT, at, after=result is Result.PUT_RIGHT)


def _who_goes(line: InspectionLine) -> Actor:
    """The officer of the area, unless the own office handles the case: then the supervisor."""
    for officer in map(actor, _OFFICERS):
        sees = line_in_scope(officer, line.inspection_id, line.id) is not None
        if sees and not has_handled(line.report, officer.department_id):
            return officer
    return actor("supervisor")
