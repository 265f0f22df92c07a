"""What the desk's lists show: queues by name, their filters, cursors and counts.

A queue is a condition on top of `scope.is_visible`; one statement counts all queues of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select, true

from portal.core.db import db
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.casework.belonging import (
    NOBODY,
    assisted_by,
    came_by,
    due_in,
    handled_by,
    in_hand,
    mine,
    overdue,
    own_assignments,
    to_sign,
    to_sign_off,
)
from portal.domain.casework.desk_filters import (
    OPEN,
    QueueFilter,
    Sort,
    cursor_of,
    narrowed,
    ordered,
)
from portal.domain.casework.scope import is_visible
from portal.domain.deadlines.extensions import awaits_extension
from portal.domain.reports.models import Photo, PhotoKind, PhotoStatus, Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

PAGE = 50
MOST_EXACT = 10_000  # a list on its own is counted this far (quality.md section 1)
MOST_COUNTED = 1000  # beyond this a count says "999+"; nobody works such a list from its number
_SHOWABLE = (PhotoStatus.READY, PhotoStatus.RELEASED, PhotoStatus.WITHHELD)


class Queue(StrEnum):
    """The lists of the desk 待办 (contracts.md, Desk)."""

    TO_ACCEPT = "to-accept"
    TO_DISPATCH = "to-dispatch"
    TO_SIGN = "to-sign"
    IN_HAND = "in-hand"
    TO_SIGN_OFF = "to-sign-off"
    TO_REVIEW = "to-review"
    TO_PUBLISH = "to-publish"
    TO_STRIKE_OFF = "to-strike-off"
    RETURNED = "returned"
    TO_EXTEND = "to-extend"
    OVERDUE = "overdue"
    MINE = "mine"
    ALL = "all"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _QUEUE_LABELS[self]


_QUEUE_LABELS = {
    Queue.TO_ACCEPT: N_("待受理"),
    Queue.TO_DISPATCH: N_("待交办"),
    Queue.TO_SIGN: N_("待签收"),
    Queue.IN_HAND: N_("办理中"),
    Queue.TO_SIGN_OFF: N_("待单位审核"),
    Queue.TO_REVIEW: N_("待审核"),
    Queue.TO_PUBLISH: N_("待公开"),
    Queue.TO_STRIKE_OFF: N_("待销号"),
    Queue.RETURNED: N_("退回待裁定"),
    Queue.TO_EXTEND: N_("待批延期"),
    Queue.OVERDUE: N_("已逾期"),
    Queue.MINE: N_("我经手的"),
    Queue.ALL: N_("全部"),
}


@dataclass(frozen=True)
class QueuePage:
    """One page of reports and the cursor behind it, empty on the last page."""

    reports: Sequence[Report]
    after: str


def queue_page(queue: Queue, wanted: QueueFilter, actor: Actor, at: datetime) -> QueuePage:
    """A page of PAGE reports of `queue` that `actor` sees; one statement, for a head two."""
    query = select(Report).where(*_belongs(queue, actor, at, wanted), *narrowed(wanted, at))
    by_handler = hands_out(queue, actor) and wanted.sort is Sort.DUE and not wanted.handler
    settled = ~handled_by(actor, NOBODY) if by_handler else None
    rows = list(db.session.scalars(ordered(query, wanted, settled).limit(PAGE + 1)))
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if not more:
        return QueuePage(rows, "")
    cursor = cursor_of(rows[-1], wanted.sort)
    own = own_assignments(actor, [rows[-1].id]).get(rows[-1].id) if by_handler else None
    is_open = own is not None and own.handler_id is None
    return QueuePage(rows, OPEN + cursor if is_open else cursor)


# Lists of work inside a department, which its head hands out: what nobody has comes first.
_HANDED = frozenset({Queue.TO_SIGN, Queue.IN_HAND, Queue.OVERDUE})


def hands_out(queue: Queue, who: Actor) -> bool:
    """Whether `who` hands out what waits in this list."""
    return queue in _HANDED and who.may(Permission.HAND_TO_CLERK)


def queue_counts(queues: Collection[Queue], actor: Actor, at: datetime) -> dict[Queue, int]:
    """How many reports wait in each of `queues`, at most MOST_COUNTED each; one statement."""
    wanted = list(dict.fromkeys(queues))
    found = list_counts([Countable(queue) for queue in wanted], actor, at)
    return dict(zip(wanted, found, strict=True))


_EVERYTHING = QueueFilter()


@dataclass(frozen=True)
class Countable:
    """A list to be counted, and how far."""

    queue: Queue
    wanted: QueueFilter = _EVERYTHING
    most: int = MOST_COUNTED


def list_counts(
    lists: Sequence[Countable],
    actor: Actor,
    at: datetime,
    beside: Sequence[ScalarSelect[int]] = (),
) -> list[int]:
    """How many reports each list holds, as far as it is to be counted; one statement.

    `beside` are counts of other rooms that the page needs as well: they come behind.
    """
    columns: list[ScalarSelect[int]] = [
        select(func.count())
        .select_from(
            select(Report.id)
            .where(
                *_belongs(one.queue, actor, at, one.wanted),
                *narrowed(one.wanted, at, for_count=True),
            )
            .limit(one.most)
            .subquery()
        )
        .scalar_subquery()
        for one in lists
    ]
    columns += beside
    return list(db.session.execute(select(*columns)).one()) if columns else []


def waiting_since(queue: Queue, actor: Actor, at: datetime) -> datetime | None:
    """Since when the report that waits longest in `queue` has been where it is; one statement."""
    query = select(func.min(Report.state_since))
    return db.session.scalar(query.where(*_belongs(queue, actor, at, _EVERYTHING)))


def matching_count(queue: Queue, wanted: QueueFilter, actor: Actor, at: datetime) -> int:
    """How many reports of `queue` the filter leaves, at most MOST_EXACT + 1; one statement."""
    return list_counts([Countable(queue, wanted, MOST_EXACT + 1)], actor, at)[0]


def first_photos(report_ids: Collection[int]) -> dict[int, Photo]:
    """The first showable evidence photo of each report, by report id; one statement."""
    rows = db.session.scalars(
        select(Photo)
        .where(
            Photo.report_id.in_(report_ids),
            Photo.kind == PhotoKind.EVIDENCE,
            Photo.status.in_(_SHOWABLE),
        )
        .order_by(Photo.position.desc(), Photo.id.desc())
    )
    return {photo.report_id: photo for photo in rows if photo.report_id is not None}


def follower_counts(report_ids: Collection[int]) -> Mapping[int, int]:
    """How many reports were merged into each of `report_ids`; one statement."""
    rows = db.session.execute(
        select(Report.main_id, func.count())
        .where(Report.main_id.in_(report_ids))
        .group_by(Report.main_id)
    )
    return {main_id: count for main_id, count in rows if main_id is not None}


def _belongs(
    queue: Queue, actor: Actor, at: datetime, wanted: QueueFilter
) -> list[ColumnElement[bool]]:
    """Seen by the actor, in the queue, and what of the filter depends on who asks."""
    found = [is_visible(actor), _waits_in(queue, actor, at, wanted)]
    if wanted.handler:
        found.append(handled_by(actor, wanted.handler))
    if wanted.due is not None:
        found.append(due_in(actor, wanted.due, at))
    if wanted.came is not None:
        found.append(came_by(wanted.came))
    if wanted.is_part:
        found.append(assisted_by(actor))
    return found


def _waits_in(queue: Queue, actor: Actor, at: datetime, wanted: QueueFilter) -> ColumnElement[bool]:
    if queue in _BY_STATE:
        return Report.state == _BY_STATE[queue]
    if queue is Queue.TO_DISPATCH:
        return or_(
            Report.state == State.ACCEPTED,
            and_(Report.state == State.RETURNED, _returns() == 1),
        )
    if queue is Queue.TO_STRIKE_OFF:
        told = Report.state.in_((State.PUBLISHED, State.WITHHELD))
        return told if wanted.in_notice else and_(told, Report.notice_ends_at <= at)
    return _FURTHER[queue](actor, at) if queue in _FURTHER else true()


_BY_STATE = {
    Queue.TO_ACCEPT: State.SUBMITTED,
    Queue.TO_REVIEW: State.SUBMITTED_REVIEW,
    Queue.TO_PUBLISH: State.RESOLVED,
    Queue.RETURNED: State.RETURNED,
}


def _returns() -> ColumnElement[int]:
    """How often a report was returned."""
    return (
        select(func.count())
        .where(
            TimelineEvent.subject_kind == SUBJECT,
            TimelineEvent.subject_id == Report.id,
            TimelineEvent.kind == Action.RETURN,
        )
        .correlate(Report)
        .scalar_subquery()
    )


_FURTHER: dict[Queue, Callable[[Actor, datetime], ColumnElement[bool]]] = {
    Queue.TO_SIGN: lambda actor, _at: to_sign(actor),
    Queue.IN_HAND: lambda actor, _at: in_hand(actor),
    Queue.TO_SIGN_OFF: lambda actor, _at: to_sign_off(actor),
    Queue.TO_EXTEND: lambda _actor, _at: awaits_extension(Report.id),
    Queue.OVERDUE: overdue,
    Queue.MINE: lambda actor, _at: mine(actor),
}
