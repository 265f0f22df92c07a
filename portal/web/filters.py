"""Jinja filters and globals: dates and numbers in words, and the look of states.

look.md sections 4 and 8: dates read 11月22日 14:05, with a weekday when within a week; a deadline
reads 剩11天 or 周二18:00前 or 逾期2天, with hours only under one day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from babel.dates import format_datetime, format_skeleton
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from portal.core import clock
from portal.core.ids import show_code
from portal.domain.deadlines.clocks import Unit

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_WEEK_DAYS = 6
# CLDR skeletons: the language decides their order. English is written as in Britain: 22 Nov.
_LOCALES = {"zh": "zh", "en": "en_GB"}

# look.md section 4: the circle says where a report is; the fuller, the nearer to done.
_FAMILIES = {
    "wait": "submitted need_info declined merged withdrawn",
    "move": "accepted dispatched returned handling head_review submitted_review",
    "done": "stage_closed resolved published deregistered withheld",
}
STATE_FAMILIES = {state: family for family, names in _FAMILIES.items() for state in names.split()}
FINDING_GLYPHS = {"verified": "yes", "partly": "part", "unfounded": "no", "undetermined": "unk"}
DEADLINE_COLOURS = {"blue": "blue", "yellow": "amber", "amber": "amber", "red": "red"}
CATEGORY_ICONS = {"radiation": "ray", "ecology": "eco"}


def is_english() -> bool:
    """Whether the reader chose English; names in the data come in both languages."""
    locale = get_locale()
    return locale is not None and locale.language == "en"


def _language() -> str:
    return "en" if is_english() else "zh"


def language() -> str:
    """The page's `lang` attribute: zh-CN, or en when the visitor chose it."""
    return "en" if is_english() else "zh-CN"


def named(row: Any) -> str:
    """The name of a category, department or grid in the reader's language; empty without one."""
    if row is None:
        return ""
    return str(row.name_en if is_english() and row.name_en else row.name_zh)


def _written(value: datetime, skeleton: str) -> str:
    return format_skeleton(skeleton, value, locale=_LOCALES[_language()])


def local(value: datetime) -> datetime:
    """The same instant in the city's own time."""
    return clock.local(value)


def day(value: date | datetime) -> str:
    """11月22日, with the year when it is not this year's."""
    at = local(value) if isinstance(value, datetime) else datetime.combine(value, time())
    return _written(at, "MMMd" if at.year == local(clock.now()).year else "yMMMd")


def month(value: date, skeleton: str = "yMMM") -> str:
    """2026年3月; with the skeleton `MMM` without the year."""
    return _written(datetime.combine(value, time()), skeleton)


def moment(value: datetime) -> str:
    """11月22日 14:05, in the city's time."""
    return f"{day(value)} {local(value):%H:%M}"


def near(value: datetime) -> str:
    """今天14:05, 昨天, 明天, 周二18:00 within a week; else 11月22日 14:05."""
    at = local(value)
    return _near_day(at.date()) + _gap() + f"{at:%H:%M}" if _is_near(at.date()) else moment(value)


def due(value: datetime) -> str:
    """Like `near`; a term that ends at midnight ends at 24:00 of the day before."""
    at = local(value)
    if (at.hour, at.minute) != (0, 0):
        return near(value)
    last = (at - _DAY).date()
    return (_near_day(last) + _gap() if _is_near(last) else f"{day(last)} ") + "24:00"


def _gap() -> str:
    return " " if is_english() else ""


def _is_near(on: date) -> bool:
    return abs((on - local(clock.now()).date()).days) <= _WEEK_DAYS


def _near_day(on: date) -> str:
    days = (on - local(clock.now()).date()).days
    if abs(days) <= 1:
        return {0: _("今天"), 1: _("明天"), -1: _("昨天")}[days]
    return weekday(on)


def weekday(on: date) -> str:
    """周二, Tue."""
    return format_datetime(datetime.combine(on, time()), "EEE", locale=_LOCALES[_language()])


def month_name(on: date) -> str:
    """3月, March."""
    return format_datetime(datetime.combine(on, time()), "LLLL", locale=_LOCALES[_language()])


def dated(value: datetime) -> str:
    """11月22日 周日 14:05: the desk's clock."""
    at = local(value)
    return f"{_written(at, 'MMMEd')} {at:%H:%M}"


