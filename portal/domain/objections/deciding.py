"""Answering an objection: one drafts, another decides; what cannot wait is taken down at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.core.db import db
from portal.core.errors import ConflictError, InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.models import Objection
from portal.domain.exposures.wording import Wording
from portal.domain.objections.exposed import exposed_changes, hide_exposed, settle_exposed
from portal.domain.objections.models import ObjectionState, PublicObjection
from portal.domain.objections.queries import other_open_objections
from portal.domain.publication.correcting import (
    Part,
    Rectification,
    hide_part,
    rectify_copy,
    show_part,
)
from portal.domain.publication.models import PublicCopy
from portal.domain.reports.proofs import SeparationError
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event


class AnsweredError(ConflictError):
    """It has been answered, or somebody else was quicker."""

    code = "answered"


@dataclass(frozen=True)
class Draft:
    """A proposed answer. Upheld needs something that changes: text, photos, or the whole copy.

    `words` in the place of text and photos where an exposure is objected to.
    """

    is_upheld: bool
    reasons: str
    text: str = ""
    photos: Sequence[int] = ()
    whole: bool = False
    words: Wording | None = None


def hide_now(objection: PublicObjection, part: Part, *, by: Actor, at: datetime) -> None:
    """Take photos, the whole copy or the exposure down until the answer.

    Raises NotAllowedError, AnsweredError, InvalidFieldsError (nothing was chosen).
    """
    _lock(objection, by)
    if objection.exposure is not None:
        hide_exposed(objection, by=by, at=at)
        return
    if not part.photos and not part.whole:
        raise InvalidFieldsError.one("photos", "required", N_("请选要先撤下的照片，或者全文。"))
    hide_part(objection.report, part, by=by, at=at)
    objection.hidden_photos = sorted({*objection.hidden_photos, *part.photos})
    objection.is_copy_hidden = objection.is_copy_hidden or part.whole
    db.session.flush()


def draft_answer(objection: PublicObjection, draft: Draft, *, by: Actor, at: datetime) -> None:
    """Propose an answer; an earlier draft is replaced. Raises as `hide_now`."""
    _lock(objection, by)
    if objection.exposure is None:
        changes = _changes(objection, draft)
    else:
        changes = exposed_changes(objection.exposure, draft.words, whole=draft.whole)
    if draft.is_upheld and not any(changes.values()):
        raise InvalidFieldsError.one(
            "text", "required", N_("异议成立，就要改文字、撤照片，或者撤下全文。")
        )
    kept = changes if draft.is_upheld else {name: type(one)() for name, one in changes.items()}
    objection.answer = {"upheld": draft.is_upheld, "reasons": draft.reasons, **kept}
    objection.stands = ObjectionState.DRAFTED
    objection.drafted_at, objection.drafted_by_id = at, by.staff_id
    db.session.flush()
    _tell(objection, "objection_drafted", by, at)


def return_draft(objection: PublicObjection, *, by: Actor, at: datetime) -> None:
    """The second person sends the draft back. Raises as `confirm_answer`."""
    _second_person(objection, by)
    objection.stands = ObjectionState.OPEN
    db.session.flush()
    _tell(objection, "objection_returned", by, at)


def confirm_answer(objection: PublicObjection, *, by: Actor, at: datetime) -> None:
    """Let the draft hold: what it says is put right, what was taken down for nothing comes back.

    Raises NotAllowedError, AnsweredError, SeparationError (whoever drafted it).
    """
    _second_person(objection, by)
    answer: Mapping[str, Any] = objection.answer
    if objection.exposure is None:
        _settle_copy(objection, by, at)
    else:
        settle_exposed(objection, by=by, at=at)
    objection.hidden_photos, objection.is_copy_hidden = [], False
    objection.stands = ObjectionState.UPHELD if answer["upheld"] else ObjectionState.REFUSED
    objection.decided_at, objection.decided_by_id = at, by.staff_id
    barrier = db.session.get_one(Objection, objection.objection_id)
    barrier.closed_at = at
    db.session.flush()
    _tell(objection, "objection_answered", by, at)


def _changes(objection: PublicObjection, draft: Draft) -> dict[str, Any]:
    """What the answer would change of the copy; a text as it stands is no change."""
    copy, text = db.session.get(PublicCopy, objection.report_id), draft.text.strip()
    changed = text if copy is not None and text != copy.text else ""
    return {"text": changed, "photos": sorted(draft.photos), "whole": draft.whole}


def _settle_copy(objection: PublicObjection, by: Actor, at: datetime) -> None:
    answer: Mapping[str, Any] = objection.answer
    hidden = Part(tuple(objection.hidden_photos), objection.is_copy_hidden)
    show_part(objection.report, hidden, besides=_hidden_for_others(objection), by=by, at=at)
    if answer["upheld"]:
        text = answer["text"] or None
        wanted = Rectification(text, tuple(answer["photos"]), answer["whole"])
        rectify_copy(objection.report, wanted, by=by, at=at)


def _hidden_for_others(objection: PublicObjection) -> Part:
    """What other objections to the same case, not answered yet, had taken down."""
    others = other_open_objections(objection)
    photos = {photo for one in others for photo in one.hidden_photos}
    return Part(tuple(sorted(photos)), any(one.is_copy_hidden for one in others))


def _lock(objection: PublicObjection, by: Actor) -> None:
    """Nobody else answers meanwhile."""
    if not by.may(Permission.ANSWER_OBJECTION):
        raise NotAllowedError
    db.session.refresh(objection, with_for_update={"of": PublicObjection})
    if objection.standing.is_closed:
        raise AnsweredError(N_("这件异议已经答复过了。"))


def _second_person(objection: PublicObjection, by: Actor) -> None:
    _lock(objection, by)
    if objection.standing is not ObjectionState.DRAFTED:
        raise AnsweredError(N_("还没有起草的答复。"))
    if objection.drafted_by_id == by.user_id:
        raise SeparationError(N_("起草答复的人不能自己审定。"))


def _tell(objection: PublicObjection, kind: str, by: Actor, at: datetime) -> None:
    data = {"objection": objection.number, "state": objection.stands}
    actor = (by.kind, by.user_id, by.department_id)
    record_event(Happening(SUBJECT, objection.report_id, kind, at, *actor, data=data))
