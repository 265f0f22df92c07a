"""The demo city, loaded small: every state, photographs, receipts, nothing left to the worker."""

import json
import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.cli.demo.lives import LIVES, pick_lives
from portal.cli.demo.load import Found, found_in, load_city
from portal.cli.demo.people import demo_users
from portal.cli.demo.plans import Planner
from portal.cli.demo.settle import settle_city
from portal.cli.demo.watching import watch_in_demo
from portal.config import Settings
from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.core.drawing import chosen_of
from portal.domain.accounts.models import User
from portal.domain.categories.models import Category
from portal.domain.departments.queries import departments
from portal.domain.duty.models import Alert
from portal.domain.duty.roster import shift_at
from portal.domain.exposures.models import Exposure
from portal.domain.grids.queries import is_inside_city, locate, town_of
from portal.domain.inspections.models import (
    Inspection,
    InspectionLine,
    ListReason,
    PublicInspection,
    Stage,
)
from portal.domain.objections.models import PublicObjection
from portal.domain.openlog.audit import audit_log
from portal.domain.openlog.case_audit import audit_cases
from portal.domain.publication.correcting import is_kept_back
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photo_store, rendition_key
from portal.domain.reports.states import State
from portal.domain.reports.tracking import open_session
from portal.domain.timeline.models import Delivery, TimelineEvent
from tests.apps import application
from tests.conftest import make_settings
from tests.domain.openlog.ledger import heads, seals
from tests.engines import migrate

COUNT = len(LIVES) + 2


Logged = dict[str, Any]
City = tuple[Flask, Path, list[str]]


@pytest.fixture(scope="module")
def logged() -> Logged:
    """What the public log holds right after the load: what tests do in the city is told later."""
    return {}


