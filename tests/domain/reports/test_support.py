"""我也遇到: once for each phone, on both databases."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.geo import Point
from portal.domain.publication.nearby import published_near
from portal.domain.reports.models import Support
from portal.domain.reports.support import support_count, support_counts, support_report
from portal.domain.triage.nearby import Told
from portal.domain.triage.queries import under_way_near
from tests.factories import START, file


@pytest.mark.engine
def test_a_phone_counts_once_for_a_report(db_city: scoped_session[Session]) -> None:
    first, second = file().id, file().id
    for report_id, phone in ((first, "a"), (first, "a"), (first, "b"), (second, "a")):
        with transaction():
            support_report(report_id, phone, START)
    assert support_counts([first, second]) == {first: 2, second: 1}
    assert support_count(second + 1) == 0
    hashes = list(db_city.scalars(select(Support.phone_hash)))
    assert len(set(hashes)) == 3, "one phone's rows cannot be told to be one phone's"


@pytest.mark.engine
def test_asking_what_is_near_works_on_both(db_city: scoped_session[Session]) -> None:
    here = Point(30.4, 112.4)
    for told in (Told("air.dust", "", here, 1), Told("air", "", None, 1), Told("air", "", here)):
        assert published_near(told, START) == []
    assert under_way_near(here, "air", START) == 0
