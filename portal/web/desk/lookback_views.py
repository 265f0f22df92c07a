"""Going back to look: the list, the form that is filled in on site, the star, the share drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotFoundError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.lookback.models import LookBack, Outcome
from portal.domain.lookback.queries import (
    draws,
    look_back_in_scope,
    look_backs_done,
    look_backs_to_do,
)
from portal.domain.lookback.sampling import percent_for, set_percent
from portal.domain.lookback.starring import star_report
from portal.domain.lookback.visiting import Seen, check_may_visit, record_visit
from portal.domain.reports.models import PhotoKind
from portal.domain.reports.photos import Stored
from portal.domain.reports.proofs import GuardError
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.lookback_facts import (
    draw_view,
    look_back_view,
    may_read,
    rows_of,
    split_by_due,
)
from portal.web.desk.lookback_forms import ShareForm, VisitForm
from portal.web.desk.report_views import again, demand, visible
from portal.web.errors import problem, translated, wants_json

_SAID = {
    Outcome.PASSED: lambda: _("记下了：没有反弹。举报人会看到。"),
    Outcome.FAILED: lambda: _("记下了：又反弹了。案件已经重新办理，举报人会看到。"),
    Outcome.UNDETERMINED: lambda: _("记下了：看不清。这次回头看还在，请再去一次。"),
}


@dataclass(frozen=True)
class Attempt:
    """A form that came in and was not taken: its photos are kept, and why it was refused."""

    form: VisitForm
    kept: list[str] = field(default_factory=list)
    fault: PortalError | None = None


@bp.get("/lookbacks")
@require(Permission.ENTER_DESK)
def look_backs() -> ResponseReturnValue:
    """What I may go and look at, by due day; what was found lately; the draws."""
    return _list_page(ShareForm())


@bp.get("/lookbacks/<int:look_back_id>")
@require(Permission.ENTER_DESK)
def look_back(look_back_id: int) -> ResponseReturnValue:
    """One look-back: the pictures of the case, and the form while it is open."""
    return _form_page(look_back_seen(look_back_id), Attempt(VisitForm()))


@bp.post("/lookbacks/<int:look_back_id>")
@require(Permission.ENTER_DESK)
def visit_place(look_back_id: int) -> ResponseReturnValue:
    """Put a visit on record; 422 keeps what was typed and sent."""
    check_may_visit(look_back_seen(look_back_id).report, actor())
    who, at = actor(), now()
    form = VisitForm(plain_names(request.form))
    stored: list[Stored] = []
    try:
        stored = store_files("photos", "camera")
        demand_fit(form)
        outcome = Outcome(form.outcome.data)
        with transaction():
            row = look_back_in_scope(who, look_back_id)
            if row is None:
                raise NotFoundError
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.LOOKBACK, who, at)
            seen = Seen(outcome, form.note.data or "", photos, form.spot())
            record_visit(row, seen, by=who, at=at)
    except (InvalidFieldsError, GuardError) as fault:
        kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.LOOKBACK, who, at)]
        return _unfit(look_back_id, form, fault, kept)
    flash(_SAID[outcome](), "amber" if outcome is Outcome.FAILED else "")
    return redirect(url_for("desk.look_backs"), code=303)


@bp.post("/lookbacks/share")
@require(Permission.SET_SAMPLE_RATE)
def set_share() -> ResponseReturnValue:
    """Set how many of a hundred cases are drawn, from this month on."""
    form = ShareForm(request.form)
    if not form.validate():
        return _list_page(form), 422
    with transaction():
        set_percent(form.percent.data or 0, by=actor(), at=now())
    flash(_("抽查比例改好了，从这个月销号的案件起算。"))
    return redirect(url_for("desk.look_backs"), code=303)


@bp.post("/reports/<number>/star")
@require(Permission.ENTER_DESK)
def star(number: str) -> ResponseReturnValue:
    """Make a case a key case, or an ordinary one again."""
    visible(number)
    demand(Permission.STAR_REPORT)
    starred = request.form.get("starred") == "1"
    with transaction():
        report = again(number)
        star_report(report, starred=starred, by=actor(), at=now())
    flash(_("定为重点件了，销号后必须回头看。") if starred else _("不再是重点件。"))
    return redirect(url_for("desk.show_report", number=report.number), code=303)


def _list_page(form: ShareForm) -> str:
    who, at = actor(), now()
    if not may_read(who):
        abort(403)
    soon, later = split_by_due(look_backs_to_do(who), at)
    oversees = who.may(Permission.SET_SAMPLE_RATE)
    return render_template(
        "desk/lookbacks.html",
        soon=rows_of(soon, at),
        later=rows_of(later, at),
        done=rows_of(look_backs_done(who), at),
        goes=who.may(Permission.LOOK_BACK),
        draws=[draw_view(draw) for draw in draws()],
        share=percent_for(at.date()),
        form=form if oversees else None,
    )


def look_back_seen(look_back_id: int) -> LookBack:
    """The look-back, if the caller reads look-backs and sees its case; 404 otherwise."""
    row = look_back_in_scope(actor(), look_back_id)
    if row is None or not may_read(actor()):
        abort(404)
    return row


def _form_page(row: LookBack, attempt: Attempt) -> str:
    hindrance = ""
    try:
        check_may_visit(row.report, actor())
    except PortalError as fault:
        hindrance = translated(fault)
    form = attempt.form
    return render_template(
        "desk/lookback.html",
        r=look_back_view(row, now()),
        form=form,
        kept=attempt.kept,
        hindrance=hindrance,
        refusal=translated(attempt.fault) if attempt.fault else "",
        problems=problems_of("visit", form),
    )


def _unfit(
    look_back_id: int, form: VisitForm, fault: PortalError, kept: list[str]
) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    refused = left_to_say(form, fault)
    page = _form_page(look_back_seen(look_back_id), Attempt(form, kept, refused))
    return page, fault.http_status
