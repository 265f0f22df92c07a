"""曝光台: typical cases named in public, and the place where bulletins will stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, abort, render_template

from portal.core.clock import local, now
from portal.domain.exposures.queries import (
    PublicExposure,
    Standing,
    live_exposure,
    live_exposures,
    standing_of,
)
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp
from portal.web.transparency.pages import card, measures
from portal.web.transparency.standing import page_version


@bp.get("/open/exposures")
@public
def exposures() -> Response:
    """Every exposure that stands today."""
    at = now()

    def render() -> str:
        rows = [_shown(one, at) for one in live_exposures(local(at).date())]
        return render_template("open/exposures.html", rows=rows)

    return cached_page(render, page_version(at))


@bp.get("/open/exposures/<int:exposure_id>")
@public
def exposure(exposure_id: int) -> Response:
    """One exposure; of one that is over or in doubt no more than that."""
    at = now()
    today = local(at).date()
    standing = standing_of(exposure_id, today) or abort(404)
    if standing is not Standing.SHOWN:
        page = render_template("open/exposure_gone.html", waits=standing is Standing.IN_DOUBT)
        return Response(page, 200 if standing is Standing.IN_DOUBT else 410)

    def render() -> str:
        found = live_exposure(exposure_id, today) or abort(404)
        row = {**_shown(found, at), "measures": measures(found.case)}
        return render_template("open/exposure.html", row=row)

    return cached_page(render, page_version(at))


@bp.get("/open/bulletins")
@public
def bulletins() -> Response:
    """Where the city's bulletins will be read."""
    return cached_page(lambda: render_template("open/bulletins.html"))


def _shown(one: PublicExposure, at: datetime) -> dict[str, Any]:
    return {**card(one.case, at), "told": one, "number": one.case.number, "case": one.case}
