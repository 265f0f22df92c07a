"""Putting pressure into the history of a case. None of it is public: public orders have a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.domain.accounts.actor import Actor
from portal.domain.reports.models import Report
from portal.domain.reports.workflow import SUBJECT
from portal.domain.supervision.models import SupervisionOrder, Talk, Urge
from portal.domain.timeline.services import Happening, record_event


def tell_urged(report: Report, urge: Urge, *, by: Actor) -> None:
    """The lead was reminded."""
    _record(report, "urged", by, urge.at, {"urge": urge.id, "words": urge.words})


def tell_issued(report: Report, order: SupervisionOrder, *, by: Actor) -> None:
    """An order was issued."""
    _record(report, "order_issued", by, order.issued_at, _data(order))


def tell_answered(order: SupervisionOrder, *, by: Actor, at: datetime) -> None:
    """The unit answered."""
    _record(order.report, "order_answered", by, at, {**_data(order), "words": order.answer})


def tell_lifted(order: SupervisionOrder, *, by: Actor, at: datetime) -> None:
    """An order was lifted."""
    _record(order.report, "order_lifted", by, at, {**_data(order), "words": order.lift_reason})


def tell_talked(report: Report, talk: Talk, *, by: Actor) -> None:
    """A talk was put on record."""
    data = {"talk": talk.id, "post": talk.person_post, "on": talk.held_on.isoformat()}
    _record(report, "talked", by, talk.recorded_at, data)


def _data(order: SupervisionOrder) -> dict[str, Any]:
    return {"order": order.id, "number": order.number, "level": order.level}


def _record(report: Report, kind: str, by: Actor, at: datetime, data: Mapping[str, Any]) -> None:
    actor = (by.kind, by.user_id, by.department_id)
    record_event(Happening(SUBJECT, report.id, kind, at, *actor, data=data))
