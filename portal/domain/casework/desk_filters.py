"""What narrows and orders a list of the desk: words, kinds, places, days, colours; and cursors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from portal.core.clock import zone
from portal.core.ids import read_number
from portal.core.search import DESK
from portal.core.text import N_
from portal.domain.casework.belonging import Came, Due
from portal.domain.categories.models import Category
from portal.domain.deadlines.clocks import Colour
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid
from portal.domain.reports.models import Report

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OPEN = "o"  # before the cursor of a row that nobody was named for
_MOST_DIGITS = 18  # what a database's whole numbers hold


class Sort(StrEnum):
    """The order of a list: the nearest deadline, the newest or the oldest first."""

    DUE = "due"
    NEW = "new"
    OLD = "old"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {Sort.DUE: N_("期限近的在前"), Sort.NEW: N_("新的在前"), Sort.OLD: N_("旧的在前")}[
            self
        ]


@dataclass(frozen=True)
class QueueFilter:
    """What a list is narrowed to: codes, local days (inclusive), an order and a cursor."""

    q: str = ""
    category: str = ""
    town: str = ""
    department: str = ""
    state: str = ""
    colour: str = ""
    handler: str = ""  # in the reader's own department: a user's id, or belonging.NOBODY
    due: Due | None = None
    came: Came | None = None
    is_part: bool = False  # only what the reader's department assists in
    from_on: date | None = None
    to_on: date | None = None
    sort: Sort = Sort.DUE
    after: str = ""
    in_notice: bool = False  # to-strike-off also shows what is still in its notice period
    counted: ColumnElement[bool] | None = None  # only what a figure counts; rooms above bring it


def narrowed(
    wanted: QueueFilter, at: datetime, *, for_count: bool = False
) -> list[ColumnElement[bool]]:
    """The conditions of the filter; a search for a page in order asks the database first."""
    found = _within(wanted)
    if wanted.counted is not None:
        found.append(wanted.counted)
    if wanted.q.strip():
        found.append(_matches(wanted.q.strip(), for_count=for_count))
    if wanted.category:
        below = Category.code.startswith(f"{wanted.category}.", autoescape=True)
        kinds = select(Category.id).where(or_(Category.code == wanted.category, below))
        found.append(Report.category_id.in_(kinds))
    if wanted.town:
        found.append(Report.town_id.in_(select(Grid.id).where(Grid.code == wanted.town)))
    if wanted.department:
        leads = select(Department.id).where(Department.code == wanted.department)
        found.append(Report.lead_department_id.in_(leads))
    if wanted.state:
        found.append(Report.state == wanted.state)
    if wanted.colour:
        found.append(_has_colour(wanted.colour, at))
    return found


def _within(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """Received on the local days from `from_on` to `to_on`, both inclusive."""
    found: list[ColumnElement[bool]] = []
    if wanted.from_on:
        found.append(Report.received_at >= _midnight(wanted.from_on))
    if wanted.to_on:
        found.append(Report.received_at < _midnight(wanted.to_on + timedelta(days=1)))
    return found


def _matches(words: str, *, for_count: bool) -> ColumnElement[bool]:
    number = read_number(words)
    if number:
        return Report.number == number
    look = DESK.has if for_count else DESK.has_in_order
    return look(words, Report.id)


def _has_colour(colour: str, at: datetime) -> ColumnElement[bool]:
    """The rule of deadlines.terms.colour_of, as a condition on the report's copies."""
    spans = {
        Colour.RED: Report.red_at <= at,
        Colour.YELLOW: and_(Report.due_at <= at, Report.red_at > at),
        Colour.BLUE: and_(Report.warn_at <= at, Report.due_at > at, Report.red_at > at),
        Colour.NONE: or_(Report.due_at.is_(None), and_(Report.warn_at > at, Report.red_at > at)),
    }
    return spans.get(Colour(colour), true()) if colour in set(Colour) else true()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, datetime.min.time(), tzinfo=zone())


def ordered(
    query: Select[Report], wanted: QueueFilter, settled: ColumnElement[bool] | None = None
) -> Select[Report]:
    """Order, and start behind the cursor `<microseconds since 1970, or none>_<report id>`.

    What is not `settled` comes first, by the nearest deadline; its cursors begin with OPEN.
    """
    key, _, last = wanted.after.removeprefix(OPEN).rpartition("_")
    row = Report.id
    start = int(last) if _is_number(last) else None
    moment = _EPOCH + timedelta(microseconds=int(key)) if _is_number(key) else None
    if wanted.sort is Sort.DUE:
        due = Report.due_at
        behind: ColumnElement[bool] = true()
        if start is not None and moment is None:
            behind = and_(due.is_(None), row > start)
        elif start is not None:
            behind = or_(due > moment, and_(due == moment, row > start), due.is_(None))
        if settled is None:
            return query.where(behind).order_by(due.is_(None), due, row)
        is_open = wanted.after.startswith(OPEN) or not wanted.after
        rest = or_(settled, behind) if is_open else and_(settled, behind)
        return query.where(rest).order_by(settled, due.is_(None), due, row)
    came = Report.received_at
    if wanted.sort is Sort.OLD:
        if start is not None and moment is not None:
            query = query.where(or_(came > moment, and_(came == moment, row > start)))
        return query.order_by(came, row)
    if start is not None and moment is not None:
        query = query.where(or_(came < moment, and_(came == moment, row < start)))
    return query.order_by(came.desc(), row.desc())


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < _MOST_DIGITS


def cursor_of(report: Report, sort: Sort) -> str:
    """The cursor behind `report`."""
    moment = report.due_at if sort is Sort.DUE else report.received_at
    key = (moment - _EPOCH) // timedelta(microseconds=1) if moment else "none"
    return f"{key}_{report.id}"
