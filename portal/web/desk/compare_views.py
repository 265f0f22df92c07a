"""Two reports side by side: the same thing, or not."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Permission
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.workflow import allowed_actions
from portal.domain.triage.duplicates import are_told_apart, compare, take_back, tell_apart
from portal.domain.triage.services import UNFIT_MAINS
from portal.web.access import actor, require
from portal.web.desk import facts
from portal.web.desk.door import bp
from portal.web.desk.likenesses import marked, reasons
from portal.web.desk.offers import refuse_strangers
from portal.web.desk.report_views import visible


@bp.get("/reports/<number>/compare/<other>")
@require(Permission.ENTER_DESK)
def compare_reports(number: str, other: str) -> ResponseReturnValue:
    """What two reports have in common and what not, with the step that joins them."""
    one, two = _pair(number, other)
    texts = marked(one.description, two.description)
    joins = [join for join in (_join(one, two), _join(two, one)) if join]
    may_tell, apart = WORKFLOW[Action.MERGE].admits(actor()), are_told_apart(one, two)
    shortcuts = [("M", _("并案"))] if joins else []
    if may_tell and not apart:
        shortcuts.append(("N", _("不是同一件")))
    return render_template(
        "desk/compare.html",
        report=one,
        other=two,
        sides=[_side(one, texts[0]), _side(two, texts[1])],
        reasons=reasons(compare(one, two)),
        joins=joins,
        apart=apart,
        may_tell=may_tell,
        shortcuts=shortcuts,
    )


@bp.post("/reports/<number>/compare/<other>/apart")
@require(Permission.ENTER_DESK)
def tell_reports_apart(number: str, other: str) -> ResponseReturnValue:
    """Remember that they are two things."""
    one, two = _pair(number, other)
    refuse_strangers(one, Action.MERGE, actor())
    with transaction():
        tell_apart(one, two, by=actor(), at=now())
    flash(_("记下了：%(other)s不是同一件，不再提示。", other=two.number))
    return redirect(url_for("desk.show_report", number=one.number), code=303)


@bp.post("/reports/<number>/compare/<other>/again")
@require(Permission.ENTER_DESK)
def compare_again(number: str, other: str) -> ResponseReturnValue:
    """Forget that they were told apart."""
    one, two = _pair(number, other)
    refuse_strangers(one, Action.MERGE, actor())
    with transaction():
        take_back(one, two)
    flash(_("收回了，会再提示。"))
    return redirect(url_for("desk.compare_reports", number=one.number, other=two.number), code=303)


def _pair(number: str, other: str) -> tuple[Report, Report]:
    one, two = visible(number), visible(other)
    if one.id == two.id:
        abort(404)
    return one, two


def _side(report: Report, words: list[tuple[str, bool]]) -> dict[str, Any]:
    photos = [
        facts.photo_view(p, {}, {}) for p in photos_of(report) if p.kind == PhotoKind.EVIDENCE
    ]
    return {
        "report": report,
        "state": State(report.state),
        "words": words,
        "photos": [photo for photo in photos if photo["src"]],
        "facts": [*facts.place_facts(report), *facts.matter_facts(report, ())],
    }


def _join(report: Report, main: Report) -> dict[str, Any] | None:
    """Merging `report` into `main`, when both allow it."""
    if Action.MERGE not in allowed_actions(report, actor()) or State(main.state) in UNFIT_MAINS:
        return None
    return {"report": report, "main": main}
