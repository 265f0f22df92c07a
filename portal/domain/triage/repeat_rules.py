"""How near and how soon a report repeats a closed one: data by category, from a day on.

A report is judged by the rules of the day it came in, so that a new one rewrites nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.coming import demand_coming
from portal.domain.calendar.queries import work_calendar
from portal.domain.categories.models import Category
from portal.domain.triage.models import RepeatRule

MOST_METRES, MOST_DAYS = 5_000, 730
REPEAT_DAYS = 180


@dataclass(frozen=True)
class Reach:
    """How far apart two reports of a kind count as one place, and how many days after closing."""

    metres: int
    days: int = REPEAT_DAYS


# Smell and noise are told of from where one hears them, not from where they come.
DEFAULT_REACHES = {"": Reach(200), "air.odor": Reach(500), "noise": Reach(500)}


@dataclass(frozen=True)
class NewReach:
    """A rule from a day on; the empty code stands for all other categories."""

    category_code: str
    reach: Reach
    effective_on: date


def reaches_on(on: date) -> dict[str, Reach]:
    """The rules in force on a local day by category code, "" for all others."""
    query = select(RepeatRule).where(RepeatRule.effective_on <= on)
    rows = db.session.scalars(query.order_by(RepeatRule.effective_on))
    return DEFAULT_REACHES | {row.category_code: Reach(row.metres, row.days) for row in rows}


def reach_of(category_code: str, known: Mapping[str, Reach]) -> Reach:
    """The rule for a category: its own, else its level-1 one's, else the general one."""
    top = category_code.partition(".")[0]
    return known.get(category_code) or known.get(top) or known[""]


def repeat_rules() -> list[RepeatRule]:
    """Every version somebody set, the newest first."""
    query = select(RepeatRule).order_by(RepeatRule.effective_on.desc(), RepeatRule.category_code)
    return list(db.session.scalars(query))


def set_reach(new: NewReach, *, by: Actor, at: datetime) -> RepeatRule:
    """Set a rule from a day on; one already set for that day is replaced.

    Raises NotAllowedError and InvalidFieldsError (not in the future, range, unknown category).
    """
    _demand(by)
    if new.effective_on <= work_calendar().local_date(at):
        words = N_("最早从明天起：已经收到的举报按当天的规定算。")
        raise InvalidFieldsError.one("effective_on", "past", words)
    if not 1 <= new.reach.metres <= MOST_METRES:
        raise InvalidFieldsError.one("metres", "range", N_("距离要在1到5000米之间。"))
    if not 1 <= new.reach.days <= MOST_DAYS:
        raise InvalidFieldsError.one("days", "range", N_("天数要在1到730天之间。"))
    known = select(Category.id).where(Category.code == new.category_code)
    if new.category_code and db.session.scalar(known) is None:
        raise InvalidFieldsError.one("category", "unknown", N_("没有这个类型。"))
    same = {"category_code": new.category_code, "effective_on": new.effective_on}
    row = db.session.scalar(select(RepeatRule).filter_by(**same)) or RepeatRule(**same)
    row.metres, row.days = new.reach.metres, new.reach.days
    row.set_at, row.set_by_id = at, by.staff_id
    db.session.add(row)
    db.session.flush()
    return row


def take_back_reach(rule_id: int, *, by: Actor, at: datetime) -> None:
    """Take back a rule before its first day. Raises NotFoundError, InvalidFieldsError."""
    _demand(by)
    row = db.session.get(RepeatRule, rule_id)
    if row is None:
        raise NotFoundError
    demand_coming(row.effective_on, at)
    db.session.delete(row)
    db.session.flush()


def _demand(by: Actor) -> None:
    if not by.may(Permission.EDIT_TERMS):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
