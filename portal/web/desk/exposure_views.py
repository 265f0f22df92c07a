"""曝光 on the desk: propose, let a second person approve, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.exposures.correcting import (
    confirm_correction,
    draft_correction,
    return_correction,
)
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.queries import (
    corrections_of,
    exposure_in_scope,
    fit_cases,
    waiting_correction,
)
from portal.domain.exposures.queries import exposures as all_exposures
from portal.domain.exposures.services import (
    NewExposure,
    approve_exposure,
    is_exposable,
    propose_exposure,
    usual_end,
    withdraw_exposure,
)
from portal.domain.exposures.wording import Wording, words_of
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import LinesField, plain_names, text_field
from portal.web.desk.report_views import demand, visible
from portal.web.desk.time_forms import DayField
from portal.web.errors import problem, translated, wants_json
from portal.web.filters import named

_FIT = 6


class WordsForm(Form):
    """What is said, about whom, on what basis."""

    title = text_field(N_("标题"), 4, 60)
    party = text_field(N_("曝光对象"), 2, 100)
    text = text_field(N_("公开文字"), 10, 1000)
    basis = text_field(N_("依据"), 4, 200)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input

    def words(self) -> Wording:
        """What was typed."""
        fields = (self.title, self.party, self.text, self.basis)
        return Wording(*(field.data or "" for field in fields))


class ExposureForm(WordsForm):
    """The same for a new one, and until when."""

    expires_on = DayField(N_("到哪天撤下"))


class CorrectForm(WordsForm):
    """Other words, and why."""

    reason = text_field(N_("更正理由"), 2, 300)


class WithdrawForm(Form):
    """Why it is taken back."""

    reason = text_field(N_("撤下理由"), 2, 300)
    photo_ids = LinesField(N_("已上传的照片"), 40)


@bp.get("/exposures")
@require(Permission.ENTER_DESK, Permission.EXPOSE)
def exposure_list() -> ResponseReturnValue:
    """What waits for approval, what stands, what is over."""
    rows, today = all_exposures(actor()), local(now()).date()
    return render_template(
        "desk/exposures.html",
        rows=[(row, row.stage(today)) for row in rows],
        fit=[(case, named(case.category), named(case.town)) for case in fit_cases(actor(), _FIT)],
    )


@bp.route("/reports/<number>/exposure", methods=["GET", "POST"])
@require(Permission.ENTER_DESK)
def propose(number: str) -> ResponseReturnValue:
    """Draft the exposure of a case."""
    report = visible(number)
    demand(Permission.EXPOSE)
    if request.method == "GET":
        return _form(number, ExposureForm(expires_on=usual_end(now())))
    form = ExposureForm(plain_names(request.form))
    try:
        demand_fit(form)
        with transaction():
            new = NewExposure(form.words(), form.expires_on.data or local(now()).date())
            row = propose_exposure(visible(report.number), new, by=actor(), at=now())
            exposure_id = row.id
    except (InvalidFieldsError, ConflictError) as fault:
        if wants_json():
            return problem(fault)
        refusal = translated(fault) if left_to_say(form, fault) else ""
        return _form(number, form, refusal), fault.http_status
    flash(_("起草好了，等另一位同事审定。"))
    return redirect(url_for("desk.show_exposure", exposure_id=exposure_id), code=303)


@bp.get("/exposures/<int:exposure_id>")
@require(Permission.ENTER_DESK)
def show_exposure(exposure_id: int) -> ResponseReturnValue:
    """One exposure, as it will be or is read."""
    return _page(_seen(exposure_id))


@bp.post("/exposures/<int:exposure_id>/approve")
@require(Permission.ENTER_DESK)
def approve(exposure_id: int) -> ResponseReturnValue:
    """The second person lets it be seen."""

    def act(row: Exposure) -> None:
        approve_exposure(row, by=actor(), at=now())

    return _taken(exposure_id, act, N_("审定了，曝光台已经看得到。"))


@bp.post("/exposures/<int:exposure_id>/withdraw")
@require(Permission.ENTER_DESK)
def withdraw_exposed(exposure_id: int) -> ResponseReturnValue:
    """Take it back, with a reason."""
    form = WithdrawForm(plain_names(request.form))

    def act(row: Exposure) -> None:
        withdraw_exposure(row, form.reason.data or "", by=actor(), at=now())

    return _taken(exposure_id, act, N_("撤下了。"), withdraw=form)


@bp.post("/exposures/<int:exposure_id>/correction")
@require(Permission.ENTER_DESK)
def correct_exposed(exposure_id: int) -> ResponseReturnValue:
    """Propose other words, with a reason."""
    form = CorrectForm(plain_names(request.form))

    def act(row: Exposure) -> None:
        draft_correction(row, form.words(), form.reason.data or "", by=actor(), at=now())

    return _taken(exposure_id, act, N_("更正起草好了，等另一位同事审定。"), correct=form)


@bp.post("/exposures/<int:exposure_id>/correction/confirm")
@require(Permission.ENTER_DESK)
def confirm_corrected(exposure_id: int) -> ResponseReturnValue:
    """The second person lets the other words hold, or puts them aside."""
    if request.form.get("back"):
        return _taken(
            exposure_id,
            lambda row: return_correction(row, by=actor(), at=now()),
            N_("更正没有采用，公开的文字不变。"),
        )
    return _taken(
        exposure_id,
        lambda row: confirm_correction(row, by=actor(), at=now()),
        N_("更正好了，公开的文字已经换上。"),
    )


def _seen(exposure_id: int) -> Exposure:
    row = exposure_in_scope(actor(), exposure_id)
    if row is None:
        abort(404)
    return row


def _taken(
    exposure_id: int, act: Callable[[Exposure], None], words: str, **forms: Any
) -> ResponseReturnValue:
    _seen(exposure_id)
    try:
        for form in forms.values():
            demand_fit(form)
        with transaction():
            act(_seen(exposure_id))
    except (InvalidFieldsError, ConflictError) as fault:
        if wants_json():
            return problem(fault)
        left = [left_to_say(form, fault) for form in forms.values()]
        refusal = translated(fault) if any(left) or not forms else ""
        return _page(_seen(exposure_id), refusal, **forms), fault.http_status
    flash(_(words))
    return redirect(url_for("desk.show_exposure", exposure_id=exposure_id), code=303)


def _form(number: str, form: Any, refusal: str = "") -> str:
    report = visible(number)
    return render_template(
        "desk/exposure_new.html",
        report=report,
        form=form,
        may_be=is_exposable(report),
        problems=problems_of("exposure", form),
        refusal=refusal,
    )


def _page(row: Exposure, refusal: str = "", **sent: Any) -> str:
    stage, waiting = row.stage(local(now()).date()), waiting_correction(row.id)
    held = corrections_of(row.id)
    said = waiting.words if waiting else words_of(row).facts()
    reason = waiting.reason if waiting else ""
    forms = {
        "correct": CorrectForm(data={**said, "reason": reason}),
        "withdraw": WithdrawForm(),
        **sent,
    }
    people = {row.drafted_by_id, row.approved_by_id, row.withdrawn_by_id}
    people |= {one for each in held for one in (each.drafted_by_id, each.decided_by_id)}
    people |= {waiting.drafted_by_id} if waiting else set()
    return render_template(
        "desk/exposure.html",
        row=row,
        stage=stage,
        names=names_of({one for one in people if one is not None}),
        is_draft=stage is Stage.DRAFT,
        stands=stage in {Stage.LIVE, Stage.HIDDEN},
        who=actor().user_id,
        waiting=waiting,
        held=held,
        forms=forms,
        opened=next(iter(sent), ""),
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        refusal=refusal,
    )
