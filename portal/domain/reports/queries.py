"""Reading reports by what others call them."""

from __future__ import annotations

from sqlalchemy import select

from portal.core.db import db
from portal.domain.reports.models import Channel, Report


def report_of_order(channel: Channel, external_number: str) -> str | None:
    """The number under which an order or letter has been entered; None when it has not."""
    query = select(Report.number).where(
        Report.external_number == external_number, Report.channel == channel
    )
    return db.session.scalars(query.order_by(Report.id)).first()
