"""挂牌督办: what the city's leaders answer for, from the day it is issued."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template

from portal.core.clock import now
from portal.domain.casework.models import Verdict
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import content_version, public_cases_among
from portal.domain.reports.states import State
from portal.domain.supervision.queries import public_orders
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.pages import is_published, is_withheld, measures
from portal.web.transparency.standing import hourly


@bp.get("/open/orders")
@public
def orders() -> Response:
    """Every public order, those that stand first, each with how its case stands."""
    at = now()
    rows = public_orders()
    moments = (row.lifted_at or row.answered_at or row.issued_at for row in rows)
    version = f"{len(rows)}-{max((m.isoformat() for m in moments), default='')}"

    def render() -> str:
        cases = {case.report_id: case for case in public_cases_among({r.report_id for r in rows})}
        known = {key: _case(case) for key, case in cases.items()}
        return render_template("open/orders.html", rows=rows, cases=known, now=at)

    return cached_page(render, content_version(), hourly(version, at))


def _case(case: PublicCase) -> dict[str, Any]:
    """How the case stands: before its result is published no more than its state, no number."""
    return {
        "number": case.number if is_published(case) else "",
        "state": State(case.state),
        "is_withheld": is_withheld(case),
        "verdict": Verdict(case.verdict) if is_published(case) and case.verdict else None,
        "measures": measures(case) if is_published(case) else [],
    }
