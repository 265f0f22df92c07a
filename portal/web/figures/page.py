"""The page of figures, assembled once: groups with changes and targets, trends, comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.figures.definitions import FIGURES, SMALL, Figure, Group, Unit
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import FigureTarget, Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, Value, counted_at, monthly, tallies, value_of
from portal.domain.figures.targets import TargetKey, is_met, target_for, targets_of
from portal.web import charts, filters
from portal.web.figures.comparisons import comparison
from portal.web.figures.reader import Reader
from portal.web.figures.scope import Scope, is_running, month_words, months_query, span_words
from portal.web.figures.words import Change, change, number_words, target_words, unit_words

_TREND_MONTHS = 12
_RANKED_BY = "resolve_on_time"
_COMPARED = (Kind.DEPARTMENT, Kind.TOWN, Kind.CATEGORY)
_FIRST = ("received", "problems", "closed_rate", "median_days", "open", "overdue")


@dataclass(frozen=True)
class Asked:
    """What a page is about: whose figures, of which months, read through which door."""

    scope: Scope
    months: Months
    reader: Reader

    def value(self, figure: Figure, tally: Tally) -> Value | None:
        """The figure of a sum; None when this door does not tell it."""
        value = value_of(figure, tally, self.scope.inhabitants)
        return None if self.reader.hides(self.scope.kind, value) else value


@dataclass(frozen=True)
class Spans:
    """The sums of a scope in the span, the one before, the same a year before, and of all time."""

    now: Tally
    before: Tally
    year_before: Tally
    ever: Tally


def chosen_figure(code: str) -> Figure:
    """The figure that trends show and comparisons rank by."""
    figure = FIGURES.get(code)
    return figure if figure and figure.is_rankable else FIGURES[_RANKED_BY]


def page_of(asked: Asked, figure: Figure, at: datetime) -> dict[str, Any]:
    """What the page of every door shows; the same number of statements for any city."""
    found = groups(asked)
    compared = _COMPARED if asked.scope.kind is Kind.CITY else ()
    return {
        "headline": headline(found),
        "groups": found,
        "scope": asked.scope,
        "span": span_words(asked.months),
        "months": months_query(asked.months),
        "charts": trends(asked, figure),
        "tables": [comparison(kind, asked.months, figure, asked.reader) for kind in compared],
        "figure": figure,
        "choices": [(f.code, _(f.label)) for f in FIGURES.values() if f.is_rankable],
        "counted_at": counted_at(at),
        "is_running": is_running(asked.months, at),
        "least": SMALL,
    }


def _spans(scope: Scope, months: Months) -> Spans:
    """Four statements."""
    standing = [figure for figure in FIGURES.values() if figure.group is Group.NOW]
    moving = [figure for figure in FIGURES.values() if figure.group is not Group.NOW]
    return Spans(
        now=_sum(scope, months, moving),
        before=_sum(scope, months.before, moving),
        year_before=_sum(scope, months.year_before, moving),
        ever=_sum(scope, None, standing),
    )


def _sum(scope: Scope, months: Months | None, figures: list[Figure]) -> Tally:
    found = tallies(scope.kind, months, scope.keys, figures)
    return sum(found.values(), Tally())


def groups(asked: Asked) -> list[dict[str, Any]]:
    """Every figure in its group, with what it is compared with; five statements."""
    spans = _spans(asked.scope, asked.months)
    targets = targets_of(asked.months.last.year)
    found = []
    for group in Group:
        rows = [
            _row(figure, asked, spans, targets)
            for figure in FIGURES.values()
            if figure.group is group and _fits(figure, asked.scope)
        ]
        found.append({"code": group.value, "label": _(group.label), "rows": rows})
    return found


def headline_and_trends(asked: Asked, figure: Figure) -> dict[str, Any]:
    """The figures that come first and how things went, for a page that shows nothing else."""
    return {"headline": headline(groups(asked)), "charts": trends(asked, figure)}


def headline(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures that come first, with how they moved."""
    rows = {row["code"]: row for group in found for row in group["rows"]}
    return [
        {
            "code": row["code"],
            "label": row["label"],
            "value": row["number"],
            "unit": row["unit"],
            "note": _("比上期%(change)s", change=row["before"].words) if row["before"] else "",
            "href": row["counts"][0]["href"],
        }
        for row in (rows[code] for code in _FIRST)
    ]


def _fits(figure: Figure, scope: Scope) -> bool:
    return figure.unit is not Unit.PER_10K or scope.kind in {Kind.CITY, Kind.TOWN}


