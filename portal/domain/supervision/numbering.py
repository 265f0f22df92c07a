"""Numbers of orders: 督〔2026〕3号, one series a year, without gaps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from portal.core.clock import local
from portal.core.db import db
from portal.domain.supervision.models import OrderSeries
from portal.domain.supervision.wording import order_number


def next_order_number(at: datetime) -> tuple[str, int, int]:
    """The next number of the local year of `at`: as written, the year, the serial.

    The row of the year stays locked until the order is committed; what is rolled back is given
    to the next one.
    """
    year = local(at).year
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    first = {"year": year, "last_serial": 0}
    db.session.execute(insert(OrderSeries).values(first).on_conflict_do_nothing())
    taken = (
        update(OrderSeries)
        .where(OrderSeries.year == year)
        .values(last_serial=OrderSeries.last_serial + 1)
        .returning(OrderSeries.last_serial)
        .execution_options(synchronize_session=False)
    )
    serial = db.session.scalars(taken).one()
    return order_number(year, serial), year, serial
