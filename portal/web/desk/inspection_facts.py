"""What the pages of the weekly inspection show: its weeks, its list, one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.core.clock import local
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_queries import first_photos
from portal.domain.inspections.models import Inspection, InspectionLine, ListReason, Result, Stage
from portal.domain.reports.states import Action
from portal.domain.reports.table import WORKFLOW
from portal.web import filters
from portal.web.desk.facts import photo_view
from portal.web.desk.frame import name_of
from portal.web.desk.onsite_facts import Seen, place_words, site_view

MARKS = {
    Result.PUT_RIGHT: "f-yes",
    Result.NOT_PUT_RIGHT: "d-red",
    Result.AS_REPORTED: "d-red",
    Result.NO_ENTRY: "f-unk",
}


def may_read(who: Actor) -> bool:
    """Whether the list of inspections is there for `who`."""
    return who.may(Permission.READ_INSPECTIONS) or who.may(Permission.INSPECT)


def week_words(inspection: Inspection) -> str:
    """11月23日这一周."""
    return _("%(day)s这一周", day=filters.day(inspection.monday))


def week_row(inspection: Inspection, lines: Sequence[InspectionLine]) -> dict[str, Any]:
    """A week for the list: where it stands, and the counts its reader may see."""
    on = [line for line in lines if line.removed_at is None]
    return {
        "href": url_for("desk.inspection", inspection_id=inspection.id),
        "words": week_words(inspection),
        "stage": inspection.stage,
        "is_own": inspection.planned_by_id is None,
        "listed": len(on),
        "seen": sum(1 for line in on if line.result and line.result is not Result.NO_ENTRY),
        "failing": sum(1 for line in on if line.result and line.result.fails),
        "people": _("、").join(person.display_name for person in inspection.inspectors),
    }


def line_rows(lines: Sequence[InspectionLine]) -> list[dict[str, Any]]:
    """The lines of a list, with the first picture of each case."""
    shots = first_photos({line.report_id for line in lines})
    return [_row(line, shots.get(line.report_id)) for line in lines]


def counts(inspection: Inspection, lines: Sequence[InspectionLine]) -> list[tuple[str, int]]:
    """The list by reason until it starts, then by result with what nobody got to."""
    if inspection.stage in {Stage.DRAFT, Stage.CANCELLED}:
        why = Counter(ListReason(code) for line in lines for code in line.reasons)
        return [(_("清单"), len(lines)), *((_(one.label), why[one]) for one in ListReason)]
    found = Counter(line.result for line in lines)
    rows = [(_(result.label), found[result]) for result in Result]
    return [*rows, (_("还没去看"), found[None])]


def line_view(line: InspectionLine, who: Actor) -> dict[str, Any]:
    """One line with the pictures of its case and every look on record, and what may follow."""
    site, seen = site_view(line.report, [Seen(check, check.photos) for check in line.checks])
    checks = [{**look, "result": c.result} for look, c in zip(seen, line.checks, strict=True)]
    return {**_row(line, None), "site": site, "checks": checks, "follow": _follow(line, who)}


def _row(line: InspectionLine, shot: Any) -> dict[str, Any]:
    report = line.report
    return {
        "id": line.id,
        "href": url_for("desk.inspection_line", inspection_id=line.inspection_id, line_id=line.id),
        "report": report,
        "number": report.number,
        "title": report.title,
        "category": name_of(report.category),
        "place": place_words(report),
        "lead": name_of(report.lead_department),
        "reasons": [_reason(ListReason(code), line) for code in line.reasons],
        "is_removed": line.removed_at is not None,
        "removed_why": line.removed_why,
        "result": line.result,
        "mark": MARKS[line.result] if line.result else "",
        "fails": bool(line.result and line.result.fails),
        "result_at": line.result_at,
        "is_open": line.is_open,
        "thumb": photo_view(shot, {}, {}) if shot else None,
    }


def _reason(reason: ListReason, line: InspectionLine) -> str:
    """逾期没办完（3月4日到期）; the words of whoever added it."""
    detail = ""
    if reason is ListReason.OVERDUE and line.overdue_since is not None:
        due = local(line.overdue_since) - timedelta(seconds=1)
        detail = _("%(day)s到期", day=filters.day(due))
    elif reason is ListReason.ADDED:
        detail = line.why
    label = _(reason.label)
    return _("%(label)s：%(words)s", label=label, words=detail) if detail else label


def _follow(line: InspectionLine, who: Actor) -> dict[str, str]:
    """What may follow a failing result: where an order is issued, where the case is reopened."""
    if not (line.result and line.result.fails and who.may(Permission.ISSUE_ORDER)):
        return {}
    report = line.report
    found = {"press": url_for("desk.press_case", number=report.number, inspected=1)}
    if report.state in WORKFLOW[Action.REOPEN].sources:
        case = url_for("desk.show_report", number=report.number)
        found["reopen"] = f"{case}#action-{Action.REOPEN}"
    return found
