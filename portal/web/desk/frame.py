"""What stands around every page of the desk: the rail with its counts, and who is logged in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ScalarSelect

from portal.core.clock import now
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.desk_queries import (
    MOST_COUNTED,
    Countable,
    Queue,
    list_counts,
)
from portal.domain.departments.queries import department_by_id
from portal.domain.duty.alerts import alerts_for, unacknowledged
from portal.domain.inspections.queries import to_inspect
from portal.domain.lookback.queries import to_do_soon
from portal.domain.objections.queries import objections_waiting
from portal.domain.openlog.queries import unsealed_tail
from portal.domain.supervision.queries import orders_waiting
from portal.web import filters
from portal.web.access import actor, is_staff
from portal.web.desk.door import bp

Q = Queue
# What each role works on, the first with work being where it starts.
WORK: dict[Role, tuple[Queue, ...]] = {
    Role.TRIAGE: (Q.TO_ACCEPT, Q.TO_DISPATCH),
    Role.CLERK: (Q.TO_SIGN, Q.IN_HAND),
    Role.HEAD: (Q.TO_SIGN_OFF, Q.TO_SIGN, Q.IN_HAND),
    Role.GRID: (Q.IN_HAND,),
    Role.REVIEWER: (Q.TO_REVIEW,),
    Role.PUBLISHER: (Q.TO_PUBLISH,),
    Role.SUPERVISOR: (Q.RETURNED, Q.TO_EXTEND, Q.TO_STRIKE_OFF, Q.OVERDUE),
    Role.LEADER: (Q.OVERDUE, Q.RETURNED, Q.IN_HAND),
}
LOOKED_UP = (Q.RETURNED, Q.OVERDUE, Q.MINE, Q.ALL)
COUNTLESS = frozenset({Q.MINE, Q.ALL})
_ICONS = {
    Q.TO_ACCEPT: "inbox",
    Q.TO_DISPATCH: "share",
    Q.TO_SIGN: "pen",
    Q.IN_HAND: "nav",
    Q.TO_SIGN_OFF: "people",
    Q.TO_REVIEW: "shield",
    Q.TO_PUBLISH: "eye",
    Q.TO_STRIKE_OFF: "doc",
    Q.RETURNED: "back2",
    Q.TO_EXTEND: "cal",
    Q.OVERDUE: "clock",
    Q.MINE: "star",
    Q.ALL: "table",
}


# Pages beside the queues, with the right each needs.
_OFFICE = (
    (Permission.SEE_ALL, "duty", N_("值班"), "bell"),
    (Permission.EXPOSE, "exposure_list", N_("曝光台"), "camera"),
    (Permission.READ_FIGURES, "figures", N_("统计"), "chart"),
    (Permission.READ_SCORECARD, "scorecard", N_("考核"), "trophy"),
    (Permission.SET_TARGETS, "targets", N_("目标责任书"), "target"),
    (Permission.SEE_ACCURACY, "accuracy", N_("建议准确率"), "bulb"),
    (Permission.IMPORT_QUALITY, "quality_imports", N_("环境监测"), "water"),
    (Permission.EDIT_TEXTS, "texts", N_("常用语"), "quote"),
)


def work_queues(who: Actor) -> tuple[Queue, ...]:
    """The queues `who` works on, in order."""
    found = [queue for role in WORK if role in who.roles for queue in WORK[role]]
    return tuple(dict.fromkeys(found))


def shown_queues(who: Actor) -> tuple[Queue, ...]:
    """Every queue in the rail: work first, then what is only looked up."""
    return tuple(dict.fromkeys((*work_queues(who), *LOOKED_UP)))


def counts(who: Actor, at: datetime) -> dict[Queue, int]:
    """The counts of the rail, once per request; one statement."""
    if "desk_counts" not in g:
        count_with([], who, at)
    found: dict[Queue, int] = g.desk_counts
    return found


def count_with(lists: Sequence[Countable], who: Actor, at: datetime) -> list[int]:
    """How many reports these lists hold, counted together with the rail's; one statement."""
    rail = [queue for queue in shown_queues(who) if queue not in COUNTLESS]
    tools = _tool_counts(who, at)
    counted_lists = [*map(Countable, rail), *lists]
    found = list_counts(counted_lists, who, at, list(tools.values()))
    g.desk_counts = dict(zip(rail, found[: len(rail)], strict=True))
    g.desk_tools = dict(zip(tools, found[len(counted_lists) :], strict=True))
    return found[len(rail) : len(counted_lists)]


def _tool_counts(who: Actor, at: datetime) -> dict[str, ScalarSelect[int]]:
    """What the tools of the rail count, each by its own room."""
    found: dict[str, ScalarSelect[int]] = {}
    if who.may(Permission.LOOK_BACK):
        found["look_backs"] = to_do_soon(who, at)
    if who.may(Permission.INSPECT):
        found["inspections"] = to_inspect(who)
    if who.may(Permission.READ_ORDERS):
        found["orders"], found["late_orders"] = orders_waiting(who, at)
    if who.may(Permission.ANSWER_OBJECTION):
        found["objections"], found["late_objections"] = objections_waiting(who, at)
    if who.may(Permission.SEE_ALL):
        found["alerts"] = unacknowledged()
    return found


def tool_count(name: str, who: Actor, at: datetime) -> int:
    """One of the counts beside the queues, once per request; 0 for whoever does not see it."""
    counts(who, at)
    return int(g.desk_tools.get(name, 0))


