"""挂牌督办: what the city's leaders answer for, from the day it is issued."""

from __future__ import annotations

from flask import Response, render_template

from portal.core.clock import now
from portal.domain.supervision.queries import public_orders
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.standing import hourly


@bp.get("/open/orders")
@public
def orders() -> Response:
    """Every public order: those that stand first."""
    at = now()
    rows = public_orders()
    moments = (row.lifted_at or row.answered_at or row.issued_at for row in rows)
    version = f"{len(rows)}-{max((m.isoformat() for m in moments), default='')}"

    def render() -> str:
        return render_template("open/orders.html", rows=rows, now=at)

    return cached_page(render, hourly(version, at))
