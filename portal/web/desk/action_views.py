"""Taking a step of the workflow: one view for every action of the table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import ConflictError, InvalidFieldsError, NotFoundError, PortalError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.desk_queries import Queue
from portal.domain.casework.scope import report_in_scope
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import Stored
from portal.domain.reports.proofs import GuardError, SeparationError
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.workflow import StaleFormError, WrongStateError
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case, typed_form
from portal.web.desk.door import bp
from portal.web.desk.faults import add_faults, faults_of
from portal.web.desk.fields import plain_names
from portal.web.desk.forms import ActionForm
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.listing import Listing, listing_said
from portal.web.desk.offers import refuse_strangers
from portal.web.desk.pages import Case, case_of
from portal.web.desk.queue_page import render_queue
from portal.web.desk.steps import STEP_NAMES, STEPS, DeskStep, Turn, actions_of, step_called
from portal.web.desk.story import title_of, who_did
from portal.web.errors import problem, wants_json


@dataclass
class Attempt:
    """One form on its way: what it wants, of which report, by whom."""

    name: str  # of the step: an action of the workflow, or TAKE_ON
    number: str
    who: Actor
    at: datetime
    form: ActionForm
    stored: list[Stored]

    @property
    def step(self) -> DeskStep:
        """Its form and what it runs."""
        return step_called(self.name)

    @property
    def action(self) -> Action:
        """The first move it makes."""
        return actions_of(self.name)[0]

    @property
    def words(self) -> str:
        """What is done, in words."""
        return _("、").join(_(action.label) for action in actions_of(self.name))

    @property
    def expected(self) -> int:
        """The version the form was opened with."""
        return int(self.form.version.data or 0)

    def kept(self) -> list[str]:
        """Keep the photos of a form that failed, once; returns their ids."""
        earlier = list(self.form.photo_ids.data)
        new = keep_photos(self.stored, PhotoKind.AFTER, self.who, self.at)
        self.stored = []
        return [*earlier, *new]


@bp.post("/reports/<number>/actions/<action>")
@require(Permission.ENTER_DESK)
def act(number: str, action: str) -> ResponseReturnValue:
    """Take one step: 303 to the case; 404, 403, 409 and 422 as contracts.md says."""
    who, at = actor(), now()
    report = report_in_scope(who, number)
    if report is None or action not in STEP_NAMES:
        abort(404)
    for move in actions_of(action):
        refuse_strangers(report, move, who)
    case = case_of(report, who, at)
    form = typed_form(step_called(action), case, plain_names(request.form))
    attempt = Attempt(action, report.number, who, at, form, [])
    try:
        _check(report, attempt)
        _run(attempt)
    except InvalidFieldsError as fault:
        return _unfit(case, attempt, fault)
    except (StaleFormError, WrongStateError) as fault:
        return _conflict(attempt, fault)
    except (GuardError, SeparationError) as fault:
        return _refused(attempt, fault)
    return _done(attempt)


def _check(report: Report, attempt: Attempt) -> None:
    """Version and state before the words: a stale form is never told to mend its fields."""
    if attempt.form.version.data is None:
        raise InvalidFieldsError.one("version", "required", N_("缺少版本号，请刷新后再试。"))
    if attempt.step.takes_photos:
        attempt.stored = store_files("after_photos")
    if attempt.expected != report.version:
        raise StaleFormError(N_("您打开后，有人改过这一件。"))
    if State(report.state) not in WORKFLOW[attempt.action].sources:
        raise WrongStateError(N_("这一件现在的状态不能做这一步。"))
    if not attempt.form.validate():
        raise faults_of(attempt.form)


def _run(attempt: Attempt) -> None:
    step, form, who, at = attempt.step, attempt.form, attempt.who, attempt.at
    with transaction():
        report = report_in_scope(who, attempt.number)
        if report is None:
            raise NotFoundError
        photos = []
        if step.takes_photos:
            kept = form.photo_ids.data
            photos = take_photos(attempt.stored, kept, PhotoKind.AFTER, who, at)
        step.run(report, form, Turn(attempt.expected, who, at, photos))


def _done(attempt: Attempt) -> ResponseReturnValue:
    report = report_in_scope(attempt.who, attempt.number)
    if wants_json():
        seen: dict[str, Any] = {"number": attempt.number}
        if report is not None:
            seen |= {"number": report.number, "state": report.state, "version": report.version}
        return jsonify(seen)
    listing = _came_from()
    if listing is not None:
        flash(_("%(number)s：已%(what)s。", number=attempt.number, what=attempt.words))
        return redirect(listing.url(open=request.form.get("then", "")), code=303)
    flash(_("已%(what)s。", what=attempt.words))
    if report is None:
        return redirect(url_for("desk.home"), code=303)
    return redirect(url_for("desk.show_report", number=report.number), code=303)


def _unfit(case: Case, attempt: Attempt, fault: InvalidFieldsError) -> ResponseReturnValue:
    """The page again, the form open, every input kept."""
    if wants_json():
        return problem(fault)
    if not any(one.errors for one in attempt.form):
        add_faults(attempt.form, fault)
    kept = attempt.kept()
    case = _case_now(attempt) or case
    sent = Sent(attempt.name, attempt.form, kept=kept)
    return _again(case, attempt, sent), fault.http_status


def _came_from() -> Listing | None:
    """The list beside which the form stood; None when it stood on the report's own page."""
    return listing_said(request.form.get("back", ""))


def _again(case: Case, attempt: Attempt, sent: Sent) -> str:
    """The page the form stood on, with the form."""
    listing = _came_from()
    if listing is None and attempt.name in set(STEPS):
        return render_case(case, sent)
    listing = listing or Listing(Queue.ALL, {})
    return render_queue(listing.beside(case.report.number), attempt.who, attempt.at, sent)


def _refused(attempt: Attempt, fault: PortalError) -> ResponseReturnValue:
    """A fact the step needs does not hold: say which, and keep the form."""
    if wants_json():
        return problem(fault)
    kept = attempt.kept()
    case = _case_now(attempt)
    if case is None:
        abort(404)
    sent = Sent(attempt.name, attempt.form, fault, kept)
    return _again(case, attempt, sent), fault.http_status


def _conflict(attempt: Attempt, fault: ConflictError) -> ResponseReturnValue:
    """Both versions: what was typed, and what the report says now and who changed it since."""
    if wants_json():
        return problem(fault)
    kept = attempt.kept()
    case = _case_now(attempt)
    if case is None:
        abort(404)
    given = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name.removesuffix("[]") not in {"csrf_token", "version", "photo_ids"}
    ]
    page = render_template(
        "desk/stale.html",
        case=case,
        report=case.report,
        state=State(case.report.state),
        action=attempt.name,
        label=attempt.words,
        since=_since(case, attempt.expected),
        typed=attempt.form.lines(),
        given=[*given, *(("photo_ids", upload_id) for upload_id in kept)],
        kept=kept,
        can_retry=case.offer(attempt.action) is not None,
        is_stale=isinstance(fault, StaleFormError),
    )
    return page, fault.http_status


def _since(case: Case, version: int) -> list[dict[str, Any]]:
    """What happened after `version`: each move made one version."""
    moves = [event for event in case.events if event.kind in set(Action)]
    return [
        {"title": title_of(event), "who": who_did(event, case.told), "at": event.at}
        for event in moves[version:]
    ]


def _case_now(attempt: Attempt) -> Case | None:
    report = report_in_scope(attempt.who, attempt.number)
    return case_of(report, attempt.who, attempt.at) if report else None
