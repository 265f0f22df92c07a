"""The clocks of a case and the request for more time, made ready for templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.extending import EXTENDABLE
from portal.domain.deadlines.clocks import OF_PARTS, Clock, Colour, EndReason
from portal.domain.deadlines.explaining import explain
from portal.domain.deadlines.extensions import MOST_DAYS
from portal.domain.deadlines.models import Deadline, Extension, ExtensionState
from portal.domain.departments.models import Department
from portal.domain.reports.clockwork import begun_by
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.timeline.models import TimelineEvent
from portal.web import filters
from portal.web.clock_words import clock_lines
from portal.web.desk.frame import name_of
from portal.web.desk.story import title_of

Clocks = tuple[list[dict[str, Any]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Glance:
    """Somebody looking at a case: which, who, when, and the names of those who acted."""

    report: Report
    who: Actor
    at: datetime
    names: Mapping[int, str]


def clocks(
    deadlines: Sequence[Deadline],
    events: Sequence[TimelineEvent],
    at: datetime,
    departments: Mapping[int, Department],
) -> Clocks:
    """The clocks that run, the nearest first, and those that are over, the newest first."""
    running = sorted((d for d in deadlines if d.is_open), key=lambda d: d.due_at)
    over = [d for d in deadlines if not d.is_open and d.closed_reason != EndReason.SUPERSEDED]
    return (
        [_clock(d, events, at, departments) for d in running],
        [_clock(d, events, at, departments) for d in over[::-1]],
    )


def _label(deadline: Deadline, departments: Mapping[int, Department]) -> str:
    """Which clock; of a part also whose."""
    label = _(deadline.clock.label)
    whose = departments.get(deadline.department_id or 0)
    return f"{label} · {name_of(whose)}" if deadline.clock in OF_PARTS and whose else label


def _clock(
    deadline: Deadline,
    events: Sequence[TimelineEvent],
    at: datetime,
    departments: Mapping[int, Department],
) -> dict[str, Any]:
    colour = deadline.colour(at)
    seen = min(deadline.stopped_at or deadline.paused_at or at, at)
    span = (deadline.due_at - deadline.started_at).total_seconds() or 1
    used = (seen - deadline.started_at).total_seconds() / span
    began = begun_by(deadline, events)
    lines = clock_lines(explain(deadline, work_calendar()), title_of(began) if began else "")
    if deadline.stopped_at is not None:
        lines.append(_("停于%(when)s", when=filters.moment(deadline.stopped_at)))
    return {
        "label": _label(deadline, departments),
        "colour": "" if colour is Colour.NONE else colour,
        "words": _standing(deadline, at),
        "used": round(max(0, min(used, 1)) * 100),
        "note": _length(deadline),
        "lines": lines,
    }


def _standing(deadline: Deadline, at: datetime) -> str:
    if deadline.stopped_at is not None:
        if deadline.closed_reason == EndReason.CLOSED:
            return _("已终止")
        if deadline.clock.is_window:
            return _("已结束")
        late = deadline.stopped_at > deadline.due_at
        return _("逾期完成") if late else _("按时")
    if deadline.paused_at is not None:
        return _("时钟已停")
    if deadline.clock.is_window and deadline.due_at <= at:
        return _("已期满")
    return filters.deadline(deadline.due_at)


def _length(deadline: Deadline) -> str:
    ends = _("到%(when)s", when=filters.due(deadline.due_at))
    if deadline.amount is None:
        return ends
    return _("，").join((filters.term(deadline.amount, deadline.unit), ends))


def extension_view(
    seen: Glance, deadlines: Sequence[Deadline], asked: Sequence[Extension]
) -> dict[str, Any]:
    """More time for this case: what was asked for, and what the one who looks may do about it.

    `waiting` is the request to decide; `obstacle` says why the looker cannot ask or decide now.
    """
    resolve = next((d for d in deadlines if d.clock is Clock.RESOLVE and d.is_open), None)
    waiting = next((e for e in asked if e.state is ExtensionState.ASKED), None)
    if resolve is None or (waiting and waiting.deadline_id != resolve.id):
        waiting = None
    may_decide = waiting is not None and seen.who.may(Permission.DECIDE_EXTENSION)
    own = may_decide and waiting is not None and waiting.asked_by_id == seen.who.user_id
    may_ask = _may_ask(seen) and resolve is not None and waiting is None
    return {
        "rows": [_asked(e, seen.names) for e in asked],
        "waiting": waiting,
        "may_decide": may_decide and not own,
        "may_ask": may_ask and not _why_not(resolve, asked, seen.at),
        "obstacle": _("延期是您申请的，请另一位督办员批。")
        if own
        else _why_not(resolve, asked, seen.at)
        if may_ask
        else "",
        "most": MOST_DAYS,
        "due_at": resolve.due_at if resolve else None,
    }


def _may_ask(seen: Glance) -> bool:
    """Whether the looker answers for a case that can be given more time."""
    who, report = seen.who, seen.report
    in_lead = who.department_id is not None and who.department_id == report.lead_department_id
    may = who.may(Permission.ASK_EXTENSION)
    return may and in_lead and State(report.state) in EXTENDABLE


def _why_not(resolve: Deadline | None, asked: Sequence[Extension], at: datetime) -> str:
    if resolve is None:
        return ""
    granted = any(e.deadline_id == resolve.id and e.state is ExtensionState.GRANTED for e in asked)
    if granted:
        return _("已经延过一次期，不能再延。")
    return _("已经过了办理时限，延期要在到期前提出。") if at >= resolve.due_at else ""


def _asked(row: Extension, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "state": row.state,
        "days": row.days,
        "reason": _(row.reason.label),
        "note": row.note,
        "who": names.get(row.asked_by_id, ""),
        "at": row.asked_at,
        "decided_by": names.get(row.decided_by_id or 0, ""),
        "decided_at": row.decided_at,
        "decision_note": row.decision_note,
        "due_before": row.due_before,
        "due_after": row.due_after,
    }
