"""Counting everything again by another road, and comparing: `flask figures verify`.

The rollup judges one report at a time (facts.py) and moves cells by differences (rollup.py). Here
sets of reports are read by plain SQL (marks.py), without facts and without cells; only the names of
the measures are shared. What is still owed to the worker is left out, and said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, text

from portal.core.clock import local
from portal.core.db import db
from portal.domain.figures.marks import Marks, marks_between
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import CaseFact, FigureCell
from portal.domain.reports.models import Report
from portal.domain.timeline.queries import subjects_owed

SUBSCRIBER = "figures"
_CHUNK = 20_000
_MOST_TOLD = 50

Cell = tuple[str, str, int, date, int]
Wanted = tuple[date, int | None, int | None, int, frozenset[str], int | None]
"""month, town, lead department, category, measures, days."""


@dataclass
class Recount:
    """What a recount found: cells and facts that differ, in words, and how many are still owed."""

    reports: int = 0
    owed: int = 0
    differing: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, fault: str) -> None:
        """Count a fault; the first of them are told in words."""
        self.differing += 1
        if len(self.faults) < _MOST_TOLD:
            self.faults.append(fault)


def recount(at: datetime) -> Recount:
    """Compare every fact and every cell with a count from reports, events and terms as of `at`.

    Nothing may have lapsed unnoticed (`rollup.lapsed(at)` is empty). Reports whose events wait for
    the worker, or that were computed after `at`, count as their facts say.
    """
    _hold_still()
    found = Recount()
    skipped = subjects_owed("report", SUBSCRIBER) | _computed_after(at)
    total: Counter[Cell] = Counter()
    for low, high in _chunks():
        marks = marks_between(low, high, at)
        facts = {row.report_id: row for row in _facts(low, high)}
        for row in _reports(low, high):
            fact = facts.get(row.id)
            wanted: Wanted | None = _wanted(row, marks)
            found.reports += 1
            if row.id in skipped:
                found.owed += 1
                wanted = _stored(fact) if fact else None
            elif fact is None or _stored(fact) != wanted:
                found.add(_told(row.number, fact, wanted))
            total.update(_cells(wanted))
    for fault in _cell_faults(total):
        found.add(fault)
    return found


def _hold_still() -> None:
    """Read everything as it stands at one moment."""
    db.session.rollback()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def _computed_after(at: datetime) -> frozenset[int]:
    return frozenset(
        db.session.scalars(select(CaseFact.report_id).where(CaseFact.computed_at > at))
    )


def _chunks() -> Iterator[tuple[int, int]]:
    last = db.session.scalar(select(func.max(Report.id))) or 0
    for low in range(1, last + 1, _CHUNK):
        yield low, low + _CHUNK - 1


def _facts(low: int, high: int) -> Iterator[Row[*tuple[Any, ...]]]:
    columns = (
        CaseFact.report_id, CaseFact.month, CaseFact.town_id, CaseFact.department_id,
        CaseFact.category_id, CaseFact.measures, CaseFact.days,
    )  # fmt: skip
    yield from db.session.execute(select(*columns).where(CaseFact.report_id.between(low, high)))


def _reports(low: int, high: int) -> Iterator[Row[*tuple[Any, ...]]]:
    columns = (
        Report.id, Report.number, Report.received_at, Report.first_resolved_at, Report.town_id,
        Report.lead_department_id, Report.category_id,
    )  # fmt: skip
    yield from db.session.execute(
        select(*columns).where(Report.id.between(low, high)).order_by(Report.id)
    )


def _wanted(row: Row[*tuple[Any, ...]], marks: Marks) -> Wanted:
    measures = frozenset(name for name, ids in marks.items() if row.id in ids)
    came, went = local(row.received_at).date(), row.first_resolved_at
    days = (local(went).date() - came).days if "resolved" in measures else None
    place = (row.town_id, row.lead_department_id, row.category_id)
    return (date(came.year, came.month, 1), *place, measures, days)


def _stored(fact: Row[*tuple[Any, ...]]) -> Wanted:
    measures = frozenset(m.code for m in Measure if m & fact.measures)
    place = (fact.town_id, fact.department_id, fact.category_id)
    return (fact.month, *place, measures, fact.days)


def _cells(wanted: Wanted | None) -> Iterator[Cell]:
    if wanted is None:
        return
    month, town, department, category, measures, days = wanted
    keys = {"city": 0, "town": town or 0, "department": department or 0, "category": category}
    for kind, key in keys.items():
        for measure in measures:
            yield kind, measure, key, month, 0
        if days is not None:
            yield kind, "days", key, month, days


def _cell_faults(total: Counter[Cell]) -> Iterator[str]:
    """Cells that say another number than was counted; those of 0 may be missing."""
    columns = (
        FigureCell.kind, FigureCell.measure, FigureCell.key, FigureCell.month, FigureCell.bucket,
        FigureCell.count,
    )  # fmt: skip
    for kind, measure, key, month, bucket, count in db.session.execute(select(*columns)):
        right = total.pop((kind, measure, key, month, bucket), 0)
        if count != right:
            yield f"{kind} {key} {month:%Y-%m} {measure}/{bucket}: {count}, counted {right}"
    for (kind, measure, key, month, bucket), right in total.items():
        yield f"{kind} {key} {month:%Y-%m} {measure}/{bucket}: missing, counted {right}"


def _told(number: str, fact: Row[*tuple[Any, ...]] | None, wanted: Wanted | None) -> str:
    if fact is None or wanted is None:
        return f"{number}: has no figures"
    stored = _stored(fact)
    names = ("month", "town", "department", "category", "", "days")
    wrong = [
        f"{name} {one} instead of {other}"
        for name, one, other in zip(names, stored, wanted, strict=True)
        if name and one != other
    ]
    wrong += [f"{name} too much" for name in sorted(stored[4] - wanted[4])]
    wrong += [f"{name} missing" for name in sorted(wanted[4] - stored[4])]
    return f"{number}: {', '.join(wrong)}"
