"""What an objection does to an exposure: hides it, changes its words, or takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.core.clock import local
from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.exposures.correcting import hide_exposure, rectify_exposure, show_exposure
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.services import take_back
from portal.domain.exposures.wording import Wording, wording_from, words_of
from portal.domain.objections.models import PublicObjection
from portal.domain.objections.queries import other_open_objections


def hide_exposed(objection: PublicObjection, *, by: Actor, at: datetime) -> None:
    """Take the exposure down until the answer."""
    row = _exposure(objection)
    objection.is_copy_hidden = True
    db.session.flush()
    if row.hidden_at is None:
        hide_exposure(row, by=by, at=at)


def exposed_changes(row: Exposure, words: Wording | None, *, whole: bool) -> dict[str, Any]:
    """What an answer would change of an exposure; words as they stand are no change."""
    new = words.redacted() if words else words_of(row)
    return {"words": new.facts() if new != words_of(row) else {}, "whole": whole}


def settle_exposed(objection: PublicObjection, *, by: Actor, at: datetime) -> None:
    """Do what the answer says. What has ended meanwhile is only shown no more."""
    row, answer = _exposure(objection), objection.answer
    is_hidden_for_others = any(one.is_copy_hidden for one in other_open_objections(objection))
    if objection.is_copy_hidden and not is_hidden_for_others:
        show_exposure(row, by=by, at=at)
    is_over = row.stage(local(at).date()) in {Stage.EXPIRED, Stage.WITHDRAWN}
    if answer["upheld"] and not is_over:
        _put_right(row, answer, objection.drafted_by_id or by.staff_id, by, at)


def _put_right(
    row: Exposure, answer: Mapping[str, Any], drafter_id: int, by: Actor, at: datetime
) -> None:
    reason = answer["reasons"]
    if answer["words"]:
        words = wording_from(answer["words"])
        rectify_exposure(row, words, reason, drafter_id=drafter_id, by=by, at=at)
    if answer["whole"]:
        take_back(row, reason, by=by, at=at)


def _exposure(objection: PublicObjection) -> Exposure:
    row = db.session.get_one(Exposure, objection.exposure_id)
    db.session.refresh(row, with_for_update={"of": Exposure})
    return row
