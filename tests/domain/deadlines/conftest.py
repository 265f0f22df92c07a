"""A report to hang deadlines on: only its key matters here."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.calendar.services import seed_calendar
from portal.domain.deadlines.services import seed_rules
from portal.domain.reports.models import Report
from tests.factories import make_category


@pytest.fixture
def report_id(session: scoped_session[Session]) -> int:
    """The id of a bare report, with the calendar and the rules seeded."""
    seed_calendar()
    seed_rules()
    received_at = datetime(2026, 3, 9, 2, tzinfo=UTC)
    report = Report(
        number="SP260309000001X",
        state="submitted",
        state_since=received_at,
        received_at=received_at,
        category_id=make_category().id,
        description="厂区夜间有刺鼻气味",
        query_code_mac="0" * 64,
        content_nonce="0" * 32,
        content_commitment="0" * 64,
    )
    session.add(report)
    session.flush()
    return report.id
