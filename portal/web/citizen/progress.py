"""Where a report stands, in one sentence for the person who filed it: what happens, and by when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from portal.core.clock import local
from portal.core.text import N_
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.explaining import explain
from portal.domain.deadlines.models import Deadline
from portal.domain.deadlines.queries import open_deadline
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.web.clock_words import clock_lines
from portal.web.filters import due, named

ENDED = frozenset({State.RESOLVED, State.PUBLISHED, State.WITHHELD, State.DEREGISTERED})
_REACHED = {  # how many phases are behind; none are shown where a report left the path
    State.SUBMITTED: 1,
    State.NEED_INFO: 1,
    State.ACCEPTED: 2,
    State.DISPATCHED: 2,
    State.RETURNED: 2,
    State.HANDLING: 2,
    State.HEAD_REVIEW: 2,
    State.STAGE_CLOSED: 2,
    State.SUBMITTED_REVIEW: 3,
    **dict.fromkeys(ENDED, 5),
}


@dataclass(frozen=True)
class Progress:
    """The sentence, a second one when something is late, and what comes after that."""

    say: str
    late: str = ""
    how: tuple[str, ...] = ()  # how the date of RESOLVE was counted, step by step
    then: str = ""


# State → which clock says by when, and the sentence.
_RUNNING: dict[State, tuple[Clock, str]] = {
    State.SUBMITTED: (Clock.ACCEPT, N_("收到了，最晚%(when)s告诉您是否受理。")),
    State.NEED_INFO: (Clock.NEED_INFO, N_("想请您补充一点情况，请在%(when)s前回复。")),
    State.ACCEPTED: (Clock.DISPATCH, N_("已经受理，最晚%(when)s交给负责的部门。")),
    State.DISPATCHED: (Clock.RESOLVE, N_("已经交给%(who)s，最晚%(when)s办完。")),
    State.RETURNED: (Clock.RESOLVE, N_("正在重新确定由谁来办，最晚%(when)s办完。")),
    State.HANDLING: (Clock.RESOLVE, N_("%(who)s正在办理，最晚%(when)s办完。")),
    State.HEAD_REVIEW: (Clock.RESOLVE, N_("%(who)s有了处理意见，单位正在审，最晚%(when)s办完。")),
    State.SUBMITTED_REVIEW: (Clock.REVIEW, N_("办好了，审核员正在核对，最晚%(when)s有结果。")),
    State.STAGE_CLOSED: (Clock.MILESTONE, N_("先办完一段，其余按计划整改，下一步在%(when)s前。")),
}
# State → what follows this step.
_THEN: dict[State, str] = {
    State.SUBMITTED: N_("受理后交给负责的部门，部门会和您联系"),
    State.NEED_INFO: N_("收到您的补充，接着办"),
    State.ACCEPTED: N_("部门接手，和您联系"),
    State.DISPATCHED: N_("现场查、限期改"),
    State.RETURNED: N_("定下来以后，现场查、限期改"),
    State.HANDLING: N_("办完由审核员核对，再答复您"),
    State.HEAD_REVIEW: N_("审核员核对，再答复您"),
    State.SUBMITTED_REVIEW: N_("核对好了就答复您，公开结果"),
    State.STAGE_CLOSED: N_("全部改完，由审核员核对，再答复您"),
    State.RESOLVED: N_("整理好以后公开结果"),
    State.PUBLISHED: N_("过一段时间，我们再去看一次"),
}
_LATE = N_("已经过了说好的时间，这件事在逾期名单上，正在催办。")


def progress(report: Report, at: datetime) -> Progress:
    """What to say about `report` at `at`; a merged one speaks for its main report."""
    state = State(report.state)
    if state is State.MERGED:
        main = report.main
        own = _("和另一件同样的问题合在一起办。")
        if main is None:
            return Progress(own)
        followed = progress(main, at)
        return Progress(own + followed.say, followed.late, followed.how, followed.then)
    if state in _RUNNING:
        return _running(report, state, at)
    return Progress(_ENDINGS[state](report), then=_then(state))


def phases(report: Report) -> list[dict[str, Any]]:
    """Five steps for components/phases.html; none when the report left the path."""
    shown = report.main if report.state == State.MERGED and report.main else report
    behind = _REACHED.get(State(shown.state), 0)
    if not behind:
        return []
    names = _phase_names()
    marks = ["on"] * behind + ["now"] + [""] * len(names)
    return [{"label": words, "state": mark} for words, mark in zip(names, marks, strict=False)]


def _phase_names() -> tuple[str, ...]:
    """The parts of the way; with a context, since a report may stand before or after each."""
    return (
        pgettext("phase", "收到"),
        pgettext("phase", "受理"),
        pgettext("phase", "办理"),
        pgettext("phase", "审核"),
        pgettext("phase", "办结"),
    )


def days_taken(report: Report) -> int:
    """Local days from the filing to the outcome, at least one."""
    ended_at = report.resolved_at or report.first_resolved_at or report.state_since
    return max(1, (local(ended_at).date() - local(report.received_at).date()).days)


def _running(report: Report, state: State, at: datetime) -> Progress:
    clock, words = _RUNNING[state]
    who = report.lead_department
    name = named(who) if who else _("负责的部门")
    deadline = open_deadline(report.id, clock)
    if deadline is None and state is State.STAGE_CLOSED:
        return Progress(_("计划里的几步都做完了，正在安排收尾。"))
    if deadline is None:
        return Progress(_("正在办理，请等我们的消息。"), then=_then(state))
    is_late = deadline.due_at < at and not clock.is_window
    say = _(words, who=name, when=due(deadline.due_at))
    if report.reopened_count:
        say = _("重新办理中：") + say
    return Progress(say, _(_LATE) if is_late else "", _how(report, deadline), _then(state))


def _how(report: Report, deadline: Deadline) -> tuple[str, ...]:
    """The steps by which the date was counted; only for the promise that counts, RESOLVE."""
    if deadline.clock is not Clock.RESOLVE:
        return ()
    begun = _("重新办理") if report.reopened_count else _("交给承办单位")
    # What an upheld return cost is between departments: the reporter's date does not move by it.
    told = replace(explain(deadline, work_calendar()), uncharged=timedelta())
    return tuple(clock_lines(told, begun))


def _then(state: State) -> str:
    return _(_THEN[state]) if state in _THEN else ""


def _resolved(report: Report) -> str:
    days = days_taken(report)
    return ngettext("已经办完，用了%(num)s天。", "已经办完，用了%(num)s天。", days)


def _published(report: Report) -> str:
    notice = report.notice_ends_at
    told = _("结果公开了，公示到%(when)s。", when=due(notice)) if notice else _("结果公开了。")
    return _resolved(report) + told


_ENDINGS: dict[State, Callable[[Report], str]] = {
    State.RESOLVED: _resolved,
    State.PUBLISHED: _published,
    State.WITHHELD: lambda report: _resolved(report) + _("按规定，结果不对外公开。"),
    State.DEREGISTERED: lambda report: _resolved(report) + _("验收合格，已经销号。"),
    State.DECLINED: lambda _report: _("这件事我们没有受理，原因和该找谁见下面。"),
    State.WITHDRAWN: lambda _report: _("您已经撤回，我们不再办理。"),
}
