"""Drawing the page of a report with its forms: fresh and prefilled, or as somebody sent them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.errors import PortalError
from portal.domain.publication.services import DECIDABLE
from portal.domain.reports.models import PhotoStatus, Track
from portal.domain.reports.states import Action
from portal.domain.routing.queries import Suggestion
from portal.domain.timeline.models import TimelineEvent
from portal.web.desk.faults import problems_of
from portal.web.desk.forms import ActionForm, NoteForm, rounding_of
from portal.web.desk.lookback_facts import case_look_backs
from portal.web.desk.pages import Case, case_context, choices_for, suggestion_for
from portal.web.desk.part_forms import HandForm, PartForm
from portal.web.desk.steps import STEPS, DeskStep
from portal.web.desk.time_forms import DecisionForm, ExtensionForm, ProgressForm
from portal.web.errors import translated


@dataclass(frozen=True)
class Sent:
    """A form that came in and was not taken: which one, with its errors, and why."""

    name: str
    form: Any
    fault: PortalError | None = None
    kept: list[str] = field(default_factory=list)

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, sentence) for the summary on top."""
        return problems_of(self.name, self.form)


def render_case(case: Case, sent: Sent | None = None) -> str:
    """The page; `sent` stays open with its input and its errors."""
    context = case_context(case)
    choices = choices_for(case)
    forms: dict[str, Any] = {}
    for offer in case.offers:
        form = STEPS[offer.action].form(data=prefilled(case, offer.action))
        form.offer(choices)
        forms[offer.action] = form
    forms["contacts"], forms["checks"] = NoteForm(), NoteForm()
    forms["extension"], forms["refusal"] = ExtensionForm(), DecisionForm()
    forms["part"], forms["handler"] = PartForm(), HandForm()
    forms["handler"].offer(context["parts"]["clerks"])
    for milestone in case.plan.milestones if case.plan else ():
        forms[f"milestone-{milestone.id}"] = ProgressForm()
    if sent is not None:
        forms[sent.name] = sent.form
    decidable = {photo.upload_id for photo in case.photos if PhotoStatus(photo.status) in DECIDABLE}
    return render_template(
        "desk/case.html",
        **context,
        look_backs=case_look_backs(case.reading, case.who, case.at),
        forms=forms,
        sent=sent,
        opened=sent.name if sent else "",
        problems=sent.problems() if sent else [],
        refusal=translated(sent.fault) if sent and sent.fault else "",
        kept=sent.kept if sent else [],
        decidable=[p for p in context["photos"] if p["id"] in decidable],
    )


def prefilled(case: Case, action: Action) -> dict[str, Any]:
    """What a fresh form of `action` starts with."""
    maker = _PREFILLED.get(action)
    return maker(case) if maker else {}


def _accept(case: Case) -> dict[str, Any]:
    report = case.report
    return {
        "track": Track.COMPLAINT.value,
        "deadline_class": report.category.deadline_class.value,
        "category": "" if report.category.is_top else report.category.code,
        "grid_code": report.grid.code if report.grid else "",
    }


def prefilled_for_taking_on(case: Case, found: Suggestion | None) -> dict[str, Any]:
    """What the form for accepting and dispatching at once starts with, given the suggestion."""
    return _accept(case) | _dispatched_to(case, found)


def _dispatch(case: Case) -> dict[str, Any]:
    return _dispatched_to(case, suggestion_for(case))


def _dispatched_to(case: Case, found: Suggestion | None) -> dict[str, Any]:
    start: dict[str, Any] = {}
    if found is not None:
        start = {
            "lead": found.lead.code,
            "assists": [d.code for d in found.assists],
            # Who leads and assists stands beside it already: only what is to be done.
            "note": _("请到现场核查，依法处理，按期报结果。"),
        }
    back = _last(case, Action.RETURN)
    if back is not None:
        start["lead"] = back.data.get("proposed_department", start.get("lead"))
        start["assists"] = [code for code in start.get("assists", []) if code != start["lead"]]
        start["note"] = _("退回后改派：%(basis)s", basis=back.data.get("legal_basis", ""))
    return start


def _rule(case: Case) -> dict[str, Any]:
    back = _last(case, Action.RETURN)
    return {"lead": back.data.get("proposed_department")} if back else {}


def _propose(case: Case) -> dict[str, Any]:
    """After a rework the last texts are there to be mended, not to be typed again."""
    finding = case.finding
    if finding is None or finding.round != case.report.reopened_count:
        return {}
    measures = finding.measures
    return {
        "finding": finding.verdict,
        "measures": [m.kind for m in measures],
        "fine_yuan": next((m.amount_yuan for m in measures if m.amount_yuan), None),
        "people": next((m.people for m in measures if m.people), None),
        "measure_note": next((m.note for m in measures if m.note), ""),
        "reply": finding.reply,
        "public_text": finding.public_text,
        "internal_text": finding.internal_text,
    }


def _publish(case: Case) -> dict[str, Any]:
    return {"place_rounding": rounding_of(case.report.category.place_rounding)}


_PREFILLED = {
    Action.ACCEPT: _accept,
    Action.DISPATCH: _dispatch,
    Action.RULE: _rule,
    Action.PROPOSE: _propose,
    Action.PUBLISH: _publish,
}


def _last(case: Case, action: Action) -> TimelineEvent | None:
    return next((event for event in reversed(case.events) if event.kind == action), None)


def typed_form(step: DeskStep, case: Case, given: MultiDict[str, str]) -> ActionForm:
    """The form of `step` holding what came in."""
    form = step.form(given)
    form.offer(choices_for(case))
    return form
