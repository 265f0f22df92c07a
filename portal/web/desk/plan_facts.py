"""A rectification plan ready for its template: each milestone with its level and its check-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Milestone, Plan, ProgressNote
from portal.domain.deadlines.clocks import Colour
from portal.domain.deadlines.terms import colour_of, term_until
from portal.domain.reports.models import Report
from portal.domain.reports.states import State


def plan_view(
    plan: Plan | None, check_ins: Sequence[ProgressNote], names: Mapping[int, str], at: datetime
) -> dict[str, Any] | None:
    """The plan as `desk/_plan.html` draws it."""
    if plan is None:
        return None
    return {
        "text": plan.text,
        "responsible": plan.responsible,
        "milestones": [_step(m, plan, check_ins, names, at) for m in plan.milestones],
        "done": sum(m.done_at is not None for m in plan.milestones),
    }


def may_check_in(report: Report, who: Actor) -> bool:
    """Whether `who` reports progress on this case now."""
    in_lead = who.department_id is not None and who.department_id == report.lead_department_id
    is_resting = report.state == State.STAGE_CLOSED
    return is_resting and in_lead and who.may(Permission.RECORD_PROGRESS)


def _step(
    milestone: Milestone,
    plan: Plan,
    check_ins: Sequence[ProgressNote],
    names: Mapping[int, str],
    at: datetime,
) -> dict[str, Any]:
    due_at = work_calendar().end_of_day(milestone.due_on)
    return {
        "id": milestone.id,
        "due_on": milestone.due_on,
        "due_at": due_at,
        "text": milestone.text,
        "done_at": milestone.done_at,
        "was_late": milestone.done_at is not None and milestone.done_at > due_at,
        "colour": "" if milestone.done_at else _colour(plan.made_at, due_at, at),
        "reports": [
            {
                "at": row.at,
                "who": names.get(row.by_user_id, ""),
                "note": row.note,
                "told": row.told,
                "is_done": row.is_done,
                "photos": row.photo_count,
            }
            for row in check_ins
            if row.milestone_id == milestone.id
        ],
    }


def _colour(made_at: datetime, due_at: datetime, at: datetime) -> str:
    term = term_until(made_at, due_at, work_calendar())
    colour = colour_of(term.warn_at, term.due_at, term.red_at, at)
    return "" if colour is Colour.NONE else colour
