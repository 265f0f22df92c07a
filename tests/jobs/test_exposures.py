"""An exposure ends by itself, with an event of its own: once, and also after an outage of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.accounts.actor import ActorKind
from portal.domain.accounts.permissions import Role
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.exposures.services import (
    ExposureError,
    NewExposure,
    approve_exposure,
    propose_exposure,
    withdraw_exposure,
)
from portal.domain.exposures.wording import Wording
from portal.domain.publication.queries import content_version
from portal.domain.reports.states import State
from portal.domain.timeline.models import TimelineEvent
from portal.jobs.exposures import end_lapsed
from tests.factories import at_state, drain, staff, writing

pytestmark = [pytest.mark.usefixtures("db_city"), pytest.mark.engine]
DAY = timedelta(days=1)
WORDS = Wording("东河镇直排案", "东河造纸厂", "夜间直排，已经停产。", "示环罚〔2026〕7号")


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    yield
    clock.configure(timedelta(), None, "Asia/Shanghai")


def go_to(moment: datetime) -> None:
    clock.configure(timedelta(), None, "Asia/Shanghai")
    clock.configure(moment - clock.now(), None, "Asia/Shanghai")


def expose(days: int, *, approved: bool = True) -> Exposure:
    report, at = at_state(State.PUBLISHED), now()
    drain()
    with writing():
        new = NewExposure(WORDS, local(at).date() + days * DAY)
        row = propose_exposure(report, new, by=staff(Role.PUBLISHER), at=at)
        if approved:
            approve_exposure(row, by=staff(Role.PUBLISHER, username="publisher2"), at=at)
    return row


def endings() -> list[TimelineEvent]:
    kind = TimelineEvent.kind == "exposure_ended"
    return list(db.session.scalars(select(TimelineEvent).where(kind).order_by(TimelineEvent.id)))


@pytest.mark.parametrize("days_late", [1, 9])
def test_it_ends_once(days_late: int) -> None:
    row, other = expose(30), expose(60)
    end = row.drafted_at + 30 * DAY
    go_to(end)
    assert end_lapsed() == 0, "the last day is not over"
    version = content_version()
    go_to(end + days_late * DAY)
    assert row.stage(local(now()).date()) is Stage.EXPIRED, "unseen already while nobody is there"
    assert [end_lapsed(), end_lapsed()] == [1, 0]
    (event,) = endings()
    assert (event.subject_id, event.actor_kind) == (row.report_id, ActorKind.SYSTEM)
    assert event.data == {"exposure": row.id, "last_on": row.expires_on.isoformat()}
    assert event.at == row.ended_at, "of the moment it was noticed, not backdated"
    assert content_version() != version
    assert other.ended_at is None
    go_to(end + 90 * DAY)
    assert end_lapsed() == 1
    assert [one.data["exposure"] for one in endings()] == [row.id, other.id]


def test_what_never_stood_does_not_end() -> None:
    draft, withdrawn = expose(30, approved=False), expose(30)
    with writing():
        withdraw_exposure(withdrawn, "改好了。", by=staff(Role.PUBLISHER), at=now())
    go_to(now() + 40 * DAY)
    assert end_lapsed() == 0
    assert not endings()
    with writing(), pytest.raises(ExposureError):
        approve_exposure(draft, by=staff(Role.PUBLISHER, username="publisher2"), at=now())