def counted(number: int | None) -> str | None:
    """A count as shown: 12, 999+, or nothing."""
    if number is None:
        return None
    return f"{MOST_COUNTED - 1}+" if number >= MOST_COUNTED else str(number)


def tabs(who: Actor, current: Queue, at: datetime) -> list[dict[str, Any]]:
    """The queues over a list."""
    names = shown_queues(who)
    if current not in names:
        names = (current, *names)
    waiting = counts(who, at)
    return [
        {
            "label": _(queue.label),
            "href": url_for("desk.queue", name=queue),
            "count": counted(waiting.get(queue)),
            "current": queue is current,
        }
        for queue in names
    ]


def _alarms(who: Actor) -> list[dict[str, Any]]:
    """The emergencies that `who` must acknowledge."""
    if not tool_count("alerts", who, now()):
        return []
    return [
        {"id": a.id, "number": a.report.number, "title": a.report.title, "at": a.raised_at}
        for a in alerts_for(who, now())
    ]


@bp.app_context_processor
def _names() -> dict[str, Any]:
    return {"name_of": name_of}


@bp.context_processor
def _frame() -> dict[str, Any]:
    if not is_staff():
        return {}
    who = actor()
    return {
        "alarms": _alarms(who),
        "log_is_late": who.may(Permission.SEE_LOG_WARNING) and unsealed_tail(now()).is_late,
        "nav": _rail(who),
        "me": {"name": who.name, "role": role_words(who)},
    }


def name_of(row: Any) -> str:
    """The name of a category, grid or department in the reader's language."""
    return filters.named(row)


def role_words(who: Actor) -> str:
    """The roles of `who`, and the department when there is one."""
    roles = _("、").join(_(role.label) for role in sorted(who.roles))
    place = name_of(department_by_id(who.department_id)) if who.department_id else ""
    return f"{roles} · {place}" if place else roles


def _rail(who: Actor) -> list[dict[str, Any]]:
    waiting = counts(who, now())
    work = work_queues(who)
    rail = [_tool("home", _("工作台"), "home")]
    rail += [_rail_item(queue, waiting) for queue in work]
    if work:
        rail.append({"name": "break", "label": _("查看")})
    rail += [_rail_item(queue, waiting) for queue in LOOKED_UP if queue not in work]
    rail.append({"name": "break", "label": _("工具")})
    return rail + _tools(who)


def _tools(who: Actor) -> list[dict[str, Any]]:
    tools = []
    if who.may(Permission.FILE_FOR_RESIDENT):
        tools.append(_tool("new_report", _("代录一件"), "plus"))
    if who.may(Permission.LOOK_BACK) or who.may(Permission.SET_SAMPLE_RATE):
        tools.append(_look_back_tool(who))
    if who.may(Permission.INSPECT) or who.may(Permission.READ_INSPECTIONS):
        tools.append(_inspections(who))
    if who.may(Permission.SEE_CALENDAR_WARNING):
        tools.append(_tool("terms", _("时限"), "glass"))
    tools += [made(who) for right, made in _WAITING if who.may(right)]
    tools += [
        _tool(endpoint, _(words), sign)
        for right, endpoint, words, sign in _OFFICE
        if who.may(right)
    ]
    if who.may(Permission.SEE_WRITERS):
        href = url_for("console.writer_list")
        tools.append({"name": "writers", "label": _("接入系统"), "href": href, "icon": "link"})
    tools.append(_tool("help_page", _("帮助"), "help"))
    return tools


def _rail_item(queue: Queue, waiting: dict[Queue, int]) -> dict[str, Any]:
    href = url_for("desk.queue", name=queue)
    number = waiting.get(queue)
    return {
        "name": queue,
        "label": _(queue.label),
        "href": href,
        "icon": _ICONS[queue],
        "count": counted(number) if number else None,
        "hot": queue is Q.OVERDUE,
        "current": request.path == href,
    }


def _look_back_tool(who: Actor) -> dict[str, Any]:
    number = tool_count("look_backs", who, now())
    return {**_tool("look_backs", _("回头看"), "again"), "count": str(number) if number else None}


def _inspections(who: Actor) -> dict[str, Any]:
    number = tool_count("inspections", who, now())
    tool = _tool("inspection_list", _("每周督查"), "walk")
    return {**tool, "count": str(number) if number else None}


def _orders(who: Actor) -> dict[str, Any]:
    """The orders, with what waits for an answer or for somebody to read it; red when late."""
    number, late = (tool_count(name, who, now()) for name in ("orders", "late_orders"))
    return {
        **_tool("order_list", _("督办"), "order"),
        "count": counted(number) if number else None,
        "hot": bool(late),
    }


def _objections(who: Actor) -> dict[str, Any]:
    """What somebody named or shown asks for and nobody answered yet; red when late."""
    number, late = (tool_count(name, who, now()) for name in ("objections", "late_objections"))
    return {
        **_tool("objection_list", _("更正与异议"), "mega"),
        "count": counted(number) if number else None,
        "hot": bool(late),
    }


# Tools whose line counts what waits.
_WAITING = ((Permission.READ_ORDERS, _orders), (Permission.ANSWER_OBJECTION, _objections))


def _tool(endpoint: str, words: str, icon: str) -> dict[str, Any]:
    href = url_for(f"desk.{endpoint}")
    return {
        "name": endpoint,
        "label": words,
        "href": href,
        "icon": icon,
        "current": request.path == href,
    }
