"""Texts ready to use in the forms of a report: filled from it, offered by their step."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal.domain.grids.models import Grid
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action
from portal.domain.triage.texts import PLACEHOLDERS, ReadyText, TextKind, fill, texts_for
from portal.web import filters
from portal.web.desk.door import bp

# Which field of the step's form each kind fills; a refusal fills its reason and where to go too.
FIELDS = {
    TextKind.DECLINE: "text",
    TextKind.ASK: "question",
    TextKind.REPLY: "reply",
    TextKind.PUBLIC_TEXT: "public_text",
}


def facts_of(report: Report) -> dict[str, str]:
    """What the placeholders stand for; empty where nothing is known yet."""
    place: Grid | None = report.town or report.grid
    known = (
        report.number,
        place.name_zh if place else "",
        filters.due(report.due_at) if report.due_at else "",
        report.lead_department.name_zh if report.lead_department else "",
    )
    return dict(zip(PLACEHOLDERS, known, strict=True))


def sample_facts() -> dict[str, str]:
    """What a preview is filled with."""
    known = ("SP261122000137K", _("东河镇"), _("12月1日24:00前"), _("城管局"))
    return dict(zip(PLACEHOLDERS, known, strict=True))


def filled(row: ReadyText, facts: dict[str, str]) -> dict[str, str]:
    """Field → words, as the form of the step takes them."""
    values = {FIELDS[row.kind]: fill(row.text, facts)}
    if row.kind is TextKind.DECLINE:
        values |= {"reason_code": row.reason_code, "where_to": fill(row.where_to, facts)}
    return values


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"ready_texts": offered}


def offered(report: Report, action: str) -> list[dict[str, Any]]:
    """The texts for one step of a report, as desk/_templates.html draws them; one statement."""
    kinds = [kind for kind in TextKind if kind.action == action]
    if not kinds:
        return []
    facts = facts_of(report)
    return [
        {"id": row.id, "words": _title(row, len(kinds) > 1), "values": filled(row, facts)}
        for row in texts_for(kinds, report.category.code, report.state)
    ]


def _title(row: ReadyText, is_mixed: bool) -> str:
    """The name of a text, with what it is for where a form takes several kinds."""
    if is_mixed:
        return _("%(kind)s：%(title)s", kind=_(row.kind.label), title=row.title)
    if row.kind is TextKind.DECLINE and row.reason_code in set(DeclineReason):
        return _(
            "%(kind)s：%(title)s", kind=_(DeclineReason(row.reason_code).label), title=row.title
        )
    return row.title


def step_of(row: ReadyText) -> Action:
    """The step whose form takes this text."""
    return row.kind.action
