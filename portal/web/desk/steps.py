"""Action → its form and the service it calls. One line of the table here per step of the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.actor import Actor
from portal.domain.casework import assigning, closing, striking
from portal.domain.casework.models import Verdict
from portal.domain.categories.queries import category_by_code
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.departments.models import Department
from portal.domain.departments.queries import department_by_code
from portal.domain.grids.queries import grid_by_code
from portal.domain.publication import services as publication
from portal.domain.publication.models import Rounding, WithholdGround
from portal.domain.reports import acceptance
from portal.domain.reports.models import Photo, Report, Track
from portal.domain.reports.states import Action
from portal.domain.triage import services as triage
from portal.domain.triage import taking_on
from portal.web.desk import forms
from portal.web.desk.fields import read_boxes


@dataclass(frozen=True)
class Turn:
    """One attempt: on which version, by whom, when, with which photos just received."""

    expected: int
    by: Actor
    at: datetime
    photos: Sequence[Photo] = ()

    @property
    def usual(self) -> dict[str, Any]:
        """What every service wants after its own arguments."""
        return {"expected": self.expected, "by": self.by, "at": self.at}


@dataclass(frozen=True)
class DeskStep:
    """The form of a step and what it runs, inside the caller's transaction."""

    form: type[forms.ActionForm]
    run: Callable[[Report, Any, Turn], object]
    takes_photos: bool = False


# Accept and dispatch with one form: no step of the workflow, but two of them (triage.taking_on).
TAKE_ON = "take_on"


def office(code: str, name: str = "lead") -> Department:
    """The department with this code. Raises InvalidFieldsError for field `name`."""
    found = department_by_code(code)
    if found is None:
        raise InvalidFieldsError.one(name, "unknown", _("没有这个单位。"))
    return found


def _accept(report: Report, form: forms.AcceptForm, turn: Turn) -> None:
    acceptance.accept_report(report, _acceptance(form), **turn.usual)


def _acceptance(form: forms.AcceptForm) -> acceptance.Acceptance:
    return acceptance.Acceptance(
        track=Track(form.track.data),
        deadline_class=DeadlineClass(form.deadline_class.data),
        category=category_by_code(form.category.data) if form.category.data else None,
        grid=grid_by_code(form.grid_code.data) if form.grid_code.data else None,
        accused=tuple(office(code, "accused") for code in form.accused.data or ()),
    )


def _decline(report: Report, form: forms.DeclineForm, turn: Turn) -> None:
    reason = acceptance.DeclineReason(form.reason_code.data)
    refusal = acceptance.Refusal(reason, form.text.data or "", form.where_to.data or "")
    acceptance.decline_report(report, refusal, **turn.usual)


def _split(report: Report, form: forms.SplitForm, turn: Turn) -> None:
    parts = [triage.Part(description) for description in form.parts.data]
    triage.split_report(report, parts, **turn.usual)


def _dispatch(report: Report, form: forms.DispatchForm, turn: Turn) -> None:
    assigning.dispatch_report(report, _assigning(form), **turn.usual)


def _assigning(form: forms.DispatchForm) -> assigning.Assigning:
    assists = [office(code, "assists") for code in form.assists.data or ()]
    return assigning.Assigning(office(form.lead.data), assists, form.note.data or "")


def _take_on(report: Report, form: forms.TakeOnForm, turn: Turn) -> None:
    taking_on.take_on(report, _acceptance(form), _assigning(form), **turn.usual)


def _return(report: Report, form: forms.ReturnForm, turn: Turn) -> None:
    other = office(form.proposed_department.data, "proposed_department")
    command = assigning.Returning(form.legal_basis.data or "", other)
    assigning.return_report(report, command, **turn.usual)


def _rule(report: Report, form: forms.RuleForm, turn: Turn) -> None:
    assigning.rule_lead(report, office(form.lead.data), form.reasons.data or "", **turn.usual)


def _propose(report: Report, form: forms.ProposeForm, turn: Turn) -> None:
    proposal = closing.Proposal(
        verdict=Verdict(form.finding.data),
        measures=form.taken(),
        reply=form.reply.data or "",
        public_text=form.public_text.data or "",
        internal_text=form.internal_text.data or "",
        photos=turn.photos,
        without_parts=bool(form.without_parts.data),
    )
    closing.propose_closing(report, proposal, **turn.usual)