@pytest.fixture(scope="module")
def city(logged: Logged, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """A city with every kind of life, loaded once for all tests of this module."""
    settings: Settings = make_settings(tmp_path_factory.mktemp("city") / "instance")
    migrate(settings)
    said: list[str] = []
    with application(settings) as app, app.app_context():
        load_city(app, COUNT, 1, said.append)
        found = audit_log()
        logged["heads"], logged["seals"] = heads(), [seal.sealed_at for seal in seals()]
        logged["wrong"] = [*found.faults, *found.notes, *audit_cases(now())]
        yield app, settings.instance_path, said


def test_every_state_is_there_and_every_receipt_opens_its_report(
    city: City,
) -> None:
    _, instance, said = city
    file = instance / "demo-receipts.json"
    receipts = json.loads(file.read_text(encoding="utf-8"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {r["state"] for r in receipts} == set(State)
    assert len(receipts) == COUNT
    for receipt in receipts:
        _, report = open_session(
            receipt["number"], receipt["query_code"], address="127.0.0.1", at=now()
        )
        assert report.state == receipt["state"]
        assert len(report.photos) >= receipt["photos"]
    db.session.rollback()
    assert said[-2].startswith(f"{COUNT} of {COUNT} reports")


def test_photographs_are_developed_and_nothing_is_left_to_the_worker(
    city: City,
) -> None:
    photos = list(db.session.scalars(select(Photo)))
    assert {p.status for p in photos} == {
        PhotoStatus.READY,
        PhotoStatus.RELEASED,
        PhotoStatus.WITHHELD,
    }
    for photo in photos[:10]:
        assert photo.phash
        assert photo_store().size(rendition_key(photo.key, 160))
    released = [p for p in photos if p.public_key]
    assert all(p.released_at or is_kept_back(p) for p in released)
    assert all(photo_store().size(rendition_key(p.public_key or "", 400)) for p in released)
    assert db.session.scalar(select(func.count(Delivery.id))) == 0


def test_the_log_looks_as_if_it_had_always_been_there(city: City, logged: Logged) -> None:
    signed, moments = logged["heads"], logged["seals"]
    assert len(signed) > 20  # weeks in which something happened, and now
    assert signed == sorted(signed, key=lambda head: (head.size, head.at))
    assert signed[-1].size == len(moments)
    assert moments == sorted(moments)
    assert logged["wrong"] == []


def test_histories_lie_in_the_past_and_the_public_sees_them(
    city: City,
) -> None:
    newest = db.session.scalar(select(func.max(Report.state_since)))
    today = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    assert newest is not None
    assert newest < today
    levels = Counter(db.session.scalars(select(PublicCase.level)))
    assert levels["published"] >= 8
    assert levels["listed"] >= 8
    with_photos = [c for c in db.session.scalars(select(PublicCase)) if c.photos]
    assert len(with_photos) >= 5


def test_an_interrupted_load_is_finished_and_a_finished_one_left_alone(
    city: City,
) -> None:
    app, instance, _ = city
    assert found_in(app) is Found.REPORTS
    (instance / "demo-truth.json").rename(instance / "kept")
    try:
        assert found_in(app) is Found.A_PART
        before = db.session.scalar(select(func.count(Report.id))) or 0
        assert load_city(app, COUNT, 1, list[str]().append, resume=True) == 0
        assert db.session.scalar(select(func.count(Report.id))) == before
    finally:
        (instance / "kept").rename(instance / "demo-truth.json")


def test_people_departments_and_land(city: City) -> None:
    assert db.session.scalar(select(func.count(User.id))) == len(demo_users())
    assert len(departments()) == 16
    found = locate(30.4, 112.4)
    assert found is not None
    town = town_of(found)
    assert town is not None
    assert town.code == "999901001"
    assert not is_inside_city(31.5, 112.4)
    assert settle_city() == 0


def test_planted_truths_are_listed(city: City) -> None:
    truth = json.loads((city[1] / "demo-truth.json").read_text(encoding="utf-8"))
    assert truth["duplicates"]
    assert truth["phones"] or truth["names"]


def test_plans_are_the_same_for_a_seed_and_a_day(city: City) -> None:
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)
    one, two = (Planner(300, 1, midnight).plans() for _ in range(2))
    assert [(p.complaint, p.times, p.at) for p in one] == [
        (p.complaint, p.times, p.at) for p in two
    ]
    assert [p.complaint for p in one] != [p.complaint for p in Planner(300, 2, midnight).plans()]
    assert len(one) == 300 == len({p.complaint.text for p in one})
    assert {p.life.ends for p in one} == set(State)
    assert all(p.times.last_at < midnight for p in one)
    oldest = min(p.times.received_at for p in one)
    assert (midnight - oldest).days > 480
    assert sum(p.twin_of is not None for p in one) >= 12


def test_small_cities_take_the_first_lives() -> None:
    import random

    assert [life.name for life in pick_lives(3, random.Random(1))] == [
        "submitted", "need_info", "declined",
    ]  # fmt: skip


def test_weeks_were_inspected_and_somebody_is_on_duty(
    city: City,
) -> None:
    stages = [row.stage for row in db.session.scalars(select(Inspection).order_by(Inspection.id))]
    assert stages == [Stage.FINISHED, Stage.FINISHED, Stage.UNDER_WAY]
    lines = list(db.session.scalars(select(InspectionLine)).unique())
    seen = [line for line in lines if line.result is not None]
    assert seen
    assert any(check.photos for line in seen for check in line.checks)
    for week in db.session.scalars(select(Inspection)):
        drawn = {one.report.number for one in week.lines if ListReason.DRAWN in one.reasons}
        assert drawn == chosen_of(week.numbers, week.draw_size, week.seed)
    assert db.session.scalar(select(func.count(PublicInspection.inspection_id))) == 2
    assert shift_at(now()) is not None


def test_objections_and_exposures_fill_their_lists(city: City) -> None:
    with city[0].app_context():
        ended = db.session.scalars(select(Exposure).where(Exposure.ended_at.is_not(None))).all()
        assert all(row.expires_on < local(row.ended_at or now()).date() for row in ended)
        rows = db.session.scalars(select(PublicObjection)).all()
        assert len({row.report_id for row in rows}) == len(rows) > 0, "each about its own case"
        for row in rows:
            filed = TimelineEvent.kind == "objection_received"
            own = TimelineEvent.subject_id == row.report_id
            assert db.session.scalar(select(TimelineEvent.at).where(filed, own)) == row.received_at


def test_of_two_emergencies_one_is_in_hand(city: City) -> None:
    waiting = list(db.session.scalars(select(Report).where(Report.state == State.SUBMITTED)))[:2]
    urgent = db.session.scalar(select(Category).where(Category.code == "water.drinking"))
    assert urgent is not None
    with transaction():
        for report in waiting:
            report.category = urgent
    watch_in_demo(now())
    alerts = list(db.session.scalars(select(Alert).order_by(Alert.raised_at)))
    assert [alert.acknowledged_at is None for alert in alerts] == [False, True][-len(waiting) :]
    assert [len(alert.steps) for alert in alerts] == [1, 3][-len(waiting) :]
