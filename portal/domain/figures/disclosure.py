"""What the public may see of a figure 公开口径: which numbers, and which of the cases behind them.

A number of cases is public. That one case is among them is public only when it says nothing that is
not: quality.md 36, domain.md section 1 (listed and published).
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import InstrumentedAttribute

from portal.domain.figures.definitions import FIGURES
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import Kind
from portal.domain.figures.queries import Value, counts_as

# Fewer cases of one town, department or category than this, and a share would tell of each of them.
LEAST = 5


class Shown(StrEnum):
    """Which of the cases behind a figure are named one by one."""

    LISTED = "listed"  # every one that is publicly listed
    PUBLISHED = "published"  # those whose outcome is published: the others would be told by it
    NONE = "none"


# Whether somebody was called tells that they left a number.
_OF_PEOPLE = Measure.CONTACT_DUE | Measure.CONTACT_MET
# The finding, and that another case lies within 100 metres, are told by publishing.
_OF_OUTCOMES = Measure.FOUND | Measure.REPEAT
_OFF_THE_LIST = (
    Measure.WAITING | Measure.DECLINED | Measure.WITHDRAWN | Measure.MERGED | Measure.UNLISTED
)


def shown(wanted: str) -> Shown:
    """Which cases a list narrowed to `code`, `code:rest` or `code:whole` may name."""
    code, _, side = wanted.partition(":")
    figure = FIGURES[code]
    told = Measure(0) if figure.part is None else figure.part
    if side:
        told = (figure.whole or told) | (told if side == "rest" else Measure(0))
    if told & (_OF_PEOPLE | _OFF_THE_LIST):
        return Shown.NONE
    return Shown.PUBLISHED if told & _OF_OUTCOMES else Shown.LISTED


def publicly_counted(
    wanted: str, report_id: InstrumentedAttribute[int]
) -> ColumnElement[bool] | None:
    """`counts_as`, holding nothing where no case may be named; None for what is no figure.

    Where `shown` says PUBLISHED, the caller leaves out what is not.
    """
    counted = counts_as(wanted, report_id)
    return false() if counted is not None and shown(wanted) is Shown.NONE else counted


def is_too_few(kind: Kind, value: Value) -> bool:
    """Whether a part of the city has so few cases that its share would tell of each 小格规则."""
    figure = value.figure
    if kind is Kind.CITY or figure.part is None or figure.whole is None:
        return False
    telling = bool(figure.part & (_OF_PEOPLE | _OF_OUTCOMES))
    return telling and 0 < value.whole < LEAST
