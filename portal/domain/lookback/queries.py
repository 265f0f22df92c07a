"""Reading look-backs: what is to be done and by whom, what was found, what was drawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, select

from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Assignment
from portal.domain.casework.scope import is_visible
from portal.domain.deadlines.clocks import Colour
from portal.domain.deadlines.terms import colour_of, term_until
from portal.domain.lookback.models import Draw, LookBack
from portal.domain.reports.models import Report
from portal.domain.reports.states import State

MOST = 200
MOST_DONE = 30
SOON = timedelta(days=7)


def look_backs_to_do(actor: Actor, limit: int = MOST) -> list[LookBack]:
    """What `actor` may go and look at, the nearest first."""
    query = select(LookBack).join(LookBack.report).where(_waits(actor))
    return list(db.session.scalars(query.order_by(LookBack.due_on, LookBack.id).limit(limit)))


def to_do_count(actor: Actor, at: datetime) -> int:
    """How many of them are due within a week or late, at most MOST."""
    return db.session.scalar(select(to_do_soon(actor, at))) or 0


def to_do_soon(actor: Actor, at: datetime) -> ScalarSelect[int]:
    """The same, to be counted together with something else."""
    soon = work_calendar().local_date(at) + SOON
    rows = select(LookBack.id).join(LookBack.report).where(_waits(actor), LookBack.due_on <= soon)
    return select(func.count()).select_from(rows.limit(MOST).subquery()).scalar_subquery()


def look_backs_done(actor: Actor, limit: int = MOST_DONE) -> list[LookBack]:
    """The last ones that were settled, of cases that `actor` sees."""
    query = (
        select(LookBack)
        .join(LookBack.report)
        .where(LookBack.done_at.is_not(None), is_visible(actor))
    )
    return list(db.session.scalars(query.order_by(LookBack.done_at.desc()).limit(limit)))


def look_back_in_scope(actor: Actor, look_back_id: int) -> LookBack | None:
    """The look-back with this id, if `actor` sees its case."""
    query = select(LookBack).join(LookBack.report)
    return db.session.scalar(query.where(LookBack.id == look_back_id, is_visible(actor)))


def look_backs_of(report: Report) -> list[LookBack]:
    """All of a report, of every round, in the order they were planned."""
    query = select(LookBack).where(LookBack.report_id == report.id)
    return list(db.session.scalars(query.order_by(LookBack.id)))


def last_settled(report: Report) -> LookBack | None:
    """The look-back of a report that was settled last."""
    query = select(LookBack).where(LookBack.report_id == report.id, LookBack.done_at.is_not(None))
    order = LookBack.done_at.desc(), LookBack.id.desc()
    return db.session.scalar(query.order_by(*order).limit(1))


def draws(limit: int = 24) -> list[Draw]:
    """The last draws, the newest first."""
    return list(db.session.scalars(select(Draw).order_by(Draw.month.desc()).limit(limit)))


def drawn_numbers(draw: Draw) -> frozenset[str]:
    """The numbers of the cases that a draw chose."""
    query = select(Report.number).join(LookBack, LookBack.report_id == Report.id)
    return frozenset(db.session.scalars(query.where(LookBack.draw_id == draw.id)))


def colour(look_back: LookBack, at: datetime) -> Colour:
    """How an open look-back stands, by the rule of every other term."""
    calendar = work_calendar()
    term = term_until(look_back.planned_at, calendar.end_of_day(look_back.due_on), calendar)
    return colour_of(term.warn_at, term.due_at, term.red_at, at)


def _waits(actor: Actor) -> ColumnElement[bool]:
    """Open, of a case that still stands struck off, in scope, and not handled by one's own."""
    waits = and_(
        LookBack.done_at.is_(None),
        Report.state == State.DEREGISTERED,
        LookBack.round == Report.reopened_count,
        is_visible(actor),
    )
    if actor.department_id is None:
        return waits
    own = exists().where(
        Assignment.report_id == Report.id, Assignment.department_id == actor.department_id
    )
    return and_(waits, ~own)
