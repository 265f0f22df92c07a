"""The towns with their cases of the last months: a sketch map and the table beside it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.web.filters import named
from portal.web.transparency.sketch import town_sketch
from portal.web.transparency.standing import TOWN_MONTHS, Standing

_TOWNS = 8


def where(figures: Standing) -> dict[str, Any]:
    """The sketch map and the table beside it."""
    towns = {town.id: town for town in grids(GridLevel.TOWN)}
    known = [count for count in figures.towns if count.town_id in towns]
    note = _("近%(n)s个月·三角表示有逾期", n=TOWN_MONTHS)
    since: dict[str, Any] = {"from": figures.towns_since.isoformat()}
    table = [
        {
            "name": named(towns[count.town_id]),
            "href": url_for("transparency.reports", town=towns[count.town_id].code, **since),
            "count": count,
        }
        for count in known[:_TOWNS]
    ]
    sketch = town_sketch({towns[count.town_id].code: count for count in known}, note)
    return {"sketch": sketch, "towns": table, "town_months": TOWN_MONTHS}
