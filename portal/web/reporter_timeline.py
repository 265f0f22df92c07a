"""What happened, told to the reporter in plain words: units and never persons (look.md).

Internal reasons (why a unit gave a case back, why a reviewer was not content) stay inside; that it
happened is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.text import N_
from portal.domain.casework.striking import ReopenReason
from portal.domain.deadlines.models import ExtensionReason
from portal.domain.departments.models import Department
from portal.domain.lookback.models import Outcome
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.models import ThreadEntry, ThreadKind
from portal.domain.reports.states import Action
from portal.domain.timeline.models import TimelineEvent
from portal.web.filters import due, named

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One thing that happened. `at` is aware; `said` is what one side wrote to the other."""

    kind: str
    at: datetime
    title: str
    glyph: str = ""
    icon: str = ""
    text: str = ""
    department: str | None = None
    said: str = ""
    said_by: str = ""

    @property
    def words(self) -> str:
        """Everything in one line, for programs."""
        told = "。".join(part.rstrip("。") for part in (self.title, self.text) if part)
        return f"{told}：{self.said}" if self.said else told


@dataclass(frozen=True)
class Sources:
    """What the words are made of."""

    departments: Mapping[str, Department] = field(default_factory=dict)  # by code
    thread: Sequence[ThreadEntry] = ()

    def department(self, code: object) -> str | None:
        """The name of the department with this code."""
        found = self.departments.get(str(code))
        return named(found) if found else None

    def department_by_id(self, department_id: int | None) -> str | None:
        """The name of the department with this id."""
        rows = self.departments.values()
        return next((named(row) for row in rows if row.id == department_id), None)

    def said(self, kind: ThreadKind, at: datetime) -> str:
        """What was written together with an event."""
        fits = (entry.text for entry in self.thread if entry.kind == kind and entry.at == at)
        return next(fits, "")


# Event kind → sentence and, beside the workflow's own glyphs, an icon.
_TITLES: dict[str, tuple[str, str]] = {
    Action.FILE: (N_("收到您的举报"), ""),
    Action.ASK: (N_("请您补充情况"), ""),
    Action.ANSWER: (N_("您补充了情况"), "pen"),
    Action.ACCEPT: (N_("受理了"), ""),
    Action.DECLINE: (N_("没有受理"), ""),
    Action.APPEAL: (N_("您申诉了，换一位受理员重新看"), ""),
    Action.WITHDRAW: (N_("您撤回了举报"), ""),
    Action.MERGE: (N_("和另一件同样的问题合在一起办"), ""),
    Action.UNMERGE: (N_("又单独办理"), ""),
    Action.SPLIT: (N_("您说的是几件事，拆开分别办"), ""),
    Action.DISPATCH: (N_("交给%(who)s主办"), ""),
    Action.SIGN: (N_("%(who)s接手了"), ""),
    Action.RETURN: (N_("%(who)s认为不归它管，正在重新确定"), ""),
    Action.RULE: (N_("定下来由%(who)s办理"), ""),
    Action.PROPOSE: (N_("%(who)s有了处理意见"), ""),
    Action.SEND_BACK: (N_("单位负责人要求再改"), ""),
    Action.SUBMIT: (N_("单位审过，交审核员"), ""),
    Action.REWORK: (N_("审核员没有通过，退回重办"), ""),
    Action.STAGE_CLOSE: (N_("先办完一段，其余按计划整改"), ""),
    Action.RESUME: (N_("按计划继续办理"), ""),
    Action.RESOLVE: (N_("办结，已答复您"), ""),
    Action.PUBLISH: (N_("结果公开了"), ""),
    Action.WITHHOLD: (N_("按规定，结果不公开"), ""),
    Action.DEREGISTER: (N_("验收合格，销号"), ""),
    Action.REOPEN: (N_("重新办理"), ""),
    "looked_back": (N_("回头看"), "back2"),
    "checked_in": (N_("%(who)s报告整改进展"), "cal"),
    "extension_granted": (N_("批准延长办理时间"), "cal"),
    "checked": (N_("%(who)s到现场查了"), "nav"),
    "contacted": (N_("%(who)s和您联系"), "phone"),
    "info_added": (N_("您补充了情况"), "pen"),
    "photos_added": (N_("您补了照片"), "album"),
    "withdraw_noted": (N_("您希望撤回，已经转告"), "back2"),
    "follower_added": (N_("又有人反映同一件事"), "people"),
    "part_signed": (N_("%(who)s也来协办"), "people"),
}
_SAID = {
    Action.ASK: ThreadKind.QUESTION,
    Action.ANSWER: ThreadKind.ANSWER,
    Action.DECLINE: ThreadKind.DECLINE,
    Action.APPEAL: ThreadKind.APPEAL,
    "info_added": ThreadKind.INFO,
}
_BY_CITY = frozenset({Action.ASK, Action.DECLINE})


