"""Reading objections: one's own with its code, and the desk's list."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, false, func, select, true

from portal.core.crypto import hmac_code, is_same
from portal.core.db import db
from portal.core.ids import read_code
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.scope import is_visible
from portal.domain.objections.filing import CODE_PURPOSE
from portal.domain.objections.models import ObjectionState, PublicObjection
from portal.domain.reports.models import Report
from portal.domain.reports.vault import lookup_key

_NOBODY = "0" * 64
_CLOSED = (ObjectionState.UPHELD, ObjectionState.REFUSED)


class ObjectionView(StrEnum):
    """The lists of the desk."""

    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    ANSWERED = "answered"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _VIEW_LABELS[self]


_VIEW_LABELS = {
    ObjectionView.OPEN: N_("待答复"),
    ObjectionView.TO_CONFIRM: N_("待审定"),
    ObjectionView.ANSWERED: N_("已答复"),
}


def objection_number(typed: str) -> str:
    """A number as somebody typed it: its letters and digits."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())[:32]


def objection_by_code(number: str, code: str) -> PublicObjection | None:
    """The objection whose number and code fit together; the same work for unknown numbers."""
    wanted = PublicObjection.number == objection_number(number)
    # Only what is compared: reading all of it would tell known numbers by their time.
    query = select(PublicObjection.id, PublicObjection.code_mac).where(wanted)
    found = db.session.execute(query).first()
    given = hmac_code(read_code(code) or "", lookup_key(), CODE_PURPOSE)
    if not is_same(given, found.code_mac if found else _NOBODY) or found is None:
        return None
    return db.session.get_one(PublicObjection, found.id)


def objections(view: ObjectionView, actor: Actor, limit: int = 200) -> list[PublicObjection]:
    """What the caller sees of a list: the earliest due first, answered ones the newest first."""
    query = _seen(actor).where(_in_view(view))
    newest = PublicObjection.decided_at.desc()
    order = newest if view is ObjectionView.ANSWERED else PublicObjection.due_at
    return list(db.session.scalars(query.order_by(order, PublicObjection.id).limit(limit)))


def objection_in_scope(actor: Actor, objection_id: int) -> PublicObjection | None:
    """One objection, if the caller sees its case and answers objections."""
    return db.session.scalar(_seen(actor).where(PublicObjection.id == objection_id))


def other_open_objections(objection: PublicObjection) -> list[PublicObjection]:
    """Those to the same case, or to the same exposure, that are not answered yet."""
    query = select(PublicObjection).where(
        PublicObjection.report_id == objection.report_id,
        PublicObjection.exposure_id == objection.exposure_id,
        PublicObjection.id != objection.id,
        PublicObjection.stands.not_in(_CLOSED),
    )
    return list(db.session.scalars(query))


def waiting_objections(actor: Actor, at: datetime) -> tuple[int, int]:
    """How many are not answered, and how many of them are late."""
    total, late = db.session.execute(select(*objections_waiting(actor, at))).one()
    return total, late


def objections_waiting(actor: Actor, at: datetime) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The same, to be counted together with something else."""
    is_waiting = PublicObjection.stands.not_in(_CLOSED)
    count = select(func.count()).select_from(PublicObjection).join(PublicObjection.report)
    count = count.where(and_(is_waiting, _right(actor), is_visible(actor)))
    late = count.where(PublicObjection.due_at < at)
    return count.scalar_subquery(), late.scalar_subquery()


def _seen(actor: Actor) -> Select[PublicObjection]:
    return select(PublicObjection).join(Report).where(_right(actor), is_visible(actor))


def _right(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.may(Permission.ANSWER_OBJECTION) else false()


def _in_view(view: ObjectionView) -> ColumnElement[bool]:
    if view is ObjectionView.ANSWERED:
        return PublicObjection.stands.in_(_CLOSED)
    state = ObjectionState.OPEN if view is ObjectionView.OPEN else ObjectionState.DRAFTED
    return PublicObjection.stands == state
