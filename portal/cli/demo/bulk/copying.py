"""One more report with the history of a template: other days, another place, keys of its own."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from portal.cli.demo.bulk.ground import Village
from portal.cli.demo.bulk.moulds import Mould, Part, Told
from portal.cli.demo.bulk.sealing import Case, Waiting, leaf_of
from portal.cli.demo.bulk.templates import TIMELINE
from portal.cli.demo.bulk.writing import Cells, Layout
from portal.core.geo import Point, round_point
from portal.core.ids import compose_number
from portal.domain.reports.content import Content


@dataclass
class Counters:
    """The next free id of each table, and the next serial of each day."""

    ids: Counter[str]
    serials: defaultdict[date, int]

    def take(self, table: str) -> int:
        """An id nobody has."""
        self.ids[table] += 1
        return self.ids[table]

    def number(self, day: date) -> str:
        """A report number of a local day."""
        self.serials[day] += 1
        return compose_number(f"{day:%y%m%d}", self.serials[day])


@dataclass
class Copier:
    """Makes copies into `rows`, by table, until somebody takes them away."""

    rng: Random
    counters: Counters
    villages: Mapping[int, Sequence[Village]]
    codes: Mapping[int, str]  # categories by id
    names: Mapping[int, str]  # grids by id
    forms: Mapping[str, Layout]
    waiting: Waiting
    rows: defaultdict[str, list[Cells]] = field(default_factory=lambda: defaultdict(list))

    def copy(self, mould: Mould) -> None:
        """Add one report with every row it needs, parents first."""
        _Copy(self, mould).make()


class _Copy:
    """One copy while it is being made."""

    def __init__(self, copier: Copier, mould: Mould) -> None:
        self.copier, self.mould = copier, mould
        self.id = copier.counters.take("report")
        self.number = copier.counters.number(mould.received_on)
        self.village, self.point = self._place()
        self.firsts: dict[str, int] = {}
        self.changing = self._changing()

    def make(self) -> None:
        """Add every row, parents first."""
        case = self._report()
        for part in self.mould.parts:
            self._add(part)
        for told in self.mould.events:
            self._add_event(told, case)
        if self.mould.public is not None:
            self._public(self.mould.public)
        if self.mould.fact is not None:
            cells = self.mould.fact.copy()
            at = self.copier.forms["case_fact"].at
            cells[at["report_id"]] = self.id
            cells[at["event_id"]] = self.copier.counters.ids[TIMELINE]
            self.copier.rows["case_fact"].append(cells)

    def _report(self) -> Case:
        report = self.mould.report
        changes = {"id": self.id, "number": self.number, "query_code_mac": secrets.token_hex(32)}
        changes |= {name: self._told(report[name]) for name in ("description", "address")}
        if self.village is not None:
            changes["grid_id"] = self.village.id
        if self.point is not None:
            lat, lng = self.point
            changes |= {"lat": lat, "lng": lng, "raw_lat": lat, "raw_lng": lng, "crs": "wgs84"}
        nonce = f"{self.copier.rng.getrandbits(128):032x}"
        commitment = self._content({**report, **changes}).commitment(nonce)
        changes |= {"content_nonce": nonce, "content_commitment": commitment}
        form, cells = self.copier.forms["report"], self.mould.report_cells.copy()
        for name, value in changes.items():
            cells[form.at[name]] = form.turned(name, value)
        self.copier.rows["report"].append(cells)
        return Case.of(self.number, nonce, commitment)

    def _content(self, report: Mapping[str, Any]) -> Content:
        place = [report["raw_lat"], report["raw_lng"], report["crs"], report["address"] or ""]
        received_at, said = self.mould.received_at, report["description"]
        return Content(self.number, received_at, said, place, **self.changing)

    def _changing(self) -> dict[str, Any]:
        """What the event of the filing keeps of the content."""
        filed = self.mould.events[0].data.get("content", {})
        grid = self.village.code if self.village and filed.get("grid") else filed.get("grid")
        categories = filed.get("categories") or [
            self.copier.codes[self.mould.report["category_id"]]
        ]
        return {"categories": categories, "grid": grid, "photos": []}

    def _add(self, part: Part) -> None:
        rows, ids = self.copier.rows[part.name], self.copier.counters.ids
        first = self.firsts[part.name] = ids[part.name] + 1
        for place, (cells, above) in enumerate(part.rows):
            new = cells.copy()
            new[part.owner_at] = self.id if part.above is None else self.firsts[part.above] + above
            if part.id_at is not None:
                new[part.id_at] = first + place
            self._change(part, new)
            rows.append(new)
        if part.id_at is not None:
            ids[part.name] += len(part.rows)

    def _change(self, part: Part, cells: Cells) -> None:
        """Words and place of the other village."""
        for at in part.words_at:
            cells[at] = self._told(cells[at])
        if part.decimals is not None and self.point is not None:
            form = self.copier.forms[part.name]
            point = round_point(self.point, part.decimals)
            cells[form.at["lat"]], cells[form.at["lng"]] = point

    def _add_event(self, told: Told, case: Case) -> None:
        form = self.copier.forms[TIMELINE]
        event_id, nonce = self.copier.counters.take(TIMELINE), self.copier.rng.randbytes(16)
        cells, data = told.cells.copy(), told.data
        if told.is_filing:
            data = {**data, "content": self.changing}
            cells[form.at["data"]] = form.turned("data", data)
        cells[form.at["id"]], cells[form.at["subject_id"]] = event_id, self.id
        cells[form.at["nonce"]] = form.turned("nonce", nonce.hex())
        self.copier.rows[TIMELINE].append(cells)
        said = told.said(data, event_id, self.id)
        self.copier.waiting.add(told.at_us, event_id, *leaf_of(said, nonce, told, case))

    def _public(self, part: Part) -> None:
        form, (row, _) = self.copier.forms[part.name], part.rows[0]
        cells = row.copy()
        cells[form.at["report_id"]], cells[form.at["number"]] = self.id, self.number
        if self.village is not None and cells[form.at["village_id"]] is not None:
            cells[form.at["village_id"]] = self.village.id
        self._change(part, cells)
        self.copier.rows[part.name].append(cells)

    def _place(self) -> tuple[Village | None, Point | None]:
        report, rng = self.mould.report, self.copier.rng
        villages = self.copier.villages.get(report["town_id"] or 0, ())
        if not villages or report["grid_id"] == report["town_id"]:
            return None, self._near() if report["lat"] is not None else None
        village = rng.choice(villages)
        return village, rng.choice(village.points) if report["lat"] is not None else None

    def _near(self) -> Point:
        """A few hundred metres away, where no village is known."""
        report, rng = self.mould.report, self.copier.rng
        by = (rng.uniform(-0.004, 0.004), rng.uniform(-0.004, 0.004))
        return round_point(Point(report["lat"] + by[0], report["lng"] + by[1]), 6)

    def _told(self, words: str | None) -> str | None:
        """The same words about the other village."""
        grid_id = self.mould.report["grid_id"]
        if not words or self.village is None or grid_id is None:
            return words
        return words.replace(self.copier.names[grid_id], self.village.name)
