"""Report numbers 受理编号: SP, the local day, a serial with gaps, a check character."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import update
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
    serial = _take_serial(day)
    if serial is None:
        _start_series(day)
        serial = _take_serial(day)
    if serial is None or serial > _LAST_SERIAL:
        raise RuntimeError(f"no serials left on {day}")
    return compose_number(f"{day:%y%m%d}", serial)


def _take_serial(day: date) -> int | None:
    """The next serial, its row locked by moving on; None before the day's first filing."""
    step = 1 + secrets.randbelow(_WIDEST_GAP)
    taken = (
        update(NumberSeries)
        .where(NumberSeries.on == day)
        .values(next_serial=NumberSeries.next_serial + step)
        .returning(NumberSeries.next_serial - step)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(taken)


def _start_series(day: date) -> None:
    """The day's series; when several filings are the day's first, one of them starts it."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = {"on": day, "next_serial": 100 + secrets.randbelow(100)}
    db.session.execute(insert(NumberSeries).values(first).on_conflict_do_nothing())
