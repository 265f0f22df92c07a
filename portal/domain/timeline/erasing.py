"""Erasing what events say, where the law or a person asks for it; that they happened stays.

The public log goes on holding the commitment, whose nonce is destroyed: nobody can open it or test
a guess against it any more, and the tree over it stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update

from portal.core.db import db
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.services import Happening, record_event

KIND = "payload_erased"


def erase_payloads(
    events: Collection[TimelineEvent], reason: str, *, actor_id: int | None, at: datetime
) -> None:
    """Empty what these events say and destroy their nonces; an event of each subject says so.

    `reason` names the ground (retention, forget), never a person. Erasing an event that nothing
    names would be found by `flask audit verify`.
    """
    db.session.flush()
    ids = sorted(event.id for event in events)
    db.session.execute(
        update(TimelineEvent).where(TimelineEvent.id.in_(ids)).values(data={}, nonce=None)
    )
    for kind, subject_id in sorted({(e.subject_kind, e.subject_id) for e in events}):
        its = [e.id for e in events if (e.subject_kind, e.subject_id) == (kind, subject_id)]
        said = {"events": sorted(its), "reason": reason}
        by = "staff" if actor_id else "system"
        record_event(Happening(kind, subject_id, KIND, at, by, actor_id, data=said))
    for event in events:
        db.session.expire(event)
