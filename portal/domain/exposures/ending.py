"""Exposures end by themselves: when their last day is over the portal takes them down, once."""

from __future__ import annotations

from datetime import datetime

from portal.core.clock import local
from portal.core.db import db
from portal.domain.accounts.actor import SYSTEM
from portal.domain.exposures.happenings import tell_ended
from portal.domain.exposures.models import Exposure


def end_exposure(row: Exposure, at: datetime) -> bool:
    """Put on record that its time is over; False when it was, or while it is not.

    The event is of the moment it was noticed: nothing is backdated. it says which day was the last.
    """
    db.session.refresh(row, with_for_update={"of": Exposure})
    is_standing = row.approved_at and not row.withdrawn_at and not row.ended_at
    if not is_standing or row.expires_on >= local(at).date():
        return False
    row.ended_at = at
    db.session.flush()
    tell_ended(row, SYSTEM, at)
    return True
