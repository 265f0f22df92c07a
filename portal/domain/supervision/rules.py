"""Which rule of pressure holds for a term and a colour."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.supervision.models import PressureRule
from portal.domain.supervision.seed import DEFAULT_RULES


def seed_pressure(effective_on: date) -> None:
    """Let the default rules hold from `effective_on` in a city that has none; idempotent."""
    if db.session.scalar(select(PressureRule.id).limit(1)) is not None:
        return
    db.session.add_all(
        PressureRule(
            clock=clock,
            colour=colour,
            does=does,
            answer_days=answer_days,
            effective_on=effective_on,
        )
        for clock, colour, does, answer_days in DEFAULT_RULES
    )
    db.session.flush()


def pressure_rule(clock: Clock, colour: Colour, on: date) -> PressureRule | None:
    """The rule in force on a local day; None when nothing follows."""
    query = select(PressureRule).where(
        PressureRule.clock == clock,
        PressureRule.colour == colour,
        PressureRule.effective_on <= on,
    )
    found = db.session.scalar(query.order_by(PressureRule.effective_on.desc()).limit(1))
    return found if found is not None and found.does is not None else None
