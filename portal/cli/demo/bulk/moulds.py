"""A history moved to its days: every row bound, but for what each copy has of its own.

Copies that begin at the same moment come one after the other, so a mould serves some dozens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from portal.cli.demo.bulk.templates import BELOW, OWN, TIMELINE, Template, times_of
from portal.cli.demo.bulk.writing import Cells, Layout
from portal.core.clock import local
from portal.domain.figures.measures import Measure
from portal.domain.openlog.entries import OPEN_STEPS, canonical
from portal.domain.publication.models import Rounding
from portal.domain.reports.content import moment
from portal.domain.reports.states import Action

_PLAIN = [name for name in OWN if name not in {"case_fact", "public_case", TIMELINE}]
# What a copy has none of: photos, an identity, a receipt that opens it.
_BARE = {
    "has_contact": False, "wants_reply": False, "wants_reward": False, "photos_expected": 0,
    "reward_code_mac": None,
}  # fmt: skip
_WORDS = {"public_copy": ("text",), "public_case": ("text",), "finding": ("public_text", "reply")}
_REPEAT = int(Measure.REPEAT)
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(frozen=True)
class World:
    """What all copies share: the midnight before now, and the form of each table's rows."""

    midnight: datetime
    forms: Mapping[str, Layout]


@dataclass(frozen=True)
class Part:
    """The rows of one table: each with the place of the row above it in that row's own part."""

    name: str
    rows: list[tuple[Cells, int]]
    owner_at: int  # where the report's id stands, or that of the row above
    above: str | None
    id_at: int | None
    words_at: tuple[int, ...]
    decimals: int | None = None  # of the public point; None: there is none


@dataclass
class Told:
    """An event, and what the log commits to of it: as much as is known before it has an id."""

    cells: Cells
    at_us: int  # since 1970
    before: str  # the data, in what is committed to
    data: Row
    after: str
    last: str
    kind: str | None  # of the steps told in clear
    day: str
    is_filing: bool

    def said(self, data: Row, event_id: int, report_id: int) -> str:
        """What the leaf commits to, as entries.event_commitment writes it."""
        told = self.told if data is self.data else canonical(data)
        return f"{self.before}{told}{self.after}{event_id}{self.last}{report_id}]}}"

    @cached_property
    def told(self) -> str:
        """The data, the same for every copy."""
        return canonical(self.data)


class Mould:
    """One history on its days. `rows` are bound; `received_on` is the local day it came in."""

    def __init__(self, template: Template, shift: timedelta, world: World) -> None:
        self.template, self.shift, self.world = template, shift, world
        self._places: dict[tuple[str, int], int] = {}
        self.report = self._report()
        self.received_at = moment(self.report["received_at"])
        self.received_on = local(self.report["received_at"]).date()
        self.report_cells = self.world.forms["report"].bound(self.report)
        self.parts = list(self._parts())
        self.events = [self._told(row) for row in template.rows[TIMELINE]]
        self.public = self._public()
        self.fact = self._fact()

    def _moved(self, table: str, row: Mapping[str, Any]) -> Row:
        new = dict(row)
        if self.shift:
            for name in _times(table):
                if new[name] is not None:
                    new[name] += self.shift
        if table == "deadline" and self.template.is_ended:
            new["next_cross_at"] = None
        return new

    def _report(self) -> Row:
        return {**self._moved("report", self.template.report), **_BARE}

    def _parts(self) -> Iterator[Part]:
        for name in (*_PLAIN, *BELOW):
            rows = list(self._kept(name))
            if rows:
                column, above = BELOW.get(name, (OWN.get(name, ""), None))
                yield self._part(name, rows, column, above)

    def _kept(self, name: str) -> Iterator[tuple[Row, int]]:
        """Rows that a copy has, with the place of the row each hangs on."""
        column, above = BELOW.get(name, ("", ""))
        for row in self.template.rows.get(name, ()):
            if not above:
                if not _is_pending(name, row):
                    if "id" in row:
                        self._places[name, row["id"]] = self._count(name)
                    yield row, 0
            elif (above, row[column]) in self._places:
                yield row, self._places[above, row[column]]

    def _count(self, name: str) -> int:
        return sum(table == name for table, _ in self._places)

    def _part(self, name: str, rows: list[tuple[Row, int]], column: str, above: str | None) -> Part:
        form = self.world.forms[name]
        return Part(
            name,
            [(form.bound(self._moved(name, row)), place) for row, place in rows],
            form.at[column],
            above,
            form.at.get("id"),
            tuple(form.at[word] for word in _WORDS.get(name, ())),
            _decimals(rows[0][0]) if name == "public_copy" else None,
        )

    def _told(self, row: Row) -> Told:
        new = self._moved(TIMELINE, row)
        if new["kind"] == Action.PUBLISH:
            new["data"] = {**new["data"], "photos": []}
        at = new["at"].astimezone(UTC).isoformat(timespec="microseconds")
        begun = canonical({"actor": [new["actor_kind"], new["actor_id"]], "at": at})
        marks = canonical({"kind": new["kind"], "public": new["is_public"]})
        return Told(
            self.world.forms[TIMELINE].bound(new),
            (new["at"] - _EPOCH) // _MICROSECOND,
            begun[:-1] + ',"data":',
            new["data"],
            "," + canonical({"department": new["department_id"]})[1:-1] + ',"id":',
            "," + marks[1:-1] + f',"subject":["{new["subject_kind"]}",',
            str(new["kind"]) if new["kind"] in OPEN_STEPS else None,
            local(new["at"]).date().isoformat(),
            new["kind"] == Action.FILE,
        )

    def _public(self) -> Part | None:
        row = self.template.only("public_case")
        if row is None:
            return None
        days = self.shift.days
        timeline = [{**line, "on": _day_moved(line["on"], days)} for line in row["timeline"]]
        row = {**row, "photos": [], "timeline": timeline}
        part = self._part("public_case", [(row, 0)], "report_id", None)
        copied = self.template.only("public_copy")
        if row["lat"] is None or copied is None:
            return part
        return Part(**{**vars(part), "decimals": _decimals(copied)})

    def _fact(self) -> Cells | None:
        row = self.template.only("case_fact")
        if row is None:
            return None
        new = {
            **row,
            "measures": row["measures"] & ~_REPEAT,  # of copies triage keeps no repeats
            "month": self.received_on.replace(day=1),
            "received_at": self.report["received_at"],
        }
        if self.template.is_ended:
            new["next_due_at"] = min(
                (due for due in self._dues() if due >= self.world.midnight), default=None
            )
        return self.world.forms["case_fact"].bound(new)

    def _dues(self) -> Iterator[datetime]:
        for due in self.template.rows.get("deadline", ()):
            if due["stopped_at"] is None and due["paused_at"] is None:
                yield due["due_at"] + self.shift


def _decimals(copied: Row) -> int | None:
    return None if copied["lat"] is None else Rounding(copied["rounding"]).decimals


@cache
def _times(table: str) -> tuple[str, ...]:
    return tuple(times_of(table))


def _is_pending(table: str, row: Mapping[str, Any]) -> bool:
    """A look-back that nobody made yet would wait for ever in a shifted history."""
    if table == "look_back":
        return row["done_at"] is None
    is_open = table == "deadline" and row["stopped_at"] is None
    return is_open and str(row["clock"]).startswith("lookback")


@cache
def _day_moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
