"""A report as programs read it: state, version, and the allowed steps with their fields."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.clock import local
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.web.desk.case_page import prefilled
from portal.web.desk.offers import Offer
from portal.web.desk.pages import Case, choices_for
from portal.web.desk.steps import STEPS


def described(case: Case) -> dict[str, Any]:
    """The JSON of GET /desk/reports/<number>."""
    report = case.report
    return {
        "number": report.number,
        "state": report.state,
        "state_label": _(State(report.state).label),
        "version": report.version,
        "category": report.category.code,
        "grid_code": report.grid.code if report.grid else None,
        "lead": report.lead_department.code if report.lead_department else None,
        "assists": [a.department.code for a in case.assignments if a.kind != "lead"],
        "received_at": _iso(report.received_at),
        "due_at": _iso(report.due_at),
        "notice_ends_at": _iso(report.notice_ends_at),
        "main_number": case.told.number(report.main.number) or None if report.main else None,
        "photos": [
            {"id": p.upload_id, "kind": p.kind, "status": p.status, "round": p.round}
            for p in case.photos
        ],
        "allowed": [_allowed(case, offer) for offer in case.offers],
    }


def _allowed(case: Case, offer: Offer) -> dict[str, Any]:
    return {
        "action": offer.action,
        "label": offer.words,
        "obstacle": offer.obstacle or None,
        "fields": [_field(case, offer.action, name) for name in WORKFLOW[offer.action].required],
    }


def _field(case: Case, action: Action, name: str) -> dict[str, Any]:
    form = STEPS[action].form(data=prefilled(case, action))
    form.offer(choices_for(case))
    described: dict[str, Any] = {"name": name, "required": _is_needed(case, action, name)}
    choices = getattr(form[name], "choices", None) if name in form else None
    if choices:
        described["choices"] = [code for code, _label in choices if code]
    if name in form and form[name].data:
        described["value"] = form[name].data
    return described


def _is_needed(case: Case, action: Action, name: str) -> bool:
    """Whether a field must be filled on this very report."""
    if action is Action.ACCEPT and name == "category":
        return case.report.category.is_top
    if action is Action.ACCEPT and name == "grid_code":
        return case.report.grid is None
    return name not in STEPS[action].form.conditional


def _iso(moment: datetime | None) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment else None
