"""更正与异议 on the desk: hide at once, draft, and let a second person decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.core.text import N_
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.objections.deciding import (
    Draft,
    confirm_answer,
    draft_answer,
    hide_now,
    return_draft,
)
from portal.domain.objections.models import ObjectionState, PublicObjection
from portal.domain.objections.queries import ObjectionView, objection_in_scope, objections
from portal.domain.publication.correcting import Part, released_photos
from portal.domain.publication.models import PublicCopy
from portal.domain.reports.models import Photo, PhotoKind
from portal.domain.reports.vault import masked_contact_in
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import ChoiceField, ChoicesField, LinesField, plain_names, text_field
from portal.web.errors import problem, translated, wants_json
from portal.web.filters import day

_RESULTS = (("upheld", N_("成立")), ("refused", N_("不成立")))
_WHOLE = (("1", N_("撤下全文")),)


class HideForm(Form):
    """What is taken down until the answer."""

    photos = ChoicesField(N_("先撤下哪几张"))
    whole = ChoicesField(N_("全文"), choices=_WHOLE)
    photo_ids = LinesField(N_("已上传的照片"), 40)  # takes the faults of what has no input


class DraftForm(Form):
    """The proposed answer, and what changes with it."""

    result = ChoiceField(N_("异议成立吗"), choices=_RESULTS)
    reasons = text_field(N_("给对方的答复"), 5, 1000)
    text = text_field(N_("改正后的公开文字"), 0, 2000)
    photos = ChoicesField(N_("撤下哪几张"))
    whole = ChoicesField(N_("全文"), choices=_WHOLE)
    photo_ids = LinesField(N_("已上传的照片"), 40)


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
    form = _of(HideForm, _seen(objection_id))

    def act(row: PublicObjection) -> None:
        part = Part(tuple(map(int, form.photos.data)), bool(form.whole.data))
        hide_now(row, part, by=actor(), at=now())

    return _taken(objection_id, act, N_("已经撤下，答复以后再定。"), hide=form)


@bp.post("/objections/<int:objection_id>/draft")
@require(Permission.ENTER_DESK)
def draft_objection(objection_id: int) -> ResponseReturnValue:
    """Propose an answer."""
    form = _of(DraftForm, _seen(objection_id))

    def act(row: PublicObjection) -> None:
        draft = Draft(
            is_upheld=form.result.data == "upheld",
            reasons=form.reasons.data or "",
            text=form.text.data or "",
            photos=tuple(map(int, form.photos.data)),
            whole=bool(form.whole.data),
        )
        draft_answer(row, draft, by=actor(), at=now())

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
    form.photos.choices = _photo_choices(row)
    return form


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


def _page(
    row: PublicObjection,
    *,
    hide: HideForm | None = None,
    draft: DraftForm | None = None,
    refusal: str = "",
) -> str:
    who, copy = actor(), db.session.get(PublicCopy, row.report_id)
    text = copy.text if copy else ""
    if draft is None:
        draft = DraftForm(data=_drafted(row, text))
    forms: dict[str, Any] = {"hide": hide or HideForm(), "draft": draft}
    for form in forms.values():
        form.photos.choices = _photo_choices(row)
    people = {row.drafted_by_id, row.decided_by_id} - {None}
    return render_template(
        "desk/objection.html",
        row=row,
        text=text,
        photos=released_photos(row.report),
        contact=masked_contact_in(row, table=PublicObjection.__tablename__, row=row.id),
        names=names_of({one for one in people if one is not None}),
        is_own_draft=row.drafted_by_id == who.user_id,
        is_drafted=row.standing is ObjectionState.DRAFTED,
        forms=forms,
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        refusal=refusal,
    )


def _drafted(row: PublicObjection, text: str) -> dict[str, Any]:
    """The draft as it stands, to go on from; else the published text, to be changed."""
    answer = row.answer
    if not answer:
        return {"text": text}
    return {
        "result": "upheld" if answer["upheld"] else "refused",
        "reasons": answer["reasons"],
        "text": answer["text"] or text,
        "photos": [str(one) for one in answer["photos"]],
        "whole": ["1"] if answer["whole"] else [],
    }
