"""A public case as the open data tells it: plain values by column, always in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.clock import local
from portal.domain.categories.queries import category_tree
from portal.domain.departments.queries import departments
from portal.domain.grids.queries import grids
from portal.domain.lookback.models import Outcome
from portal.domain.publication.conditions import CLOSED, Case
from portal.domain.publication.models import PublicLevel
from portal.domain.reports.states import State
from portal.web.transparency.opendata import wording

_LARGE = 1600
Record = dict[str, Any]
"""Values by the names of columns.py; None where there is nothing."""


@dataclass(frozen=True)
class Names:
    """What ids stand for: code and name of categories, towns and villages, departments."""

    categories: Mapping[int, tuple[str, str]]
    grids: Mapping[int, tuple[str, str]]
    departments: Mapping[int, tuple[str, str]]
    base_url: str
    source: str

    @classmethod
    def read(cls, base_url: str, source: str) -> Names:
        """Three statements; nothing of the session is kept."""
        tree = category_tree(with_inactive=True)
        everything = [c for branch in tree for c in (branch.top, *branch.children)]
        return cls(
            categories={c.id: (c.code, c.name_zh) for c in everything},
            grids={g.id: (g.code, g.name_zh) for g in grids()},
            departments={d.id: (d.code, d.name_zh) for d in departments()},
            base_url=base_url,
            source=source,
        )

    def record(self, case: Case) -> Record:
        """A case as plain values."""
        code, name = self.categories[case.category_id]
        top = next((n for c, n in self.categories.values() if c == case.category_code), name)
        town_code, town = self.grids.get(case.town_id, (None, None))
        unit_code, unit = self.departments.get(case.department_id, (None, None))
        state = State(case.state)
        return {
            "service_request_id": case.number,
            "requested_datetime": case.received_on.isoformat(),
            "updated_datetime": stamp(case.updated_at),
            "closed_date": _day(case.closed_on),
            "status_description": state.label,
            "status_notes": _notes(case) or None,
            "source": self.source,
            "service_name": top,
            "service_subtype": name if code != case.category_code else None,
            "description": case.text,
            "agency_responsible": unit,
            "address": self._address(case, town),
            "lat": case.lat,
            "long": case.lng,
            "status": "closed" if state in CLOSED else "open",
            "state": state.value,
            "level": case.level,
            "service_code": code,
            "town_code": town_code,
            "department_code": unit_code,
            "days": case.days,
            "finding": case.verdict,
            "measures": _measures(case) or None,
            "reopened": bool(case.is_reopened),
            "look_back": case.look_back,
            "look_back_date": _day(case.looked_back_on),
            "photo_before": self._photo(case, "evidence"),
            "photo_after": self._photo(case, "after"),
            "url": f"{self.base_url}/open/reports/{case.number}",
        }

    def _address(self, case: Case, town: str | None) -> str | None:
        village = self.grids.get(case.village_id) if case.village_id != case.town_id else None
        return (town or "") + (village[1] if village else "") or None

    def _photo(self, case: Case, kind: str) -> str | None:
        """The first released photo of the trouble, the last one of it put right."""
        keys = [photo["key"] for photo in case.photos if photo["kind"] == kind]
        if not keys:
            return None
        key = keys[-1] if kind == "after" else keys[0]
        return f"{self.base_url}/media/{key}/{_LARGE}.jpg"


def stamp(moment: datetime) -> str:
    """RFC 3339 to the second, in the city's time."""
    return local(moment).isoformat(timespec="seconds")


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _notes(case: Case) -> str:
    """What the state alone does not say."""
    found = []
    if case.is_reopened:
        found.append(wording.REOPENED)
    is_off = case.state in {State.WITHHELD, State.DEREGISTERED}
    if is_off and case.level != PublicLevel.PUBLISHED:
        found.append(wording.WITHHELD)
    if case.look_back == Outcome.PASSED:
        found.append(wording.STAYED_FIXED)
    elif case.look_back == Outcome.FAILED:
        found.append(wording.CAME_BACK)
    return "；".join(found)


def _measures(case: Case) -> str:
    return ";".join(_measure(measure) for measure in case.measures)


def _measure(measure: Mapping[str, Any]) -> str:
    more = measure.get("amount_yuan") or measure.get("people")
    return f"{measure['kind']}:{more}" if more else str(measure["kind"])
