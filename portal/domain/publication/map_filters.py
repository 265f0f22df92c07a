"""What the public filters mean on the map: by kept sums where they can, by rows where they must."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from portal.core.db import db
from portal.core.ids import read_number
from portal.core.search import PUBLIC
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_by_code
from portal.domain.publication.conditions import CLOSED, OPEN, PublicFilter, Sort, StateGroup
from portal.domain.publication.map_keys import ALL_MONTHS, TOWN_LEVEL, parts_of
from portal.domain.publication.map_models import MapCase, MapCell, MapSlice
from portal.domain.publication.models import PublicCase


@dataclass(frozen=True)
class Span:
    """Part of what is asked: whole months, or all time of a `part` (their sums are kept); or days.

    `part` is whose sums these are, as in MapSlice.
    """

    months: Sequence[int] = ()
    part: str = ""
    days: tuple[date | None, date | None] = (None, None)

    @property
    def is_summed(self) -> bool:
        """Whether sums are kept of it."""
        return bool(self.months or self.part)

    @property
    def sums(self) -> type[MapCell | MapSlice]:
        """Where they are kept."""
        return MapSlice if self.part else MapCell


def is_kept(wanted: PublicFilter) -> bool:
    """Whether the sums tell these filters apart, but for days."""
    is_deep = "." in wanted.category
    is_placed = wanted.town_id is not None or wanted.department_id is not None
    return not (wanted.q or is_deep or is_placed or wanted.counted is not None)


def spans(wanted: PublicFilter) -> list[Span]:
    """The asked time as whole months and the days before and after them, or as a part's sums.

    With filters that the sums do not tell apart, all of it as days.
    """
    start, end = wanted.from_on, wanted.to_on
    if not is_kept(wanted):
        part = _part_of(wanted)
        return [Span(part=part) if part else Span(days=(start, end))]
    if start is None and end is None:
        return [Span(months=(ALL_MONTHS,))]
    known = _months_known()
    if known is None:
        return []
    earliest, latest = known
    low, high = max(start or earliest, earliest), min(end or latest, latest)
    if low > high:
        return []
    return _parts(low, high)


def _part_of(wanted: PublicFilter) -> str:
    """The one department, town or level-2 category asked for; empty where more narrows the cases.

    Level-1 categories and states do not count: every sum tells them apart.
    """
    if wanted.q or wanted.counted is not None or wanted.from_on or wanted.to_on:
        return ""
    category_id = None
    if "." in wanted.category:
        found = category_by_code(wanted.category)
        category_id = found.id if found else 0
    parts = parts_of(wanted.department_id, wanted.town_id, category_id)
    return parts[0] if len(parts) == 1 else ""


def standing_count(wanted: PublicFilter) -> int | None:
    """How many public cases fit, by the kept sums of the towns; None where these cannot tell."""
    if wanted.state == StateGroup.OVERDUE:
        return None  # the sums learn of it within a minute, a list at once
    if wanted.only_published or wanted.box is not None:
        return None
    if wanted.sort == Sort.DAYS:
        if wanted.state not in {"", StateGroup.CLOSED}:
            return None
        wanted = replace(wanted, state=StateGroup.CLOSED)
    townless = replace(wanted, town_id=None)
    found = spans(townless)
    if not all(span.is_summed for span in found):
        return None
    return sum(_town_count(townless, span, wanted.town_id) for span in found)


def _town_count(wanted: PublicFilter, span: Span, town_id: int | None) -> int:
    """The cases of a town, or of all, by the kept sums."""
    sums = span.sums
    query = select(func.sum(sums.count)).where(sums.level == TOWN_LEVEL)
    if town_id is not None:
        query = query.where(sums.row == town_id)
    return int(db.session.scalar(query.where(*cell_conditions(wanted, span))) or 0)


def narrow_count(wanted: PublicFilter, most: int) -> int | None:
    """How many places fit, at most `most`: a tenth of the bytes of public rows; None likewise."""
    is_elsewhere = wanted.only_published or wanted.box is not None or wanted.sort == Sort.DAYS
    if is_elsewhere or wanted.state == StateGroup.OVERDUE:
        return None
    span = Span(days=(wanted.from_on, wanted.to_on))
    some = select(MapCase.report_id).where(*case_conditions(wanted, span)).limit(most)
    numbers, words = _split(wanted.q)
    if words and not numbers and _is_whole(replace(wanted, q="")):
        some = PUBLIC.matching(words).limit(most)  # every public row has its words there
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _is_whole(wanted: PublicFilter) -> bool:
    """Whether nothing narrows it."""
    parts = (wanted.category, wanted.state, wanted.from_on, wanted.to_on)
    return is_kept(wanted) and not any(parts)


def _parts(low: date, high: date) -> list[Span]:
    first = low if low.day == 1 else _next_month(low)
    last = high if _next_month(high) - high == timedelta(days=1) else high.replace(day=1)
    last = last if last is high else last - timedelta(days=1)  # the last day of a whole month
    if first > last:
        return [Span(days=(low, high))]
    found = [Span(months=_months(first, last))]
    if low < first:
        found.append(Span(days=(low, first - timedelta(days=1))))
    if last < high:
        found.append(Span(days=(last + timedelta(days=1), high)))
    return found


def cell_conditions(wanted: PublicFilter, span: Span) -> list[ColumnElement[bool]]:
    """What a sum must fulfil; only of a span whose sums are kept."""
    months, sums = span.months, span.sums
    if span.part:
        found = [MapSlice.part == span.part]
    else:
        found = [MapCell.month == months[0] if len(months) == 1 else MapCell.month.in_(months)]
    if wanted.category and "." not in wanted.category:
        found.append(sums.category_code == wanted.category)
    if wanted.state:
        found.append(_in_state(wanted.state, sums))
    return found


def case_conditions(wanted: PublicFilter, span: Span) -> list[ColumnElement[bool]]:
    """What a place must fulfil; the same as `conditions` asks of its public row."""
    found = _matches(wanted.q)
    if wanted.category:
        found.append(_of_category(wanted.category))
    if wanted.town_id is not None:
        found.append(MapCase.town_id == wanted.town_id)
    if wanted.department_id is not None:
        found.append(MapCase.department_id == wanted.department_id)
    if wanted.state:
        found.append(_in_state(wanted.state, MapCase))
    if wanted.counted is not None:
        behind = select(PublicCase.report_id).where(wanted.counted)
        found.append(MapCase.report_id.in_(behind))
    start, end = span.days
    if start:
        found.append(MapCase.received_on >= start)
    if end:
        found.append(MapCase.received_on <= end)
    return found


def _of_category(code: str) -> ColumnElement[bool]:
    top, _, below = code.partition(".")
    if not below:
        return MapCase.category_code == top
    own = select(Category.id).where(Category.code == code).scalar_subquery()
    return and_(MapCase.category_code == top, MapCase.category_id == own)


def _in_state(state: str, table: type[MapCase | MapCell | MapSlice]) -> ColumnElement[bool]:
    if state == StateGroup.OVERDUE:
        return table.is_late.is_(True)
    if state in {StateGroup.OPEN, StateGroup.CLOSED}:
        return table.state.in_(sorted(OPEN if state == StateGroup.OPEN else CLOSED))
    return table.state == state


def _matches(q: str) -> list[ColumnElement[bool]]:
    numbers, words = _split(q)
    found: list[ColumnElement[bool]] = [
        MapCase.report_id.in_(select(PublicCase.report_id).where(PublicCase.number == number))
        for number in numbers
    ]
    return [*found, PUBLIC.has(words, MapCase.report_id)] if words else found


def _split(q: str) -> tuple[list[str], str]:
    """The numbers of cases among the words, and the words."""
    read = {word: read_number(word) for word in q.split()}
    numbers = [number for number in read.values() if number]
    return numbers, " ".join(word for word, number in read.items() if not number)


def _months_known() -> tuple[date, date] | None:
    """The first day of the first month and the last day of the last month with public cases."""
    ends = select(func.min(MapCell.month), func.max(MapCell.month))
    kept = ends.where(MapCell.level == TOWN_LEVEL, MapCell.month > ALL_MONTHS)
    first, last = db.session.execute(kept).one()
    if not first:
        return None
    year, month = divmod(last, 100)
    return date(*divmod(first, 100), 1), date(year, month, monthrange(year, month)[1])


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _months(first: date, last: date) -> list[int]:
    found, month = [], first
    while month <= last:
        found.append(month.year * 100 + month.month)
        month = _next_month(month)
    return found
