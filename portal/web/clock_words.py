"""A clock explaining itself in words: begun when and by what, counted how, moved by what, due when.

One line for each step, in the order in which they are counted; the desk and the reporter's page
read the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from portal.core.clock import local
from portal.domain.deadlines.clocks import OF_PARTS, Clock, Unit
from portal.domain.deadlines.explaining import Counting, Explanation
from portal.web import filters

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def clock_lines(told: Explanation, begun: str) -> list[str]:
    """The steps of a term; `begun` names what began it (交办), empty when nothing is known."""
    when = filters.moment(told.started_at)
    start = _("%(when)s %(what)s，开始计时", when=when, what=begun)
    lines = [start if begun else _("%(when)s 开始计时", when=when)]
    if told.counting is not None:
        lines += _counted(told.counting)
    else:
        lines += _laid_down(told)
    if told.paused_at is not None:
        lines.append(_("%(when)s起时钟停着，等举报人补充", when=filters.moment(told.paused_at)))
    lines.append(_("到期：%(when)s", when=fixed(told)))
    if told.uncharged:
        lost = span_words(told.uncharged)
        lines.append(_("退回改派用去的%(time)s不算现在的主办单位，仍计入总时间", time=lost))
    if told.is_guessed:
        year = local(told.due_at - timedelta(microseconds=1)).year
        lines.append(_("%(year)s年放假安排还没公布，先按周末推算", year=year))
    return lines


def fixed(told: Explanation) -> str:
    """The end with its date, also when it is near: an account is read later, too."""
    at = local(told.due_at)
    if (at.hour, at.minute) == (0, 0):
        return f"{filters.day((at - _DAY).date())} 24:00"
    return filters.moment(told.due_at)


def span_words(time: timedelta) -> str:
    """A stretch of time in its two largest units at most: 2天3小时, 40分钟."""
    days, rest = divmod(max(time, timedelta()), _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = []
    if days:
        parts.append(ngettext("%(num)s天", "%(num)s天", days))
    if hours:
        parts.append(ngettext("%(num)s小时", "%(num)s小时", hours))
    if not days and (minutes or not hours):
        parts.append(ngettext("%(num)s分钟", "%(num)s分钟", max(minutes, 1)))
    return (" " if filters.language() == "en" else "").join(parts)


def _counted(parts: Counting) -> Iterator[str]:
    yield _COUNTED[parts.unit](filters.term(parts.amount, parts.unit))
    if parts.days_off:
        yield ngettext("中间有%(num)s个休息日，不算", "中间有%(num)s个休息日，不算", parts.days_off)
    if parts.paused_days:
        yield _("暂停%(time)s，往后顺延", time=filters.term(parts.paused_days, parts.unit))
    if parts.paused_time:
        yield _("暂停%(time)s，往后顺延", time=span_words(parts.paused_time))
    if parts.rolled_days:
        yield _rolled(parts.rolled_days)
    if parts.extended_days:
        yield ngettext("批准延长%(num)s天", "批准延长%(num)s天", parts.extended_days)
    if parts.extension_rolled_days:
        yield _rolled(parts.extension_rolled_days)


_COUNTED: dict[Unit, Callable[[str], str]] = {
    Unit.HOURS: lambda term: _("%(term)s，不分昼夜", term=term),
    Unit.WORKING_HOURS: lambda term: _("%(term)s，只算上班时间", term=term),
    Unit.WORKING_DAYS: lambda term: _("%(term)s，当天不算", term=term),
    Unit.CALENDAR_DAYS: lambda term: _("%(term)s，当天不算，休息日也算", term=term),
}


def _rolled(days: int) -> str:
    return ngettext(
        "最后一天是休息日，顺延%(num)s天到上班那天",
        "最后一天是休息日，顺延%(num)s天到上班那天",
        days,
    )


def _laid_down(told: Explanation) -> Iterator[str]:
    if told.clock is Clock.MILESTONE:
        yield _("按整改方案里写的日期")
    elif told.clock is Clock.RESOLVE:
        yield _("按整改方案，最后一个节点之后再给5个工作日")
    elif told.clock in OF_PARTS:
        yield _("协办不晚于主办：按这一件的办理时限")
    else:
        yield _("按来件规定的日期")
    if told.extended_days:
        yield ngettext("批准延长%(num)s天", "批准延长%(num)s天", told.extended_days)