def timetag(value: datetime | None, form: str = "moment") -> Markup:
    """A `<time>` element saying `value` as `moment`, `near`, `due` or `day`; empty for None."""
    if value is None:
        return Markup()
    words = {"moment": moment, "near": near, "due": due, "day": day}[form](value)
    return Markup('<time datetime="{}">{}</time>').format(
        local(value).isoformat(timespec="seconds"), words
    )


def deadline(due_at: datetime) -> str:
    """How a deadline stands now: 剩11天, 周二18:00前, 剩3小时, 逾期2天."""
    left = due_at - clock.now()
    if left < timedelta():
        return _late(-left)
    if left < _DAY:
        hours = left // _HOUR
        return ngettext("剩%(num)s小时", "剩%(num)s小时", hours) if hours else _("不到1小时")
    if left < _WEEK_DAYS * _DAY:
        return _("%(when)s前", when=due(due_at))
    days = left // _DAY
    return ngettext("剩%(num)s天", "剩%(num)s天", days)


def _late(by: timedelta) -> str:
    if by < _DAY:
        hours = max(by // _HOUR, 1)
        return ngettext("逾期%(num)s小时", "逾期%(num)s小时", hours)
    days = by // _DAY
    return ngettext("逾期%(num)s天", "逾期%(num)s天", days)


def term(amount: int, unit: Unit) -> str:
    """A length of time in its own unit: 1个工作日, 24小时, 15天."""
    words = {
        Unit.HOURS: ngettext("%(num)s小时", "%(num)s小时", amount),
        Unit.WORKING_HOURS: ngettext("%(num)s个工作小时", "%(num)s个工作小时", amount),
        Unit.WORKING_DAYS: ngettext("%(num)s个工作日", "%(num)s个工作日", amount),
        Unit.CALENDAR_DAYS: ngettext("%(num)s天", "%(num)s天", amount),
    }
    return words[unit]


def masked_phone(phone: str | None) -> str:
    """138****0000; shorter numbers keep only their last two digits."""
    digits = phone or ""
    if len(digits) < 8:
        return "****" + digits[-2:] if digits else ""
    return f"{digits[:3]}****{digits[-4:]}"


def number(value: int) -> str:
    """4,816."""
    return f"{value:,}"


def unit(value: float | str, name: str) -> Markup:
    """A figure with its unit in small print: 412<small>件</small>."""
    figure = number(value) if isinstance(value, int) else str(value)
    return Markup("{}<small>{}</small>").format(figure, name)


def phrases(text: str) -> Markup:
    """Keep each clause of a title on one line: breaks only after ，、；。 (look.md section 3)."""
    parts: list[str] = [""]
    for letter in text:
        parts[-1] += letter
        if letter in "，、；。":
            parts.append("")
    return Markup().join(Markup('<span class="ib">{}</span>').format(p) for p in parts if p)


def state_family(state: str) -> str:
    """`wait`, `move` or `done`."""
    return STATE_FAMILIES[state]


def finding_glyph(finding: str) -> str:
    """The square that stands for a finding."""
    return f"f-{FINDING_GLYPHS[finding]}"


def deadline_tone(colour: str | None) -> str:
    """CSS tone and glyph of a deadline's level: `blue`, `amber`, `red`; empty when in time."""
    return DEADLINE_COLOURS.get(colour or "", "")


def category_icon(code: str) -> str:
    """Icon of a category's first level: `air.odor` → `air`."""
    first = code.split(".", 1)[0]
    return CATEGORY_ICONS.get(first, first)


def label(value: object) -> str:
    """The translated name of an enum member or row that has one; else the value itself."""
    if hasattr(value, "label"):
        return _(str(value.label))
    return str(value)


def lines(text: str) -> Markup:
    """Text with its line breaks kept, everything else escaped."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def register(app: Flask) -> None:
    """Give templates the filters and globals of this module."""
    filters = (
        local, day, moment, near, due, dated, timetag, deadline, masked_phone, number, unit,
        phrases, label, lines, month_name, weekday,
    )  # fmt: skip
    for function in filters:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["fours"] = show_code
    for helper in (language, state_family, finding_glyph, deadline_tone, category_icon):
        app.jinja_env.globals[helper.__name__] = helper