def reporter_timeline(events: Sequence[TimelineEvent], sources: Sources) -> list[Told]:
    """The events a reporter is told of, oldest first."""
    return [_told(event, sources) for event in events if event.kind in _TITLES]


def _told(event: TimelineEvent, sources: Sources) -> Told:
    title, icon = _TITLES[event.kind]
    department = _department(event, sources)
    said = sources.said(_SAID[event.kind], event.at) if event.kind in _SAID else ""
    if event.kind == Action.ANSWER and event.data.get("expired"):
        title, icon = N_("没有等到补充，继续往下办"), ""
    text = _TEXTS[event.kind](event.data, sources) if event.kind in _TEXTS else ""
    return Told(
        kind=event.kind,
        at=event.at,
        title=_(title, who=department or _("承办单位")),
        glyph="" if icon else f"s-{event.data.get('to') or 'submitted'}",
        icon=icon,
        text=text,
        department=department,
        said=said,
        said_by="" if not said else _("我们") if event.kind in _BY_CITY else _("您"),
    )


def _department(event: TimelineEvent, sources: Sources) -> str | None:
    named = sources.department(event.data["lead"]) if event.data.get("lead") else None
    return named or sources.department_by_id(event.department_id)


def _filed(data: Data, _sources: Sources) -> str:
    return _("从您的另一件里拆出来的") if data.get("parent") else ""


def _dispatched(data: Data, sources: Sources) -> str:
    names = [sources.department(code) for code in data.get("assists") or ()]
    helping = _("、").join(name for name in names if name)
    return _("%(names)s协办", names=helping) if helping else ""


def _declined(data: Data, _sources: Sources) -> str:
    reason = next((one for one in DeclineReason if one == data.get("reason")), None)
    words = _(reason.label) if reason else ""
    where = data.get("where_to")
    return _("，").join(
        part for part in (words, _("请找：%(where)s", where=where) if where else "") if part
    )


def _reopened(data: Data, _sources: Sources) -> str:
    reason = next((one for one in ReopenReason if one == data.get("reason_code")), None)
    return _(reason.label) if reason else ""


def _looked_back(data: Data, _sources: Sources) -> str:
    words = {
        Outcome.PASSED: N_("到现场复查，没有反弹"),
        Outcome.FAILED: N_("到现场复查，又反弹了，马上重新办理"),
        Outcome.UNDETERMINED: N_("到现场看了，这次看不清，还会再去"),
    }
    return _(words[Outcome(str(data.get("outcome")))])


def _split(data: Data, _sources: Sources) -> str:
    parts = int(data.get("parts") or 0)
    return ngettext("共%(num)s件", "共%(num)s件", parts) if parts else ""


def _photos(data: Data, _sources: Sources) -> str:
    count = int(data.get("count") or 0)
    return ngettext("补充了%(num)s张照片", "补充了%(num)s张照片", count) if count else ""


def _checked_in(data: Data, _sources: Sources) -> str:
    place = {"n": data.get("step", 1), "all": data.get("of", 1)}
    if data.get("done"):
        return _("计划共%(all)s步，第%(n)s步做完了", **place)
    return _("计划共%(all)s步，第%(n)s步正在做", **place)


def _extended(data: Data, _sources: Sources) -> str:
    days = int(data.get("days") or 0)
    until = due(datetime.fromisoformat(str(data["due_at"])))
    told = ngettext("延长%(num)s天", "延长%(num)s天", days)
    reason = next((one for one in ExtensionReason if one == data.get("reason")), None)
    parts = (told, _("最晚%(when)s办完", when=until), _(reason.label) if reason else "")
    return _("，").join(part for part in parts if part)


_TEXTS: dict[str, Callable[[Data, Sources], str]] = {
    Action.FILE: _filed,
    Action.DISPATCH: _dispatched,
    Action.DECLINE: _declined,
    Action.REOPEN: _reopened,
    Action.SPLIT: _split,
    "looked_back": _looked_back,
    "checked_in": _checked_in,
    "extension_granted": _extended,
    "photos_added": _photos,
}
