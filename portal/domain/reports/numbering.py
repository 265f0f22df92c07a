"""Report numbers 受理编号: SP, the local day, a serial with gaps, a check character."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy.dialects import postgresql, sqlite

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
        series = _start_series(day)
    serial = series.next_serial
    if serial > _LAST_SERIAL:
        raise RuntimeError(f"no serials left on {day}")
    series.next_serial = serial + 1 + secrets.randbelow(_WIDEST_GAP)
    return compose_number(f"{day:%y%m%d}", serial)


def _start_series(day: date) -> NumberSeries:
    """The day's series; when several filings are the day's first, one of them starts it."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = {"on": day, "next_serial": 100 + secrets.randbelow(100)}
    db.session.execute(insert(NumberSeries).values(first).on_conflict_do_nothing())
    return db.session.get_one(NumberSeries, day, with_for_update=True)
