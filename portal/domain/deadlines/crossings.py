"""When a term came to a colour: noted before anything moves, stops or pauses the term.

What a crossing says follows from the term alone, never from when somebody looked: a worker that
was down for a week finds the same crossings as one that was always up.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.core.db import db
from portal.domain.deadlines.clocks import CHARGED, Colour
from portal.domain.deadlines.models import Crossing, Deadline
from portal.domain.deadlines.terms import Term


def note_crossings(row: Deadline, until: datetime) -> None:
    """Note the colours the running term came to by `until`, and when the next one comes."""
    if row.next_cross_at is None or row.next_cross_at > until:
        return
    known = _known(row)
    for colour, moment in _moments(row):
        if row.next_cross_at <= moment <= until and (colour, moment) not in known:
            _note(row, colour, moment, moment)
    row.next_cross_at = _next_after(row, until)
    db.session.flush()


def watch(row: Deadline, at: datetime) -> None:
    """Follow a term that starts, moved or runs again at `at`.

    What it has passed already counts from now, unless it was noted for the same moment before.
    """
    if row.clock not in CHARGED:
        return
    passed = [(colour, moment) for colour, moment in _moments(row) if moment <= at]
    known = _known(row) if passed else set()
    for colour, moment in passed:
        if (colour, moment) not in known:
            _note(row, colour, moment, at)
    row.next_cross_at = _next_after(row, at)


def rest(row: Deadline, at: datetime) -> None:
    """Stop following a term that is stopped or paused at `at`; what it came to stays noted."""
    note_crossings(row, at)
    row.next_cross_at = None


def move_term(row: Deadline, term: Term, at: datetime) -> None:
    """Give a running term other moments from `at` on."""
    note_crossings(row, at)
    row.set_term(term)
    watch(row, at)


def reports_to_note(at: datetime, limit: int = 200) -> list[int]:
    """The reports with a term that came to a colour by `at` and was not noted; oldest first."""
    query = (
        select(Deadline.report_id)
        .where(Deadline.next_cross_at <= at, Deadline.stopped_at.is_(None))
        .order_by(Deadline.next_cross_at, Deadline.id)
        .limit(limit)
    )
    return list(dict.fromkeys(db.session.scalars(query)))


def unsettled_crossings(limit: int = 200) -> list[int]:
    """The crossings whose consequences are owed, in the order they happened; their ids."""
    query = select(Crossing.id).where(Crossing.settled_at.is_(None))
    order = (Crossing.at, Crossing.deadline_id, Crossing.term_at, Crossing.id)
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def _moments(row: Deadline) -> list[tuple[Colour, datetime]]:
    """The colours of a term and when they come for the unit it is charged to."""
    lost = timedelta(seconds=row.uncharged_seconds or 0)
    moments = (row.warn_at, row.due_at, row.red_at)
    colours = (Colour.BLUE, Colour.YELLOW, Colour.RED)
    return [(colour, moment + lost) for colour, moment in zip(colours, moments, strict=True)]


def _next_after(row: Deadline, at: datetime) -> datetime | None:
    return min((moment for _colour, moment in _moments(row) if moment > at), default=None)


def _known(row: Deadline) -> set[tuple[Colour, datetime]]:
    query = select(Crossing.colour, Crossing.term_at).where(Crossing.deadline_id == row.id)
    return {(colour, moment) for colour, moment in db.session.execute(query)}


def _note(row: Deadline, colour: Colour, term_at: datetime, at: datetime) -> None:
    db.session.add(
        Crossing(
            deadline_id=row.id,
            report_id=row.report_id,
            clock=row.clock,
            colour=colour,
            term_at=term_at,
            at=at,
            due_at=row.charged_due_at,
        )
    )
