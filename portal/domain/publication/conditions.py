"""What each public filter means, and the order of lists behind their cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.core.db import passing
from portal.core.geo import Box
from portal.core.ids import read_number
from portal.core.search import PUBLIC
from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.publication.models import PublicCase, PublicLevel
from portal.domain.reports.states import State

_MOST_DIGITS, _MOST_DIGITS_OF_DAYS = 18, 6
Case = Row[*tuple[Any, ...]]
"""Columns of a public row, by name, without the objects that pages need."""
_Query = TypeVar("_Query", bound=Select[*tuple[Any, ...]])
_Has = Callable[[str, InstrumentedAttribute[int]], ColumnElement[bool]]
CLOSED = frozenset({State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED})
# Only cases that somebody took on are listed, so these are all the states an open one can have.
OPEN = frozenset(
    {
        State.NEED_INFO,
        State.ACCEPTED,
        State.DISPATCHED,
        State.RETURNED,
        State.HANDLING,
        State.HEAD_REVIEW,
        State.SUBMITTED_REVIEW,
        State.STAGE_CLOSED,
    }
)


class StateGroup(StrEnum):
    """States together, as headline figures count them; `state=` takes these as well."""

    OPEN = "open"
    CLOSED = "closed"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    StateGroup.OPEN: N_("还在办"),
    StateGroup.CLOSED: N_("已经办结"),
    StateGroup.OVERDUE: N_("正在逾期"),
}


class Sort(StrEnum):
    """The orders of a public list."""

    NEW = "new"
    OLD = "old"
    DAYS = "days"  # closed cases only: the others have no number of days yet

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _SORT_LABELS[self]


_SORT_LABELS = {
    Sort.NEW: N_("最新的在前"),
    Sort.OLD: N_("最早的在前"),
    Sort.DAYS: N_("办结用时长的在前"),
}


@dataclass(frozen=True)
class PublicFilter:
    """The public filters of contracts.md; dates are local days, inclusive.

    `counted` narrows to the cases behind a figure, `only_published` to those whose outcome is out.
    """

    q: str = ""
    category: str = ""
    town_id: int | None = None
    department_id: int | None = None
    state: str = ""
    from_on: date | None = None
    to_on: date | None = None
    sort: str = Sort.NEW
    after: str = ""
    counted: ColumnElement[bool] | None = None  # what a figure counts, by the figures room
    only_published: bool = False
    box: Box | None = None  # holds the public point


def is_overdue(at: datetime) -> ColumnElement[bool]:
    """Past what presses first; a case that is closed has nothing due."""
    return PublicCase.due_at < at


def conditions(
    wanted: PublicFilter, at: datetime, *, in_order: bool = False
) -> list[ColumnElement[bool]]:
    """Everything a case must fulfil; `at` decides what is overdue, `in_order` is for pages.

    Those with an index of their own are checked in passing where another one is the shorter way:
    that of the days when these are the order, that of the terms to count the few that are late.
    """
    found = [*_narrowing(wanted), *_in_state(wanted)]
    is_late = wanted.state == StateGroup.OVERDUE
    if wanted.sort == Sort.DAYS if in_order else is_late:
        found = list(map(passing, found))
    if is_late:
        found.append(is_overdue(at))
    if wanted.sort == Sort.DAYS:
        found.append(PublicCase.days.is_not(None))
    if wanted.from_on:
        found.append(PublicCase.received_on >= wanted.from_on)
    if wanted.to_on:
        found.append(PublicCase.received_on <= wanted.to_on)
    words = _matches(wanted.q, PUBLIC.has_in_order if in_order else PUBLIC.has)
    return [*words, *found, *_for_programs(wanted)]


def _narrowing(wanted: PublicFilter) -> list[ColumnElement[bool]]:
    found = [_of_category(wanted.category)] if wanted.category else []
    if wanted.town_id is not None:
        found.append(PublicCase.town_id == wanted.town_id)
    if wanted.department_id is not None:
        found.append(PublicCase.department_id == wanted.department_id)
    return found


def _for_programs(wanted: PublicFilter) -> list[ColumnElement[bool]]:
    found = [] if wanted.counted is None else [wanted.counted]
    if wanted.only_published:
        found.append(PublicCase.level == PublicLevel.PUBLISHED)
    if wanted.box is not None:
        found.append(PublicCase.lat.between(wanted.box.min_lat, wanted.box.max_lat))
        found.append(PublicCase.lng.between(wanted.box.min_lng, wanted.box.max_lng))
    return found


def _of_category(code: str) -> ColumnElement[bool]:
    """A level-1 code takes in all below it; which of those it is, only published cases say."""
    top, _, below = code.partition(".")
    if not below:
        return PublicCase.category_code == top
    own = select(Category.id).where(Category.code == code).scalar_subquery()
    return and_(PublicCase.category_code == top, PublicCase.category_id == own)


def _in_state(wanted: PublicFilter) -> list[ColumnElement[bool]]:
    """Late ones apart: one state alone has an index in the order of lists, nothing else uses it."""
    if not wanted.state or wanted.state == StateGroup.OVERDUE:
        return []
    if wanted.state in {StateGroup.OPEN, StateGroup.CLOSED}:
        states = OPEN if wanted.state == StateGroup.OPEN else CLOSED
        return [passing(PublicCase.state.in_(sorted(states)))]
    in_state = PublicCase.state == wanted.state
    is_alone = wanted.town_id is None and wanted.department_id is None and not wanted.category
    return [in_state if is_alone else passing(in_state)]


def _matches(q: str, has: _Has) -> list[ColumnElement[bool]]:
    """Whole numbers, and words of what listing.keep_words keeps of a public row."""
    numbers = {word: read_number(word) for word in q.split()}
    found = [PublicCase.number == number for number in numbers.values() if number]
    words = " ".join(word for word, number in numbers.items() if not number)
    return [*found, has(words, PublicCase.report_id)] if words else found


def ordered(query: _Query, wanted: PublicFilter) -> _Query:
    """Order, and start behind the cursor `<key>_<report id>`; nonsense starts at the beginning.

    The bound on the key stands by itself: the index of the order then starts there, where
    "earlier, or the same day and …" would have it read and sort everything behind.
    """
    key, _, last = wanted.after.rpartition("_")
    row_id = _whole(last)
    if wanted.sort == Sort.DAYS:
        return _longest_first(query, _whole(key, _MOST_DIGITS_OF_DAYS), row_id)
    day, row = PublicCase.received_on, PublicCase.report_id
    start = _day(key)
    if wanted.sort == Sort.OLD:
        if start and row_id is not None:
            query = query.where(day >= start, or_(day > start, row > row_id))
        return query.order_by(day, row)
    if start and row_id is not None:
        query = query.where(day <= start, or_(day < start, row < row_id))
    return query.order_by(day.desc(), row.desc())


def _longest_first(query: _Query, start: int | None, row_id: int | None) -> _Query:
    days, row = PublicCase.days, PublicCase.report_id
    if start is not None and row_id is not None:
        query = query.where(days <= start, or_(days < start, row < row_id))
    return query.order_by(days.desc(), row.desc())


def cursor_behind(shown: PublicCase | Case, sort: str) -> str:
    """Where the page after `shown` starts."""
    key = shown.days if sort == Sort.DAYS else shown.received_on.isoformat()
    return f"{key}_{shown.report_id}"


def _whole(text: str, most: int = _MOST_DIGITS) -> int | None:
    """A number that every database can compare with."""
    return int(text) if text.isdecimal() and len(text) <= most else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
