"""每周一督查: what inspectors found on site, week by week, with nobody's name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from portal.domain.figures.disclosure import LEAST
from portal.domain.inspections.models import (
    ListReason,
    PublicInspection,
    PublicInspectionLine,
    Result,
)
from portal.domain.inspections.queries import public_inspections, public_lines
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import content_version, public_cases_among
from portal.domain.reports.states import State
from portal.web.access import public
from portal.web.filters import named
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.pages import is_published, is_withheld, title

_WEEKS = 26


@bp.get("/open/inspections")
@public
def inspections() -> Response:
    """Every finished inspection of the last half year, the latest week first."""
    weeks = public_inspections(_WEEKS)
    closed = max((week.closed_at.isoformat() for week in weeks), default="")

    def render() -> str:
        return render_template("open/inspections.html", weeks=_weeks(weeks))

    return cached_page(render, content_version(), f"{len(weeks)}-{closed}")


def _weeks(weeks: Sequence[PublicInspection]) -> list[dict[str, Any]]:
    lines: dict[int, list[PublicInspectionLine]] = defaultdict(list)
    for line in public_lines([week.inspection_id for week in weeks]):
        lines[line.inspection_id].append(line)
    ids = {line.report_id for group in lines.values() for line in group}
    cases = {case.report_id: case for case in public_cases_among(ids)}
    return [_week(week, lines[week.inspection_id], cases) for week in weeks]


def _week(
    week: PublicInspection,
    lines: Sequence[PublicInspectionLine],
    cases: Mapping[int, PublicCase],
) -> dict[str, Any]:
    """The counts of a week. Where the results of only a few cases are not published, the counts
    leave these out: what is shown one by one could be taken off, and the rest would tell of them.
    """
    shown = [_case(line, cases[line.report_id]) for line in lines if line.report_id in cases]
    told = [
        line for line in lines if line.report_id in cases and is_published(cases[line.report_id])
    ]
    untold = len(lines) - len(told)
    is_few = 0 < untold < LEAST
    found = Counter(line.result for line in told) if is_few else _kept(week)
    # Of so short a list even the reasons would tell of one case that it repeats another.
    is_short = is_few and len(lines) < LEAST
    reasons = [] if is_short else [(one, week.reasons.get(one.value, 0)) for one in ListReason]
    return {
        "monday": week.monday,
        "closed_at": week.closed_at,
        "listed": week.listed,
        "redrawn": week.redrawn,
        "failing": sum(found[one] for one in Result if one.fails),
        "put_right": found[Result.PUT_RIGHT],
        "untold": untold if is_few else 0,
        "reasons": [(_(one.label), count) for one, count in reasons if count],
        "results": [*((_(one.label), found[one]) for one in Result), (_("没有去看"), found[None])],
        "cases": sorted(shown, key=lambda one: (one["result"] is None, one["number"])),
        "unlisted": len(lines) - len(shown),
    }


def _kept(week: PublicInspection) -> Counter[Result | None]:
    """The results of every listed case, as they were counted at the sign-off."""
    return Counter({Result(code) if code else None: n for code, n in week.results.items()})


def _case(line: PublicInspectionLine, case: PublicCase) -> dict[str, Any]:
    """A published case with its result; of a listed one no more than its listed line."""
    return {
        "number": case.number,
        "title": title(case),
        "state": State(case.state),
        "unit": named(case.department),
        "is_withheld": is_withheld(case),
        "result": line.result if is_published(case) else None,
        "mark": "f-yes" if line.result is Result.PUT_RIGHT else "f-unk",
        "fails": bool(is_published(case) and line.result and line.result.fails),
    }