def _stage_close(report: Report, form: forms.StageCloseForm, turn: Turn) -> None:
    plan = closing.StagePlan(form.plan.data or "", form.dated(), form.responsible.data or "")
    closing.stage_close_report(report, plan, **turn.usual)


def _publish(report: Report, form: forms.PublishForm, turn: Turn) -> None:
    decisions = {
        upload_id: publication.PhotoDecision(
            release=decision == "release", boxes=read_boxes(form.boxes.data.get(upload_id, ""))
        )
        for upload_id, decision in form.photo_decisions.data.items()
    }
    release = publication.Release(decisions, Rounding(form.place_rounding.data))
    publication.publish_report(report, release, **turn.usual)


def _reopen(report: Report, form: forms.ReopenForm, turn: Turn) -> None:
    striking.reopen_report(report, striking.ReopenReason(form.reason_code.data), **turn.usual)


STEPS: dict[Action, DeskStep] = {
    Action.ASK: DeskStep(
        forms.AskForm,
        lambda report, form, turn: acceptance.ask_reporter(
            report, form.question.data, **turn.usual
        ),
    ),
    Action.ACCEPT: DeskStep(forms.AcceptForm, _accept),
    Action.DECLINE: DeskStep(forms.DeclineForm, _decline),
    Action.MERGE: DeskStep(
        forms.MergeForm,
        lambda report, form, turn: triage.merge_report(report, form.main_number.data, **turn.usual),
    ),
    Action.UNMERGE: DeskStep(
        forms.PlainForm, lambda report, _form, turn: triage.unmerge_report(report, **turn.usual)
    ),
    Action.SPLIT: DeskStep(forms.SplitForm, _split),
    Action.DISPATCH: DeskStep(forms.DispatchForm, _dispatch),
    Action.SIGN: DeskStep(
        forms.PlainForm, lambda report, _form, turn: assigning.sign_report(report, **turn.usual)
    ),
    Action.RETURN: DeskStep(forms.ReturnForm, _return),
    Action.RULE: DeskStep(forms.RuleForm, _rule),
    Action.PROPOSE: DeskStep(forms.ProposeForm, _propose, takes_photos=True),
    Action.SEND_BACK: DeskStep(
        forms.ReasonForm,
        lambda report, form, turn: closing.send_back(report, form.reason.data, **turn.usual),
    ),
    Action.SUBMIT: DeskStep(
        forms.PlainForm, lambda report, _form, turn: closing.submit_report(report, **turn.usual)
    ),
    Action.REWORK: DeskStep(
        forms.ReasonForm,
        lambda report, form, turn: closing.rework_report(report, form.reason.data, **turn.usual),
    ),
    Action.STAGE_CLOSE: DeskStep(forms.StageCloseForm, _stage_close),
    Action.RESUME: DeskStep(
        forms.PlainForm, lambda report, _form, turn: closing.resume_report(report, **turn.usual)
    ),
    Action.RESOLVE: DeskStep(
        forms.PlainForm, lambda report, _form, turn: closing.resolve_report(report, **turn.usual)
    ),
    Action.PUBLISH: DeskStep(forms.PublishForm, _publish),
    Action.WITHHOLD: DeskStep(
        forms.WithholdForm,
        lambda report, form, turn: publication.withhold_report(
            report, WithholdGround(form.ground_code.data), **turn.usual
        ),
    ),
    Action.DEREGISTER: DeskStep(
        forms.DeregisterForm,
        lambda report, form, turn: striking.deregister_report(
            report, form.acceptance_note.data, **turn.usual
        ),
    ),
    Action.REOPEN: DeskStep(forms.ReopenForm, _reopen),
}
_TAKING_ON = DeskStep(forms.TakeOnForm, _take_on)


STEP_NAMES = frozenset({*STEPS, TAKE_ON})


def step_called(name: str) -> DeskStep:
    """The step of this name, one of STEP_NAMES."""
    return _TAKING_ON if name == TAKE_ON else STEPS[Action(name)]


def actions_of(name: str) -> tuple[Action, ...]:
    """The moves of the workflow that the step of this name makes, in order."""
    return (Action.ACCEPT, Action.DISPATCH) if name == TAKE_ON else (Action(name),)
