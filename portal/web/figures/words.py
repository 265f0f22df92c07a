"""Figures in words: numbers with their unit, changes, and what a drill-down list holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from portal.core.text import N_
from portal.domain.figures.definitions import FIGURES, Better, Figure, Unit
from portal.domain.figures.queries import Value

_UNITS = {Unit.PERCENT: "%", Unit.PER_10K: N_("件/万人")}
_SIDES = {
    "": N_("%(figure)s：算进去的"),
    "rest": N_("%(figure)s：没达到的"),
    "whole": N_("%(figure)s：全部基数"),
}


@dataclass(frozen=True)
class Change:
    """How a figure moved: in words, and whether that is `better`, `worse` or neither."""

    words: str
    tone: str


def number_words(number: float | None) -> str:
    """12, 4.5, or a dash: at most one decimal."""
    return "–" if number is None else _written(round(number, 1), str(get_locale()))


@lru_cache(maxsize=2_000)
def _written(number: float, locale: str) -> str:
    """A page writes some three hundred numbers, many of them alike: Babel takes its time."""
    return str(format_decimal(number, locale=locale))


def unit_words(figure: Figure, number: float | None) -> str:
    """What stands in small print behind the number; nothing behind a dash."""
    if number is None:
        return ""
    if figure.unit is Unit.CASES:
        return str(ngettext("件", "件", round(number)))
    return _("天") if figure.unit is Unit.DAYS else _(_UNITS[figure.unit])


def value_words(value: Value) -> str:
    """A figure with its unit in one string; 暂无 where it cannot be counted yet."""
    if value.figure.part is None:
        return _("暂无")
    return number_words(value.number) + unit_words(value.figure, value.number)


def target_words(figure: Figure, target: float) -> str:
    """≥ 95%, ≤ 10天."""
    sign = "≥" if figure.better is Better.HIGH else "≤"
    return f"{sign}{number_words(target)}{unit_words(figure, target)}"


def change(new: Value, old: Value) -> Change | None:
    """From `old` to `new`; None when there is nothing to compare, or too little."""
    if new.number is None or old.number is None or new.is_small or old.is_small:
        return None
    by = round(new.number - old.number, 1)
    if not by:
        return Change(_("持平"), "")
    sign = "+" if by > 0 else "−"
    words = sign + number_words(abs(by))
    if new.figure.unit is Unit.PERCENT:
        words = _("%(n)s个百分点", n=words)
    elif new.figure.unit is Unit.DAYS:
        words += _("天")
    elif not old.number:
        return None
    else:
        words = f"{sign}{number_words(abs(100 * by / old.number))}%"
    return Change(words, _tone(new.figure.better, by))


def _tone(better: Better, by: float) -> str:
    if better is Better.NEITHER:
        return ""
    return "better" if (by > 0) is (better is Better.HIGH) else "worse"


def list_words(wanted: str) -> str:
    """What a list narrowed to `figure=` holds."""
    code, _colon, side = wanted.partition(":")
    figure = FIGURES.get(code)
    if figure is None or side not in _SIDES:
        return wanted
    if not side and figure.whole is None:
        return _(figure.label)
    return _(_SIDES[side], figure=_(figure.label))
