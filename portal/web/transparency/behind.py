"""What stands behind a figure: the cases its list names, and how many more it counts.

Every number of the public figures leads here. What is not publicly listed is told as a number, so
that list and line together are the figure.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _

from portal.domain.figures.definitions import FIGURES, Figure, Group
from portal.domain.figures.disclosure import Shown, is_too_few, shown
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, counted_at, tallies, value_of
from portal.domain.publication.queries import exact_case_count
from portal.web.figures.scope import Scope, month_in, months_query, named_scope
from portal.web.figures.words import list_words
from portal.web.transparency.filtering import Filtering

_KINDS = (Kind.TOWN, Kind.DEPARTMENT, Kind.CATEGORY)
_FILINGS = Measure.RECEIVED | Measure.DECIDED | Measure.ACCEPTED
# Their terms ran for filings, of which some are listed: nobody sums them up by that.
_OF_FILINGS = Measure.ACCEPT_DUE | Measure.ACCEPT_MET

_PARTS = Figure("parts", "", "", Group.VOLUME, Measure.PART)


@dataclass(frozen=True)
class Behind:
    """A figure as its list tells it: all it counts, those listed below, the rest and why."""

    words: str
    formula: str
    total: int
    listed: int
    reason: str
    href: str  # back to the figures
    counted_at: datetime

    @property
    def rest(self) -> int:
        """Those counted, but not named."""
        return self.total - self.listed


def behind(asked: Filtering, at: datetime) -> Behind | None:
    """What the list shows of a figure; None where it is narrowed by more than figures are."""
    scope, (is_fit, months) = _scope(asked), _months(asked)
    if scope is None or not is_fit:
        return None
    code, _colon, side = asked.typed["figure"].partition(":")
    figure = FIGURES[code]
    found = tallies(scope.kind, months, scope.keys, [figure, FIGURES["problems"], _PARTS])
    tally = sum(found.values(), Tally())
    value = value_of(figure, tally)
    if is_too_few(scope.kind, value):
        return None
    total = {"": value.part, "whole": value.whole, "rest": value.whole - value.part}[side]
    return Behind(
        words=list_words(asked.typed["figure"]),
        formula=_(figure.formula),
        total=total,
        listed=_listed(asked, tally, total, at),
        reason=_reason(asked.typed["figure"]),
        href=_back(scope, months),
        counted_at=counted_at(at),
    )


def _listed(asked: Filtering, tally: Tally, total: int, at: datetime) -> int:
    """How many the list names: from the sums, and only where they cannot say from the list."""
    wanted = asked.typed["figure"]
    told = shown(wanted)
    if told is Shown.NONE or not total:
        return 0
    code, _colon, side = wanted.partition(":")
    figure = FIGURES[code]
    measure = (figure.whole or figure.part) if side else figure.part
    if measure is not None and measure & _FILINGS and side != "rest":
        return tally.of(Measure.PROBLEM) - tally.of(Measure.PART)
    is_of_filings = measure is None or measure & (_FILINGS | _OF_FILINGS)
    is_exact = told is Shown.LISTED and not is_of_filings
    return total if is_exact else exact_case_count(replace(asked.wanted, after=""), at)


def _reason(wanted: str) -> str:
    told = shown(wanted)
    if told is Shown.PUBLISHED:
        return _("结果还没有公开，或者依法不公开")
    code = wanted.partition(":")[0]
    if code == "contact_on_time":
        return _("逐件列出会让人看出谁留了电话，所以只说件数")
    return _("待受理、不予受理、已撤回或者已并案，不逐件公开")


def _scope(asked: Filtering) -> Scope | None:
    """Whose figure it is; None without a figure, or when two things narrow at once."""
    typed = asked.typed
    given = [(kind, typed[kind]) for kind in _KINDS if typed[kind]]
    narrowed = typed["q"] or typed["state"] or typed["sort"] == "days" or len(given) > 1
    if not typed["figure"] or narrowed or "." in typed["category"]:
        return None
    return named_scope(*given[0]) if given else named_scope("", "")


def _months(asked: Filtering) -> tuple[bool, Months | None]:
    """Whether the days are whole months or all time; and those months."""
    first, last = asked.wanted.from_on, asked.wanted.to_on
    if first is None or last is None:
        return first is last and not asked.errors, None
    months = _month_of(first), _month_of(last)
    if months[0] is None or months[1] is None:
        return False, None
    is_whole = first.day == 1 and _ends_a_month(last) and not asked.errors
    return is_whole, Months(months[0], months[1])


def _month_of(day: date) -> date | None:
    """None for a year that no figures have, such as the last one there is."""
    return month_in(day.isoformat()[: len("2026-11")])


def _ends_a_month(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _back(scope: Scope, months: Months | None) -> str:
    span = months_query(months) if months else {}
    return url_for("transparency.figures", **scope.query, **span)
