"""What is asked at each visit: whether anything public may have changed."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.publication.queries import case_version, content_version
from portal.domain.reports.models import Support
from portal.domain.reports.states import State
from tests.factories import at_state, drain

pytestmark = pytest.mark.engine


def test_every_change_makes_another_version(db_city: scoped_session[Session]) -> None:
    seen = [content_version()]
    report = at_state(State.RESOLVED)
    seen.append(content_version())
    drain()
    seen.append(content_version())
    assert len(set(seen)) == 3
    assert case_version(report.number) == (seen[-1], 0)
    assert content_version() == seen[-1]


def test_supporters_count_for_published_cases_only(db_city: scoped_session[Session]) -> None:
    report = at_state(State.RESOLVED)
    drain()
    number, report_id = report.number, report.id
    with transaction() as session:
        session.add(Support(report_id=report_id, phone_hash="0" * 64, at=now()))
    assert case_version(number)[1] == 0
    assert case_version("nobody's' number") == (content_version(), 0)
