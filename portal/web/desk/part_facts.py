"""Who has a part in a case, ready for templates: lead and assists, their clocks and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import clerks_of
from portal.domain.casework.models import (
    Assignment,
    AssignmentKind,
    Measure,
    MeasureKind,
    PartMeasure,
    PartReport,
)
from portal.domain.casework.parts import IN_HAND
from portal.domain.deadlines.clocks import OF_PARTS, Colour
from portal.domain.deadlines.models import Deadline
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.web.desk.frame import name_of


@dataclass(frozen=True)
class Parts:
    """What the cards of a case read about its departments."""

    report: Report
    who: Actor
    at: datetime
    assignments: Sequence[Assignment]
    told: Sequence[PartReport]
    deadlines: Sequence[Deadline]
    names: Mapping[int, str]

    def rows(self) -> list[dict[str, Any]]:
        """Lead and assists as desk/_parties.html and desk/_parts.html draw them."""
        return [self._row(one) for one in self.assignments]

    def _row(self, one: Assignment) -> dict[str, Any]:
        due = self._due(one)
        colour = due.colour(self.at) if due else Colour.NONE
        return {
            "department": name_of(one.department),
            "is_lead": one.kind == AssignmentKind.LEAD,
            "is_own": one.department_id == self.who.department_id,
            "signed_at": one.signed_at,
            "reported_at": one.reported_at,
            "handler": self._handler(one),
            "handler_id": one.handler_id,
            "due_at": due.due_at if due else None,
            "colour": "" if colour is Colour.NONE else colour,
            "reports": [self._report(row) for row in self.told if row.assignment_id == one.id],
        }

    def _due(self, one: Assignment) -> Deadline | None:
        """What runs for a part: until it is signed its signature, then its report."""
        running = [
            row
            for row in self.deadlines
            if row.is_open and row.clock in OF_PARTS and row.department_id == one.department_id
        ]
        return min(running, key=lambda row: row.due_at, default=None)

    def _handler(self, one: Assignment) -> str:
        """Who handles it, for colleagues of the department alone."""
        is_own = one.department_id == self.who.department_id
        return self.names.get(one.handler_id or 0, "") if is_own else ""

    def _report(self, row: PartReport) -> dict[str, Any]:
        return {
            "at": row.at,
            "who": self.names.get(row.by_user_id, ""),
            "found": row.note,
            "done": row.done,
            "photos": row.photo_count,
            "measures": measure_words(row.measures),
        }

    def own(self) -> Assignment | None:
        """The assignment of the looker's department, lead or assist."""
        own = self.who.department_id
        return next((a for a in self.assignments if a.department_id == own), None)

    def own_part(self) -> Assignment | None:
        """The assisting part of the looker's department while the case is in hand."""
        own = self.own()
        is_part = own is not None and own.kind == AssignmentKind.ASSIST
        return own if is_part and State(self.report.state) in IN_HAND else None

    def view(self) -> dict[str, Any]:
        """What the looker may do about it, beside the rows."""
        rows, part = self.rows(), self.own_part()
        own, may_hand = self.own(), self.who.may(Permission.HAND_TO_CLERK)
        may_report = part is not None and self.who.may(Permission.REPORT_PART)
        return {
            "rows": rows,
            "assists": [row for row in rows if not row["is_lead"]],
            "silent": [row["department"] for row in rows if _is_silent(row)],
            "to_sign": part is not None and part.signed_at is None,
            "to_report": may_report and part is not None and part.signed_at is not None,
            "is_reported": part is not None and part.reported_at is not None,
            "clerks": clerks_of(own.department_id) if own is not None and may_hand else {},
        }


def _is_silent(row: Mapping[str, Any]) -> bool:
    return not row["is_lead"] and row["reported_at"] is None


def measure_words(measures: Sequence[Measure | PartMeasure]) -> list[str]:
    """What was done, in words: 罚款 20,000元, 追责问责 2人."""
    found = []
    for measure in measures:
        words = _(MeasureKind(measure.kind).label)
        if measure.amount_yuan:
            words += " " + _("%(n)s元", n=f"{measure.amount_yuan:,}")
        if measure.people:
            words += " " + _("%(n)s人", n=measure.people)
        found.append(_("，").join((words, measure.note)) if measure.note else words)
    return found
