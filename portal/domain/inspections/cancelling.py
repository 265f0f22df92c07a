"""Taking a draft back: the week has no inspection, or another list drawn with another seed.

A second chance in the lottery is never silent: the draft stays with its seed, its list and the
reason, an event is sealed into the public log, and the finished week says how often it was redrawn.
"""

from __future__ import annotations

from datetime import datetime

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.inspections.models import Inspection, Stage
from portal.domain.inspections.planning import (
    InspectionError,
    Plan,
    demand,
    lock,
    people_to_send,
    plan_inspection,
)
from portal.domain.timeline.services import Happening, record_event

SUBJECT = "inspection"


def cancel_inspection(inspection: Inspection, reason: str, *, by: Actor, at: datetime) -> None:
    """Take a draft back with a reason.

    Raises NotAllowedError, InspectionError (started already), InvalidFieldsError (no reason).
    """
    _cancel(inspection, reason, by, at)
    _tell(inspection, None, by, at)


def redraw_inspection(
    inspection: Inspection, reason: str, seed: str, *, by: Actor, at: datetime
) -> Inspection:
    """Take a draft back and plan its week anew, by the same plan. Raises as `cancel_inspection`."""
    _cancel(inspection, reason, by, at)
    fit = {person.id for person in people_to_send()}
    ids = [person.id for person in inspection.inspectors if person.id in fit] or [by.staff_id]
    plan = Plan(ids, inspection.draw_size, inspection.most_overdue)
    other = plan_inspection(inspection.monday, plan, seed, by=by, at=at)
    _tell(inspection, other, by, at)
    return other


def _cancel(inspection: Inspection, reason: str, by: Actor, at: datetime) -> None:
    demand(by, Permission.PLAN_INSPECTION)
    lock(inspection)
    if inspection.stage is not Stage.DRAFT:
        raise InspectionError(N_("督查已经开始，不能再取消。"))
    words = reason.strip()
    if not words:
        raise InvalidFieldsError.one("reason", "required", N_("这里要写明。"))
    inspection.cancelled_at, inspection.cancelled_by_id = at, by.staff_id
    inspection.cancel_reason = words
    db.session.flush()


def _tell(inspection: Inspection, other: Inspection | None, by: Actor, at: datetime) -> None:
    data = {"monday": inspection.monday.isoformat(), "seed": inspection.seed}
    data |= {"next_seed": other.seed} if other else {}
    actor = (by.kind, by.user_id, by.department_id)
    record_event(Happening(SUBJECT, inspection.id, "inspection_cancelled", at, *actor, data=data))
