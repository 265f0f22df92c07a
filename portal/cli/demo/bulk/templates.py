"""Histories worth repeating: every row that the walk of one report left, by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, Table, select

from portal.core.db import Base, UtcDateTime, db
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT

TIMELINE = "timeline_event"
# Whoever has a row here is tied to another report, an order or a plan of its own: not repeated.
_TIED = ("extension", "supervision_order", "talk", "urge", "progress_note", "alert", "objection")
# Each table with its column that names the report, or the row of an earlier table it hangs on.
OWN = {
    "accused_department": "report_id", "assignment": "report_id", "contact_attempt": "report_id",
    "site_check": "report_id", "deadline": "report_id", "finding": "report_id",
    "plan": "report_id", "thread_entry": "report_id", "look_back": "report_id",
    "public_copy": "report_id", "public_case": "report_id", "public_update": "report_id",
    "case_fact": "report_id", TIMELINE: "subject_id",
}  # fmt: skip
BELOW = {
    "measure": ("finding_id", "finding"),
    "milestone": ("plan_id", "plan"),
    "look_back_visit": ("look_back_id", "look_back"),
}
ENDED = frozenset({State.DEREGISTERED, State.DECLINED, State.WITHDRAWN})
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Template:
    """One report with all its rows; `first_at` and `last_at` frame what happened to it."""

    report: dict[str, Any]
    first_at: datetime
    last_at: datetime
    rows: Mapping[str, Rows] = field(repr=False)

    @property
    def size(self) -> int:
        """How many rows a copy takes."""
        return sum(map(len, self.rows.values()))

    @property
    def is_ended(self) -> bool:
        """Whether nothing is expected any more: it may lie anywhere in the past."""
        return self.report["state"] in ENDED

    def only(self, table: str) -> dict[str, Any] | None:
        """The one row of a table that has one for each report, or none."""
        found = self.rows.get(table, ())
        return found[0] if found else None


def table(name: str) -> Table:
    """A table of the schema by its name."""
    return Base.metadata.tables[name]


def times_of(name: str) -> list[str]:
    """The columns of a table that hold a moment or a day."""
    return [c.name for c in table(name).columns if isinstance(c.type, UtcDateTime | Date)]


def templates(numbers: Collection[str]) -> list[Template]:
    """The histories of these reports that stand on their own, by the report's id."""
    source = table("report")
    walked = select(source.c.id).where(source.c.number.in_(numbers))
    rows = {name: _grouped(name, column, walked) for name, column in OWN.items()}
    for name, (column, above) in BELOW.items():
        rows[name] = _hanging(name, column, rows[above])
    tied = _tied()
    found = []
    for report in _all("report", source.c.id.in_(walked)):
        own = {
            name: groups[report["id"]] for name, groups in rows.items() if report["id"] in groups
        }
        kinds = {row["kind"] for row in own[TIMELINE]}
        if report["id"] not in tied and "follower_added" not in kinds:
            moments = [row["at"] for row in own[TIMELINE]]
            found.append(Template(report, min(moments), max(moments), own))
    return found


def _all(name: str, *conditions: ColumnElement[bool]) -> list[dict[str, Any]]:
    source = table(name)
    query = select(source).where(*conditions).order_by(*source.primary_key.columns)
    return [dict(row) for row in db.session.execute(query).mappings()]


def _grouped(name: str, column: str, walked: Select[int]) -> dict[int, list[dict[str, Any]]]:
    whose, conditions = table(name).c[column], []
    if name == TIMELINE:
        conditions.append(table(name).c.subject_kind == SUBJECT)
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _all(name, whose.in_(walked), *conditions):
        groups[row[column]].append(row)
    return dict(groups)


def _hanging(name: str, column: str, above: Mapping[int, Rows]) -> dict[int, list[dict[str, Any]]]:
    """Rows that hang on a finding, a plan or a look-back, by the report of that."""
    whose = {row["id"]: report_id for report_id, rows in above.items() for row in rows}
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in _all(name, table(name).c[column].in_(whose)):
        groups[whose[row[column]]].append(row)
    return dict(groups)


def _tied() -> frozenset[int]:
    """Reports that are bound to others, or to more than their own rows."""
    report = table("report")
    bound: list[Iterable[int | None]] = [
        db.session.scalars(select(table(name).c.report_id)) for name in _TIED
    ]
    for column in (report.c.main_id, report.c.parent_id):
        bound.append(db.session.scalars(select(column)))
        bound.append(db.session.scalars(select(report.c.id).where(column.is_not(None))))
    bound.append(db.session.scalars(select(report.c.id).where(report.c.is_starred)))
    return frozenset(key for keys in bound for key in keys if key is not None)
