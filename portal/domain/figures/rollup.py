"""Keeping facts and cells: by key, by difference, in the caller's transaction.

A fact is computed anew from what it stands on, and the cells move by the difference between the old
row and the new one. Doing it twice changes nothing, so an event delivered twice counts once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Delete, Table, bindparam, delete, func, select, text
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.db import db
from portal.domain.figures.cases import cases_of
from portal.domain.figures.facts import fact_of
from portal.domain.figures.measures import DAYS, Measure
from portal.domain.figures.models import CaseFact, FigureCell, Kind
from portal.domain.reports.models import Report

Cell = tuple[str, str, int, date, int]
"""kind, measure, key, month, bucket."""
_COUNTED = (
    CaseFact.report_id, CaseFact.month, CaseFact.town_id, CaseFact.department_id,
    CaseFact.category_id, CaseFact.measures, CaseFact.days,
)  # fmt: skip
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Counted:
    """What of a fact the cells count."""

    report_id: int
    month: date
    town_id: int | None
    department_id: int | None
    category_id: int
    measures: int
    days: int | None


def refresh_report(report_id: int, event_id: int, at: datetime) -> None:
    """Bring a report's figures up to `event_id` at least; nothing to do when they know of it."""
    known = db.session.scalar(select(CaseFact.event_id).where(CaseFact.report_id == report_id))
    if known is None or known < event_id:
        refresh_reports([report_id], at)


def refresh_reports(report_ids: Collection[int], at: datetime) -> None:
    """Compute the figures of these reports anew, and move the cells by the difference."""
    wanted = frozenset(report_ids)
    _lock(wanted)
    before = list(counted(wanted))
    _store([fact_of(case) for case in cases_of(wanted, at)])
    _move(before, counted(wanted))


def lapsed(at: datetime, limit: int = 200) -> list[int]:
    """The reports whose figures time alone has changed by `at`: a term ran out; their ids."""
    query = select(CaseFact.report_id).where(CaseFact.next_due_at < at)
    return list(db.session.scalars(query.order_by(CaseFact.next_due_at).limit(limit)))


def counted(report_ids: Collection[int] | None = None) -> Iterator[Counted]:
    """The facts of these reports, or all, as far as cells count them."""
    query = select(*_COUNTED)
    if report_ids is not None:
        if not report_ids:
            return
        query = query.where(CaseFact.report_id.in_(report_ids))
    for row in db.session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield Counted(*row)


def _alike() -> Iterator[tuple[Counted, int]]:
    """One fact for all that count in the same cells, with their number."""
    names = [column for column in _COUNTED if column is not CaseFact.report_id]
    query = select(func.min(CaseFact.report_id), *names, func.count()).group_by(*names)
    for *row, count in db.session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield Counted(*row), count


def cells_of(fact: Counted) -> Iterator[Cell]:
    """Every cell a fact counts in."""
    places = (
        (Kind.CITY, 0),
        (Kind.TOWN, fact.town_id or 0),
        (Kind.DEPARTMENT, fact.department_id or 0),
        (Kind.CATEGORY, fact.category_id),
    )
    codes = [measure.code for measure in Measure(fact.measures)]
    for kind, key in places:
        for code in codes:
            yield kind.value, code, key, fact.month, 0
        if fact.days is not None:
            yield kind.value, DAYS, key, fact.month, fact.days


def sum_up() -> None:
    """Replace every cell by the sum over the facts. On PostgreSQL nobody writes cells meanwhile."""
    if _is_postgres():
        db.session.execute(text("LOCK TABLE case_fact, figure_cell IN EXCLUSIVE MODE"))
    db.session.execute(delete(FigureCell))
    total: Counter[Cell] = Counter()
    for fact, count in _alike():
        for cell in cells_of(fact):
            total[cell] += count
    _add(total)


def _lock(report_ids: Collection[int]) -> None:
    """Let two workers compute the same report one after the other."""
    query = select(Report.id).where(Report.id.in_(report_ids)).order_by(Report.id)
    db.session.execute(query.with_for_update(key_share=True))


def _store(facts: list[dict[str, Any]]) -> None:
    if not facts:
        return
    statement = _insert(CaseFact)
    new = {name: statement.excluded[name] for name in facts[0] if name != "report_id"}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["report_id"], set_=new), facts
    )


def _move(old: Iterable[Counted], new: Iterable[Counted]) -> None:
    change: Counter[Cell] = Counter()
    for fact in new:
        change.update(cells_of(fact))
    for fact in old:
        change.subtract(cells_of(fact))
    _add({cell: count for cell, count in change.items() if count})


def _add(change: dict[Cell, int]) -> None:
    """Add to the cells, in the order of their keys: two workers never wait for each other."""
    names = ("kind", "measure", "key", "month", "bucket")
    keyed = ((dict(zip(names, cell, strict=True)), change[cell]) for cell in sorted(change))
    rows = [{**place, "count": count} for place, count in keyed]
    if not rows:
        return
    statement = _insert(FigureCell)
    total = FigureCell.count + statement.excluded["count"]
    db.session.execute(
        statement.on_conflict_do_update(index_elements=list(names), set_={"count": total}), rows
    )
    gone = [
        {f"in_{name}": part for name, part in zip(names, cell, strict=True)}
        for cell, count in change.items()
        if count < 0
    ]
    if gone:
        db.session.execute(_empty(), gone)


@cache
def _empty() -> Delete:
    """Take a cell away when nothing is left in it: old months hold few open cases."""
    table = cast("Table", FigureCell.__table__)
    names = ("kind", "measure", "key", "month", "bucket")
    keyed = [table.c[name] == bindparam(f"in_{name}") for name in names]
    return delete(table).where(*keyed, table.c["count"] == 0)


def _insert(table: type[Any]) -> Any:
    return (postgresql.insert if _is_postgres() else sqlite.insert)(table.__table__)


def _is_postgres() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
