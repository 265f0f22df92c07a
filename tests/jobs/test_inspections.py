"""The draft of next Monday appears by itself, once, also after the worker was down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.accounts.permissions import Role
from portal.domain.inspections.models import Inspection, Stage
from portal.domain.reports.states import State
from portal.jobs.inspections import plan_due
from tests.factories import START, at_state, staff

pytestmark = pytest.mark.usefixtures("db_city")
THURSDAY = START + timedelta(days=3)


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    yield
    clock.configure(timedelta(), None, "Asia/Shanghai")


def go_to(moment: datetime) -> None:
    clock.configure(timedelta(), None, "Asia/Shanghai")
    clock.configure(moment - clock.now(), None, "Asia/Shanghai")


@pytest.mark.parametrize("days", [0, 2, 4])
def test_a_draft_for_next_monday(days: int) -> None:
    staff(Role.SUPERVISOR)
    case = at_state(State.HANDLING)
    go_to(THURSDAY - timedelta(days=1))
    assert plan_due() == 0
    go_to(THURSDAY + timedelta(days=days))
    assert [plan_due(), plan_due()] == [1, 0]
    (row,) = db.session.scalars(select(Inspection)).all()
    assert (row.monday, row.stage, row.planned_by_id) == (date(2026, 3, 16), Stage.DRAFT, None)
    assert [line.report_id for line in row.lines] == [case.id]
    assert len(row.seed) >= 32
