"""The public history of a published case, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from portal.domain.departments.queries import departments
from portal.domain.lookback.models import Outcome
from portal.domain.publication.models import PublicCase
from portal.domain.reports.states import Action
from portal.web.filters import day, named

Line = Mapping[str, Any]
Names = Mapping[str, str]


def public_history(case: PublicCase) -> list[dict[str, Any]]:
    """Lines for the timeline, the newest first: day, what happened, which unit."""
    names = {unit.code: named(unit) for unit in departments()} if case.timeline else {}
    told = (_told(line, names) for line in reversed(case.timeline) if line["kind"] in _WORDS)
    return list(told)


def _told(line: Line, names: Names) -> dict[str, Any]:
    glyph, words = _WORDS[line["kind"]]
    on = day(date.fromisoformat(line["on"]))
    text = _assisted(line, names) if line["kind"] == Action.DISPATCH else ""
    return {"title": words(line, names), "when": on, "text": text, "glyph": f"s-{glyph}"}


def _dispatched(line: Line, names: Names) -> str:
    lead = names.get(line.get("lead", ""), "")
    return _("交办%(lead)s", lead=lead) if lead else _("交办")


def _assisted(line: Line, names: Names) -> str:
    """Who helps the leading unit; empty when nobody does."""
    assists = [names[code] for code in line.get("assists", ()) if code in names]
    return _("%(assists)s协办", assists=_("、").join(assists)) if assists else ""


def _reopened(line: Line, _names: Names) -> str:
    return _("回头看未通过，重新办理") if line.get("reason") else _("重新办理")


def _looked_back(line: Line, _names: Names) -> str:
    if line.get("outcome") == Outcome.PASSED:
        return _("回头看：现场复查，没有再出现")
    return _("回头看：现场复查，问题又出现了")


def _plain(words: Callable[[], str]) -> Callable[[Line, Names], str]:
    return lambda _line, _names: words()


_WORDS: dict[str, tuple[str, Callable[[Line, Names], str]]] = {
    Action.ACCEPT: ("accepted", _plain(lambda: _("受理"))),
    Action.DISPATCH: ("dispatched", _dispatched),
    Action.SIGN: ("handling", _plain(lambda: _("承办单位签收，开始办理"))),
    "checked": ("handling", _plain(lambda: _("到现场核查"))),
    "extension_granted": ("handling", _plain(lambda: _("经批准延长办理时间"))),
    "checked_in": ("stage_closed", _plain(lambda: _("按计划整改，报告进展"))),
    Action.STAGE_CLOSE: ("stage_closed", _plain(lambda: _("阶段性办结，按计划继续整改"))),
    Action.RESUME: ("handling", _plain(lambda: _("整改计划到期，恢复办理"))),
    Action.RESOLVE: ("resolved", _plain(lambda: _("办结，已答复举报人"))),
    Action.PUBLISH: ("published", _plain(lambda: _("公开结果"))),
    Action.DEREGISTER: ("deregistered", _plain(lambda: _("验收合格，销号"))),
    Action.REOPEN: ("handling", _reopened),
    "copy_corrected": ("published", _plain(lambda: _("公开的内容作了更正"))),
    "looked_back": ("deregistered", _looked_back),
}
