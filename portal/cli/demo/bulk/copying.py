"""One more report with the history of a template: other days, another place, keys of its own."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from portal.cli.demo.bulk.ground import Village
from portal.cli.demo.bulk.templates import BELOW, OWN, TIMELINE, Template, times_of
from portal.core.clock import local
from portal.core.geo import Point, round_point
from portal.core.ids import compose_number
from portal.domain.figures.measures import Measure
from portal.domain.publication.models import Rounding
from portal.domain.reports.content import Content, moment
from portal.domain.reports.states import Action

_PLAIN = OWN.keys() - {"case_fact", "public_case", TIMELINE}
_WEEK = timedelta(days=7)
_SPAN = timedelta(days=546)  # eighteen months
# What a copy has none of: photos, an identity, a receipt that opens it.
_BARE = {
    "has_contact": False, "wants_reply": False, "wants_reward": False, "photos_expected": 0,
    "reward_code_mac": None,
}  # fmt: skip
_REPEAT = int(Measure.REPEAT)


@dataclass
class Counters:
    """The next free id of each table, and the next serial of each day."""

    ids: Counter[str]
    serials: defaultdict[date, int]

    def take(self, table: str) -> int:
        """An id nobody has."""
        self.ids[table] += 1
        return self.ids[table]

    def number(self, at: datetime) -> str:
        """A report number of the local day of `at`."""
        day = local(at).date()
        self.serials[day] += 1
        return compose_number(f"{day:%y%m%d}", self.serials[day])


@dataclass
class Copier:
    """Makes copies into `rows`, by table, until somebody takes them away."""

    rng: Random
    midnight: datetime
    counters: Counters
    villages: Mapping[int, Sequence[Village]]
    codes: Mapping[int, str]  # categories by id
    names: Mapping[int, str]  # grids by id
    rows: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def copy(self, template: Template) -> None:
        """Add one report with every row it needs."""
        _Copy(self, template, self._shift(template)).make()

    def _shift(self, template: Template) -> timedelta:
        """Whole weeks, so that working days stay so; what is still open stays where it is."""
        if not template.is_ended:
            return timedelta()
        ahead = (self.midnight - template.last_at) // _WEEK
        back = (template.report["received_at"] - (self.midnight - _SPAN)) // _WEEK
        return self.rng.randint(-max(back, 0), max(ahead, 0)) * _WEEK


@cache
def _times(table: str) -> tuple[str, ...]:
    return tuple(times_of(table))


class _Copy:
    """One copy while it is being made."""

    def __init__(self, copier: Copier, template: Template, shift: timedelta) -> None:
        self.copier, self.template, self.shift = copier, template, shift
        self.id = copier.counters.take("report")
        self.village, self.point = self._place()
        self.ids: dict[tuple[str, int], int] = {}
        self.last_event = 0

    def make(self) -> None:
        """Add every row, parents first."""
        report = self._report()
        self.copier.rows["report"].append(report)
        for name in _PLAIN & self.template.rows.keys():
            for row in self.template.rows[name]:
                if not _is_pending(name, row):
                    self._add(name, row, report_id=self.id)
        for name, (column, above) in BELOW.items():
            for row in self.template.rows.get(name, ()):
                if (above, row[column]) in self.ids:
                    self._add(name, row, **{column: self.ids[above, row[column]]})
        for row in self.template.rows[TIMELINE]:
            self._add_event(row, report)
        self._public(report)
        self._fact(report)

    def _add(self, table: str, row: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        new = {**row, **changes}
        if self.shift:
            for name in _times(table):
                if new[name] is not None:
                    new[name] += self.shift
        if "id" in row:
            new["id"] = self.ids[table, row["id"]] = self.copier.counters.take(table)
        for name in _WORDS.get(table, ()):
            new[name] = self._told(new[name])
        if table == "deadline" and self.template.is_ended:
            new["next_cross_at"] = None
        if table == "public_copy" and new["lat"] is not None:
            new["lat"], new["lng"] = self._public_point(new["rounding"])
        self.copier.rows[table].append(new)
        return new

    def _report(self) -> dict[str, Any]:
        old = self.template.report
        new = {**old, **_BARE, "id": self.id, "query_code_mac": secrets.token_hex(32)}
        for name in _times("report"):
            if new[name] is not None:
                new[name] += self.shift
        new["number"] = self.copier.counters.number(new["received_at"])
        for name in ("description", "address"):
            new[name] = self._told(new[name])
        if self.village is not None:
            new["grid_id"] = self.village.id
        if self.point is not None:
            lat, lng = self.point
            new |= {"lat": lat, "lng": lng, "raw_lat": lat, "raw_lng": lng, "crs": "wgs84"}
        new["content_nonce"] = f"{self.copier.rng.getrandbits(128):032x}"
        new["content_commitment"] = self._content(new).commitment(new["content_nonce"])
        return new

    def _content(self, report: Mapping[str, Any]) -> Content:
        place = [report["raw_lat"], report["raw_lng"], report["crs"], report["address"] or ""]
        received_at = moment(report["received_at"])
        return Content(
            report["number"], received_at, report["description"], place, **self._changing()
        )

    def _changing(self) -> dict[str, Any]:
        """What the event of the filing keeps of the content."""
        filed = self.template.rows[TIMELINE][0]["data"].get("content", {})
        grid = self.village.code if self.village and filed.get("grid") else filed.get("grid")
        categories = filed.get("categories") or [
            self.copier.codes[self.template.report["category_id"]]
        ]
        return {"categories": categories, "grid": grid, "photos": []}

    def _add_event(self, row: Mapping[str, Any], report: Mapping[str, Any]) -> None:
        data = row["data"]
        if row["kind"] == Action.FILE:
            data = {**data, "content": self._changing()}
        elif row["kind"] == Action.PUBLISH:
            data = {**data, "photos": []}
        nonce = f"{self.copier.rng.getrandbits(128):032x}"
        new = self._add(TIMELINE, row, subject_id=report["id"], data=data, nonce=nonce)
        self.last_event = new["id"]

    def _public(self, report: Mapping[str, Any]) -> None:
        row = self.template.only("public_case")
        if row is None:
            return
        days = self.shift.days
        timeline = [{**line, "on": _moved(line["on"], days)} for line in row["timeline"]]
        changes = {"number": report["number"], "photos": [], "timeline": timeline}
        if self.village is not None and row["village_id"] is not None:
            changes["village_id"] = self.village.id
        copied = self.template.only("public_copy")
        if row["lat"] is not None and copied is not None:
            changes["lat"], changes["lng"] = self._public_point(copied["rounding"])
        self._add("public_case", row, report_id=self.id, **changes)

    def _fact(self, report: Mapping[str, Any]) -> None:
        row = self.template.only("case_fact")
        if row is None:
            return
        at = self.copier.midnight
        dues = [
            due["due_at"] + self.shift
            for due in self.template.rows.get("deadline", ())
            if due["stopped_at"] is None and due["paused_at"] is None
        ]
        is_ended = self.template.is_ended
        new = {
            **row,
            "report_id": self.id,
            "measures": row["measures"] & ~_REPEAT,  # of copies triage keeps no repeats
            "month": local(report["received_at"]).date().replace(day=1),
            "received_at": report["received_at"],
            "event_id": self.last_event,
        }
        if is_ended:
            new["next_due_at"] = min((due for due in dues if due >= at), default=None)
        self.copier.rows["case_fact"].append(new)

    def _place(self) -> tuple[Village | None, Point | None]:
        report, rng = self.template.report, self.copier.rng
        villages = self.copier.villages.get(report["town_id"] or 0, ())
        if not villages or report["grid_id"] == report["town_id"]:
            return None, self._near() if report["lat"] is not None else None
        village = rng.choice(villages)
        return village, rng.choice(village.points) if report["lat"] is not None else None

    def _near(self) -> Point:
        """A few hundred metres away, where no village is known."""
        report, rng = self.template.report, self.copier.rng
        by = (rng.uniform(-0.004, 0.004), rng.uniform(-0.004, 0.004))
        return round_point(Point(report["lat"] + by[0], report["lng"] + by[1]), 6)

    def _public_point(self, rounding: str) -> tuple[float | None, float | None]:
        decimals = Rounding(rounding).decimals
        if self.point is None or decimals is None:
            return None, None
        return round_point(self.point, decimals)

    def _told(self, words: str | None) -> str | None:
        """The same words about the other village."""
        grid_id = self.template.report["grid_id"]
        if not words or self.village is None or grid_id is None:
            return words
        return words.replace(self.copier.names[grid_id], self.village.name)


_WORDS = {"public_copy": ("text",), "public_case": ("text",), "finding": ("public_text", "reply")}


def _is_pending(table: str, row: Mapping[str, Any]) -> bool:
    """A look-back that nobody made yet would wait for ever in a shifted history."""
    if table == "look_back":
        return row["done_at"] is None
    is_open = table == "deadline" and row["stopped_at"] is None
    return is_open and str(row["clock"]).startswith("lookback")


@cache
def _moved(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
