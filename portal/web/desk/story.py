"""What happened to a report, in the words of the desk: staff see names, and what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.text import N_
from portal.domain.accounts.actor import ActorKind
from portal.domain.casework.models import (
    ContactAttempt,
    PartReport,
    ProgressNote,
    SiteCheck,
    Verdict,
)
from portal.domain.casework.striking import ReopenReason
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.models import ExtensionReason
from portal.domain.departments.models import Department
from portal.domain.inspections.models import Result
from portal.domain.publication.models import WithholdGround
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.models import Channel, Track
from portal.domain.reports.states import Action
from portal.domain.supervision.levels import OrderLevel
from portal.domain.timeline.models import TimelineEvent
from portal.web import filters
from portal.web.desk.frame import name_of

# What happens beside the moves of the workflow: words and icon.
_OTHER: dict[str, tuple[str, str]] = {
    "contacted": (N_("联系举报人"), "phone"),
    "checked": (N_("现场核查"), "nav"),
    "checked_in": (N_("报告整改进展"), "cal"),
    "extension_asked": (N_("申请延期"), "cal"),
    "extension_granted": (N_("批准延期"), "cal"),
    "extension_refused": (N_("没有批准延期"), "cal"),
    "alert_acknowledged": (N_("值班确认紧急提醒"), "bell"),
    "follower_added": (N_("并入一件"), "merge"),
    "follower_removed": (N_("拆出一件"), "merge"),
    "info_added": (N_("举报人补充"), "doc"),
    "inspected": (N_("每周督查"), "nav"),
    "order_answered": (N_("答复督办"), "order"),
    "order_issued": (N_("督办"), "order"),
    "order_lifted": (N_("解除督办"), "order"),
    "photos_added": (N_("举报人补照片"), "album"),
    "part_signed": (N_("协办签收"), "pen"),
    "part_reported": (N_("协办报告"), "doc"),
    "handed_to": (N_("分给承办员"), "people"),
    "talked": (N_("约谈"), "people"),
    "urged": (N_("催办"), "bell"),
    "term_moved": (N_("工作日历变了，期限重算"), "cal"),
    "looked_back": (N_("回头看"), "back2"),
    "starred": (N_("定为重点件"), "star"),
    "unstarred": (N_("不再是重点件"), "star"),
    "withdraw_noted": (N_("举报人希望撤回"), "back2"),
}
_INTERNAL = frozenset(
    {Action.RETURN, Action.SEND_BACK, Action.REWORK, Action.RULE}
    | {"contacted", "checked", "checked_in", "extension_refused", "inspected"}
    | {"part_reported", "handed_to"}
    | {"order_answered", "order_issued", "order_lifted", "talked", "urged"}
)


_OTHER_REPORTS = ("main", "parent", "number")  # keys under which events name one


@dataclass(frozen=True)
class Told:
    """What the words of an event come from."""

    names: Mapping[int, str]
    departments: Mapping[int, Department]
    contacts: Sequence[ContactAttempt] = ()
    checks: Sequence[SiteCheck] = ()
    check_ins: Sequence[ProgressNote] = ()
    by_code: Mapping[str, Department] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()
    part_reports: Sequence[PartReport] = ()

    def number(self, number: object) -> str:
        """The number of another report; empty when the reader does not see that one."""
        return str(number) if number in self.numbers else ""

    def department(self, code: object) -> str:
        """The name of the department with this code."""
        found = self.by_code.get(str(code))
        return name_of(found) if found else str(code or "")


def numbers_in(events: Sequence[TimelineEvent]) -> frozenset[str]:
    """The numbers of other reports that these events mention."""
    found = (event.data.get(key) for event in events for key in _OTHER_REPORTS)
    return frozenset(str(number) for number in found if number)


def handlers_in(events: Sequence[TimelineEvent]) -> frozenset[int]:
    """The users to whom these events say a case was handed; their names are told."""
    found = (event.data.get("handler") for event in events if event.kind == "handed_to")
    return frozenset(int(user_id) for user_id in found if user_id)


def story(events: Sequence[TimelineEvent], told: Told) -> list[dict[str, Any]]:
    """The events for components/timeline.html, the newest first."""
    notes = {
        "contacted": iter([row.note for row in told.contacts]),
        "checked": iter([row.note for row in told.checks]),
        "checked_in": iter([row.note for row in told.check_ins]),
        "part_reported": iter([_lines(row.note, row.done) for row in told.part_reports]),
    }
    rows = [_entry(event, told, notes) for event in events if _is_told(event)]
    if rows:
        rows[-1]["now"] = True
    return rows[::-1]


def _is_told(event: TimelineEvent) -> bool:
    return event.kind in _OTHER or event.kind in set(Action)


def _entry(event: TimelineEvent, told: Told, notes: Mapping[str, Iterator[str]]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "at": event.at,
        "who": who_did(event, told),
        "internal": event.kind in _INTERNAL,
    }
    if event.kind in notes:
        entry["text"] = _said(_("记录"), next(notes[event.kind], ""))
    else:
        entry["text"] = _text(event, told)
    if event.kind in _OTHER:
        words, entry["icon"] = _OTHER[event.kind]
        entry["title"] = _(words)
    else:
        entry["title"] = title_of(event)
        entry["glyph"] = f"s-{event.data.get('to') or 'submitted'}"
    return entry


def title_of(event: TimelineEvent) -> str:
    """What happened, in a word or two."""
    if event.kind in _OTHER:
        return _(_OTHER[event.kind][0])
    if event.kind == Action.ANSWER and event.data.get("expired"):
        return _("没有等到补充，继续办理")
    return _(Action(event.kind).label) if event.kind in set(Action) else event.kind


def who_did(event: TimelineEvent, told: Told) -> str:
    """Who caused an event: a colleague with department, the reporter, or the portal."""
    if event.actor_kind == ActorKind.REPORTER:
        return _("举报人")
    if event.actor_id is None:
        return _("系统")
    department = told.departments.get(event.department_id or 0)
    name = told.names.get(event.actor_id, "")
    return f"{name_of(department)} {name}" if department else name


def _text(event: TimelineEvent, told: Told) -> str:
    teller = _TELLERS.get(event.kind)
    return teller(event.data, told) if teller else ""


def _named(members: type[StrEnum], code: object) -> str:
    found = next((member for member in members if member == code), None)
    return _(found.label) if found is not None and hasattr(found, "label") else str(code or "")


def _filed(data: Mapping[str, Any], told: Told) -> str:
    if parent := told.number(data.get("parent")):
        return _("从%(number)s拆出", number=parent)
    return _said(_("来源渠道"), _named(Channel, data.get("channel")))


def _dispatched(data: Mapping[str, Any], told: Told) -> str:
    words = _("%(lead)s主办", lead=told.department(data.get("lead")))
    assists = [told.department(code) for code in data.get("assists") or ()]
    if assists:
        words += _("，") + _("%(assists)s协办", assists=_("、").join(assists))
    return _lines(words, _said(_("交办意见"), data.get("note")))


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _said(label: str, words: object) -> str:
    """Words somebody wrote, behind what they are; nothing when there are none."""
    return _("%(label)s：%(words)s", label=label, words=words) if words else ""


def _accepted(data: Mapping[str, Any], _told: Told) -> str:
    deadline_class = data.get("deadline_class")
    return _lines(
        _said(_("办理途径"), _named(Track, data.get("track"))),
        _said(_("时限类别"), _named(DeadlineClass, deadline_class) if deadline_class else ""),
    )


def _declined(data: Mapping[str, Any], _told: Told) -> str:
    reason = _named(DeclineReason, data.get("reason"))
    return _("%(reason)s。请找：%(where)s", reason=reason, where=data.get("where_to", ""))


def _returned(data: Mapping[str, Any], told: Told) -> str:
    other = told.department(data.get("proposed_department"))
    return _lines(_said(_("法律依据"), data.get("legal_basis")), _said(_("建议由谁办"), other))


def _ruled(data: Mapping[str, Any], told: Told) -> str:
    lead = _("%(lead)s主办", lead=told.department(data.get("lead")))
    return _lines(lead, _said(_("审定理由"), data.get("reasons")))


def _merged(data: Mapping[str, Any], told: Told) -> str:
    main = told.number(data.get("main"))
    return _("并入%(number)s", number=main) if main else ""


def _published(data: Mapping[str, Any], _told: Told) -> str:
    return _("放行照片%(n)s张", n=len(data.get("photos") or ()))


def _extended(data: Mapping[str, Any], _told: Told) -> str:
    days = ngettext("%(num)s天", "%(num)s天", int(data.get("days") or 0))
    due_at = data.get("due_at")
    until = _("到%(when)s", when=filters.due(datetime.fromisoformat(due_at))) if due_at else ""
    reason = _named(ExtensionReason, data.get("reason"))
    return _("，").join(part for part in (days, until, reason) if part)


def _ordered(data: Mapping[str, Any], _told: Told) -> str:
    return _said(str(data.get("number", "")), data.get("words"))


def _moved(data: Mapping[str, Any], _told: Told) -> str:
    before, after = (datetime.fromisoformat(str(data[key])) for key in ("before", "due_at"))
    return _(
        "%(clock)s原来到%(before)s，现在到%(after)s",
        clock=_named(Clock, data.get("clock")),
        before=filters.due(before),
        after=filters.due(after),
    )


def _handed(data: Mapping[str, Any], told: Told) -> str:
    name = told.names.get(int(data.get("handler") or 0), "")
    return _lines(name, str(data.get("note") or ""))


def _proposed(data: Mapping[str, Any], told: Told) -> str:
    silent = _("、").join(told.department(code) for code in data.get("without_parts") or ())
    verdict = _said(_("核查结论"), _named(Verdict, data.get("verdict")))
    return _lines(verdict, _said(_("还没报告的协办"), silent))


_TELLERS: dict[str, Callable[[Mapping[str, Any], Told], str]] = {
    Action.FILE: _filed,
    Action.ACCEPT: _accepted,
    Action.DECLINE: _declined,
    Action.MERGE: _merged,
    Action.SPLIT: lambda data, _told: _("拆成%(n)s件", n=data.get("parts", "")),
    Action.DISPATCH: _dispatched,
    Action.RETURN: _returned,
    Action.RULE: _ruled,
    Action.PROPOSE: _proposed,
    Action.SEND_BACK: lambda data, _told: _said(_("理由"), data.get("reason")),
    Action.REWORK: lambda data, _told: _said(_("理由"), data.get("reason")),
    Action.PUBLISH: _published,
    Action.WITHHOLD: lambda data, _told: _said(
        _("不公开的依据"), _named(WithholdGround, data.get("ground"))
    ),
    Action.DEREGISTER: lambda data, _told: _said(_("验收意见"), data.get("acceptance_note")),
    Action.REOPEN: lambda data, _told: _said(
        _("原因"), _named(ReopenReason, data.get("reason_code"))
    ),
    "extension_asked": _extended,
    "extension_granted": _extended,
    "extension_refused": lambda data, _told: _said(_("理由"), data.get("note")),
    "inspected": lambda data, _told: _named(Result, data.get("result")),
    "order_answered": _ordered,
    "order_issued": lambda data, _told: _said(
        _named(OrderLevel, data.get("level")), data.get("number")
    ),
    "order_lifted": _ordered,
    "handed_to": _handed,
    "talked": lambda data, _told: str(data.get("post", "")),
    "urged": lambda data, _told: str(data.get("words", "")),
    "term_moved": _moved,
    "follower_added": lambda data, told: told.number(data.get("number")),
    "follower_removed": lambda data, told: told.number(data.get("number")),
}
