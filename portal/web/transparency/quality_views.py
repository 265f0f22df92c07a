"""环境质量: what the air and the rivers held each month, beside what is allowed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, render_template, request, url_for
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.domain.figures.periods import moved
from portal.domain.quality.indicators import Medium
from portal.domain.quality.limits import Limit
from portal.domain.quality.queries import (
    Measured,
    Series,
    Station,
    last_import_at,
    newest_month,
    readings_version,
    stations,
)
from portal.web import charts, filters
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.standing import hourly

_MONTHS = 13  # a year, and the month it is compared with


@bp.get("/open/quality")
@public
def quality() -> Response:
    """Every station's newest month beside the limits, with its trend; `station`: one in full."""
    at, name = now(), request.args.get("station")

    def render() -> str:
        newest = newest_month()
        today = local(at).date()
        found = stations(moved(newest, 1 - _MONTHS), today, name) if newest else []
        if name is not None and not found:
            abort(404)
        return render_template(
            "open/quality.html",
            media=[_medium(medium, found) for medium in Medium],
            station=found[0] if name is not None else None,
            taken_at=last_import_at(),
            standards=_standards(found),
        )

    return cached_page(render, hourly(readings_version(), at), sheet="figures", keep=True)


def _medium(medium: Medium, found: Sequence[Station]) -> dict[str, Any]:
    """The stations of air or water, those beyond a limit first."""
    own = [one for one in found if one.medium is medium]
    own.sort(key=lambda one: (one.is_kept, one.name))
    return {
        "code": medium.value,
        "label": _(medium.label),
        "finding": _finding(own),
        "stations": [_station(one, is_whole=len(found) == 1) for one in own],
    }


def _finding(own: Sequence[Station]) -> str:
    if not own:
        return ""
    month = filters.month(max(one.month for one in own))
    kept = sum(one.is_kept for one in own)
    if kept == len(own):
        return _("%(month)s，%(all)s个站点都没有超过限值", month=month, all=len(own))
    return _(
        "%(month)s，%(all)s个站点里%(n)s个有超过限值的",
        month=month, all=len(own), n=len(own) - kept,
    )  # fmt: skip


def _station(station: Station, *, is_whole: bool) -> dict[str, Any]:
    drawn = station.series if is_whole else [_telling(station)]
    months = sorted({m.month for one in station.series for m in one.months})
    return {
        "name": station.name,
        "href": url_for("transparency.quality", station=station.name),
        "month": filters.month(station.month),
        "broken": len(station.broken),
        "rows": [_row(one, station.month) for one in station.series],
        "charts": [_chart(one, months) for one in drawn],
        "months": [_month(month, station.series) for month in reversed(months)],
        "labels": [_(one.indicator.label) for one in station.series],
    }


def _telling(station: Station) -> Series:
    """What lies furthest beyond its limit, or comes nearest to it."""
    return max(station.series, key=lambda one: -9.0 if one.excess is None else one.excess)


def _row(series: Series, month: date) -> dict[str, Any]:
    """An indicator's newest value; from an earlier month it says so."""
    last = series.last
    return {
        "label": _(series.indicator.label),
        "unit": series.indicator.unit,
        "value": value_words(last),
        "older": "" if last.month == month else filters.month(last.month),
        "limit": limit_words(series.limit),
        "is_kept": series.is_kept,
        "words": _verdict(series),
    }


def value_words(measured: Measured | None) -> str:
    """0.82, <0.01, or a dash."""
    if measured is None:
        return "–"
    return f"{'<' if measured.is_below else ''}{measured.value:g}"


def limit_words(limit: Limit | None) -> str:
    """≤1, ≥5, 6–9, or a dash."""
    if limit is None:
        return "–"
    if limit.least is not None and limit.most is not None:
        return f"{limit.least:g}–{limit.most:g}"
    return f"≤{limit.most:g}" if limit.most is not None else f"≥{limit.least:g}"


def _verdict(series: Series) -> str:
    """没超, 超0.2倍, or that it is too low."""
    limit, last = series.limit, series.last
    if limit is None:
        return _("没有限值")
    if limit.is_kept(last.value):
        return _("没超")
    if limit.most is not None and last.value > limit.most:
        return _("超%(n)s倍", n=f"{limit.times(last.value):.2f}")
    return _("太低")


def _chart(series: Series, months: Sequence[date]) -> dict[str, Any]:
    """The months as a line, the limit dashed."""
    known = {one.month: one.value for one in series.months}
    limit = series.limit
    bound = None if limit is None else limit.least if limit.most is None else limit.most
    rows = [
        charts.Row(filters.month(m, "MMM"), filters.month(m), known.get(m), bound) for m in months
    ]
    label = " ".join((_(series.indicator.label), series.indicator.unit)).rstrip()
    return charts.lines(charts.Plan(_trend(series), (label, _("限值")), rows, is_fine=True))


def _trend(series: Series) -> str:
    """The finding: how it stands, and against a year before where that is known."""
    last = series.last
    label, month = _(series.indicator.label), filters.month(last.month)
    earlier = next((m for m in series.months if m.month == moved(last.month, -12)), None)
    stand = _("%(what)s：%(month)s是%(n)s", what=label, month=month, n=value_words(last))
    if earlier is None or earlier.value == last.value:
        return stand
    words = _("比去年同月高") if last.value > earlier.value else _("比去年同月低")
    return _("%(stand)s，%(words)s", stand=stand, words=words)


def _month(month: date, series: Iterable[Series]) -> dict[str, Any]:
    cells = [next((m for m in one.months if m.month == month), None) for one in series]
    return {"name": filters.month(month), "cells": [value_words(cell) for cell in cells]}


def _standards(found: Iterable[Station]) -> list[str]:
    """Which standards the limits come from."""
    named = {one.limit.standard: None for s in found for one in s.series if one.limit}
    return list(named)
