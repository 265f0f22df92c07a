"""更正与异议 on the desk: hide at once, draft, and let a second person decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.wording import words_of
from portal.domain.objections.deciding import (
    confirm_answer,
    draft_answer,
    hide_now,
    return_draft,
)
from portal.domain.objections.models import ObjectionState, PublicObjection, Relation
from portal.domain.objections.queries import ObjectionView, objection_in_scope, objections
from portal.domain.publication.correcting import released_photos
from portal.domain.publication.models import PublicCopy
from portal.domain.reports.models import Photo, PhotoKind
from portal.domain.reports.vault import masked_contact_in
from portal.web.access import actor, require
from portal.web.desk.contest_forms import DraftExposedForm, DraftForm, HideExposedForm, HideForm
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.errors import problem, translated, wants_json
from portal.web.filters import day


@bp.get("/objections")
@require(Permission.ENTER_DESK, Permission.ANSWER_OBJECTION)
def objection_list() -> ResponseReturnValue:
    """What waits, what waits for a second person, and what was answered."""
    asked = request.args.get("view")
    view = next((one for one in ObjectionView if one == asked), ObjectionView.OPEN)
    tabs = [
        {
            "label": _(one.label),
            "href": url_for("desk.objection_list", view=one),
            "count": None,
            "current": one is view,
        }
        for one in ObjectionView
    ]
    return render_template("desk/objections.html", rows=objections(view, actor()), tabs=tabs)


@bp.get("/objections/<int:objection_id>")
@require(Permission.ENTER_DESK)
def show_objection(objection_id: int) -> ResponseReturnValue:
    """One objection beside what is published."""
    return _page(_seen(objection_id))


@bp.post("/objections/<int:objection_id>/hide")
@require(Permission.ENTER_DESK)
def hide_objected(objection_id: int) -> ResponseReturnValue:
    """Take it down now, before anything is decided."""
    row = _seen(objection_id)
    form = _of(HideForm if row.exposure is None else HideExposedForm, row)

    def act(row: PublicObjection) -> None:
        hide_now(row, form.part(), by=actor(), at=now())

    return _taken(objection_id, act, N_("已经撤下，答复以后再定。"), hide=form)


@bp.post("/objections/<int:objection_id>/draft")
@require(Permission.ENTER_DESK)
def draft_objection(objection_id: int) -> ResponseReturnValue:
    """Propose an answer."""
    row = _seen(objection_id)
    form = _of(DraftForm if row.exposure is None else DraftExposedForm, row)

    def act(row: PublicObjection) -> None:
        draft_answer(row, form.draft(), by=actor(), at=now())

    return _taken(objection_id, act, N_("答复起草好了，等另一位同事审定。"), draft=form)


@bp.post("/objections/<int:objection_id>/confirm")
@require(Permission.ENTER_DESK)
def confirm_objection(objection_id: int) -> ResponseReturnValue:
    """The second person lets the answer hold, or sends it back."""
    if request.form.get("back"):
        return _taken(
            objection_id,
            lambda row: return_draft(row, by=actor(), at=now()),
            N_("退回重新起草。"),
        )
    return _taken(
        objection_id,
        lambda row: confirm_answer(row, by=actor(), at=now()),
        N_("答复生效了，公开的内容已经按答复改好。"),
    )


def _seen(objection_id: int) -> PublicObjection:
    row = objection_in_scope(actor(), objection_id)
    if row is None:
        abort(404)
    return row


def _of(kind: type[Any], row: PublicObjection) -> Any:
    """The form as sent, offering the photos that are out."""
    form = kind(plain_names(request.form))
    _offer_photos(form, row)
    return form


def _offer_photos(form: Any, row: PublicObjection) -> None:
    if row.exposure is None:
        form.photos.choices = _photo_choices(row)


def _photo_choices(row: PublicObjection) -> list[tuple[str, str]]:
    shown = enumerate(released_photos(row.report), 1)
    return [(str(photo.id), f"{n} {_named(photo)}") for n, photo in shown]


def _named(photo: Photo) -> str:
    return f"{_(PhotoKind(photo.kind).label)} {day(photo.taken_at or photo.received_at)}"


def _taken(
    objection_id: int, act: Callable[[PublicObjection], None], words: str, **forms: Any
) -> ResponseReturnValue:
    """One step in one transaction; refusals bring the page back with what was typed."""
    _seen(objection_id)
    try:
        for form in forms.values():
            demand_fit(form)
        with transaction():
            act(_seen(objection_id))
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(objection_id, fault, **forms)
    flash(_(words))
    return redirect(url_for("desk.show_objection", objection_id=objection_id), code=303)


def _unfit(objection_id: int, fault: PortalError, **forms: Any) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    left = [left_to_say(form, fault) for form in forms.values()]
    refusal = translated(fault) if any(left) or not forms else ""
    return _page(_seen(objection_id), refusal=refusal, **forms), fault.http_status


def _page(row: PublicObjection, *, hide: Any = None, draft: Any = None, refusal: str = "") -> str:
    forms: dict[str, Any]
    if row.exposure is None:
        template, copy = "desk/objection.html", db.session.get(PublicCopy, row.report_id)
        text = copy.text if copy else ""
        more: dict[str, Any] = {"text": text, "photos": released_photos(row.report)}
        forms = {"hide": hide or HideForm(), "draft": draft or DraftForm(data=_drafted(row, text))}
    else:
        template, more = "desk/contest.html", _exposed(row, row.exposure)
        said = draft or DraftExposedForm(data=_drafted_exposed(row, row.exposure))
        forms = {"hide": hide or HideExposedForm(), "draft": said}
    for form in forms.values():
        _offer_photos(form, row)
    people = {row.drafted_by_id, row.decided_by_id} - {None}
    return render_template(
        template,
        row=row,
        contact=masked_contact_in(row, table=PublicObjection.__tablename__, row=row.id),
        names=names_of({one for one in people if one is not None}),
        is_own_draft=row.drafted_by_id == actor().user_id,
        is_drafted=row.standing is ObjectionState.DRAFTED,
        forms=forms,
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        refusal=refusal,
        **more,
    )


def _exposed(row: PublicObjection, exposure: Exposure) -> dict[str, Any]:
    stage = exposure.stage(local(now()).date())
    return {
        "exposure": exposure,
        "stage": stage,
        "stands": stage in {Stage.LIVE, Stage.HIDDEN},
        "relation": _(Relation(row.relation).label) if row.relation else "",
        "leads_on": actor().may(Permission.EXPOSE),
    }


def _drafted(row: PublicObjection, text: str) -> dict[str, Any]:
    """The draft as it stands, to go on from; else the published text, to be changed."""
    answer = row.answer
    if not answer:
        return {"text": text}
    photos = [str(one) for one in answer["photos"]]
    return {**_said(answer), "text": answer["text"] or text, "photos": photos}


def _drafted_exposed(row: PublicObjection, exposure: Exposure) -> dict[str, Any]:
    """The same for an exposure."""
    answer = row.answer
    if not answer:
        return words_of(exposure).facts()
    return {**_said(answer), **(answer["words"] or words_of(exposure).facts())}


def _said(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "result": "upheld" if answer["upheld"] else "refused",
        "reasons": answer["reasons"],
        "whole": ["1"] if answer["whole"] else [],
    }