def _row(
    figure: Figure, asked: Asked, spans: Spans, targets: dict[TargetKey, FigureTarget]
) -> dict[str, Any]:
    is_now = figure.group is Group.NOW
    value = asked.value(figure, spans.ever if is_now else spans.now)
    row = {
        "code": figure.code,
        "label": _(figure.label),
        "formula": _(figure.formula),
        "number": _("暂无") if figure.part is None else _("不公开"),
        "unit": "",
        "is_small": False,
        "is_hidden": value is None,
        "counts": [],
        "before": None,
        "year": None,
        "target": "",
        "is_met": None,
    }
    if value is None or figure.part is None:
        return row
    target = target_for(targets, asked.scope.kind, min(asked.scope.keys, default=0), figure)
    return row | {
        "number": number_words(value.number),
        "unit": unit_words(figure, value.number),
        "is_small": value.is_small and value.number is not None,
        "counts": _counts(value, asked, None if is_now else asked.months),
        "before": None if is_now else _moved(value, asked.value(figure, spans.before)),
        "year": None if is_now else _moved(value, asked.value(figure, spans.year_before)),
        "target": target_words(figure, target) if target is not None else "",
        "is_met": is_met(value, target),
    }


def _moved(value: Value, earlier: Value | None) -> Change | None:
    return change(value, earlier) if earlier else None


def _counts(value: Value, asked: Asked, months: Months | None) -> list[dict[str, Any]]:
    """The lists behind a figure: what it counts, and what it is a share of."""
    figure, to = value.figure, asked.reader.list_url
    part = {"words": value.part, "href": to(asked.scope, figure.code, months)}
    if figure.whole is None:
        return [part]
    whole = to(asked.scope, f"{figure.code}:whole", months)
    return [part, {"words": value.whole, "href": whole}]


def trends(asked: Asked, figure: Figure) -> list[dict[str, Any]]:
    """What came in and was resolved, and one figure beside its last year; two statements."""
    scope, months = asked.scope, asked.months
    shown = months if months.count >= _TREND_MONTHS else Months.until(months.last, _TREND_MONTHS)
    volume = (FIGURES["received"], FIGURES["closed_rate"])
    now = monthly(scope.kind, scope.keys, shown, (figure, *volume))
    earlier = monthly(scope.kind, scope.keys, shown.year_before, (figure,))
    return [_volume(now), _compared(figure, now, list(earlier.values()), asked)]


def _volume(now: dict[date, Tally]) -> dict[str, Any]:
    rows = [
        _place(month, tally.of(Measure.RECEIVED), tally.of(Measure.CLOSED))
        for month, tally in now.items()
    ]
    most = max(rows, key=lambda row: row.first or 0)
    caption = (
        _("%(month)s最多，收到%(n)s件", month=most.full, n=most.first)
        if most.first
        else _("这段时间没有收到举报")
    )
    return charts.columns(charts.Plan(caption, (_("收到"), _("其中已办结")), rows))


def _compared(
    figure: Figure, now: dict[date, Tally], earlier: list[Tally], asked: Asked
) -> dict[str, Any]:
    rows = []
    for (month, tally), old in zip(now.items(), earlier, strict=True):
        first, second = asked.value(figure, tally), asked.value(figure, old)
        rows.append(_place(month, _rounded(first), _rounded(second)))
    return charts.lines(
        charts.Plan(
            _trend_words(figure, rows),
            (_("这一年"), _("上一年同月")),
            rows,
            "%" if figure.unit is Unit.PERCENT else "",
        )
    )


def _trend_words(figure: Figure, rows: list[charts.Row]) -> str:
    told = [row for row in rows if row.first is not None]
    if not told:
        return _("%(figure)s：这段时间还没有", figure=_(figure.label))
    first, last = told[0], told[-1]
    if first is last or first.first == last.first:
        return _(
            "%(figure)s：%(month)s是%(n)s",
            figure=_(figure.label), month=last.full, n=_number(figure, last),
        )  # fmt: skip
    return _(
        "%(figure)s：从%(old)s到%(new)s",
        figure=_(figure.label), old=_number(figure, first), new=_number(figure, last),
    )  # fmt: skip


def _number(figure: Figure, row: charts.Row) -> str:
    return number_words(row.first) + unit_words(figure, row.first)


def _rounded(value: Value | None) -> float | None:
    return None if value is None or value.number is None else round(value.number, 1)


def _place(month: date, first: float | None, second: float | None) -> charts.Row:
    return charts.Row(filters.month(month, "MMM"), month_words(month), first, second)
