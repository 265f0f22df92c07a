"""Report numbers 受理编号: SP, the local day, a serial with gaps, a check character."""

from __future__ import annotations

import secrets
from datetime import datetime

from portal.core.clock import local
from portal.core.db import db
from portal.core.ids import compose_number
from portal.domain.reports.models import NumberSeries

_WIDEST_GAP = 7
_LAST_SERIAL = 999_999


def next_number(at: datetime) -> str:
    """A fresh number for the local day of `at`.

    Serials have random gaps, so that two receipts do not tell how many reports lie between them.
    Raises RuntimeError when a day runs out of serials.
    """
    day = local(at).date()
    series = db.session.get(NumberSeries, day, with_for_update=True)
    if series is None:
        series = NumberSeries(on=day, next_serial=100 + secrets.randbelow(100))
        db.session.add(series)
    serial = series.next_serial
    if serial > _LAST_SERIAL:
        raise RuntimeError(f"no serials left on {day}")
    series.next_serial = serial + 1 + secrets.randbelow(_WIDEST_GAP)
    return compose_number(f"{day:%y%m%d}", serial)
