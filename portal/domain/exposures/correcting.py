"""Putting an exposure right: other words drafted by one and let hold by another; or hidden a while.

Objections use the lower half: what they decide was decided by two people already.
"""

from __future__ import annotations

from datetime import datetime

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.exposures.happenings import (
    tell_corrected,
    tell_correcting,
    tell_hidden,
    tell_returned,
    tell_shown,
)
from portal.domain.exposures.models import Exposure, ExposureCorrection, Stage
from portal.domain.exposures.queries import waiting_correction
from portal.domain.exposures.services import ExposureError, lock_exposure
from portal.domain.exposures.wording import Wording, wording_from, words_of, write_words
from portal.domain.reports.proofs import SeparationError

_STANDING = frozenset({Stage.LIVE, Stage.HIDDEN})


def draft_correction(
    row: Exposure, words: Wording, reason: str, *, by: Actor, at: datetime
) -> ExposureCorrection:
    """Propose other words; a draft that waits is replaced.

    Raises NotAllowedError, ExposureError (it does not stand), InvalidFieldsError (nothing changes).
    """
    lock_exposure(row, by)
    if row.stage(local(at).date()) not in _STANDING:
        raise ExposureError(N_("只有正在曝光的才能更正。"))
    new = words.redacted()
    if new == words_of(row):
        raise InvalidFieldsError.one("text", "same", N_("和现在公开的一样，没有要改的。"))
    _put_aside(row, by, at)
    draft = ExposureCorrection(
        exposure_id=row.id,
        words=new.facts(),
        reason=reason,
        drafted_at=at,
        drafted_by_id=by.staff_id,
    )
    db.session.add(draft)
    db.session.flush()
    tell_correcting(row, draft, by, at)
    return draft


def confirm_correction(row: Exposure, *, by: Actor, at: datetime) -> None:
    """Let the draft hold: the page says so from now on. Raises as `return_correction`."""
    draft = _waiting(row, by, at)
    if draft.drafted_by_id == by.user_id:
        raise SeparationError(N_("起草更正的人不能自己审定。"))
    _hold(row, draft, by, at)


def return_correction(row: Exposure, *, by: Actor, at: datetime) -> None:
    """Put the draft aside; whoever wrote it may, too.

    Raises NotAllowedError, ExposureError (none waits, or it does not stand any more).
    """
    _waiting(row, by, at)
    _put_aside(row, by, at)


def rectify_exposure(
    row: Exposure, words: Wording, reason: str, *, drafter_id: int, by: Actor, at: datetime
) -> None:
    """Change the words for good, as drafted by one and decided by another."""
    draft = ExposureCorrection(
        exposure_id=row.id,
        words=words.redacted().facts(),
        reason=reason,
        drafted_at=at,
        drafted_by_id=drafter_id,
    )
    db.session.add(draft)
    _hold(row, draft, by, at)


def hide_exposure(row: Exposure, *, by: Actor, at: datetime) -> None:
    """Take it from the public until further notice."""
    row.hidden_at = row.hidden_at or at
    db.session.flush()
    tell_hidden(row, by, at)


def show_exposure(row: Exposure, *, by: Actor, at: datetime) -> None:
    """Let it be seen again; its time has run on meanwhile."""
    if row.hidden_at is None:
        return
    row.hidden_at = None
    db.session.flush()
    tell_shown(row, by, at)


def _waiting(row: Exposure, by: Actor, at: datetime) -> ExposureCorrection:
    lock_exposure(row, by)
    draft = waiting_correction(row.id)
    if draft is None:
        raise ExposureError(N_("没有等着审定的更正。"))
    if row.stage(local(at).date()) not in _STANDING:
        raise ExposureError(N_("只有正在曝光的才能更正。"))
    return draft


def _put_aside(row: Exposure, by: Actor, at: datetime) -> None:
    draft = waiting_correction(row.id)
    if draft is not None:
        draft.decided_at, draft.decided_by_id = at, by.staff_id
        db.session.flush()
        tell_returned(row, draft, by, at)


def _hold(row: Exposure, draft: ExposureCorrection, by: Actor, at: datetime) -> None:
    draft.before = words_of(row).facts()
    draft.decided_at, draft.decided_by_id, draft.holds = at, by.staff_id, True
    write_words(row, wording_from(draft.words))
    row.corrected_at = at
    db.session.flush()
    tell_corrected(row, draft, by, at)
