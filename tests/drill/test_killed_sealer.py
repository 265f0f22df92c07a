"""Kill the worker while it seals, twenty times (QUICK=1: three): no gap, none twice, all right."""

from __future__ import annotations

import os
import random
import time
from itertools import cycle, islice

import pytest
from sqlalchemy import insert, select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.openlog.queries import has_unsealed, sealed_count
from portal.domain.reports.states import State
from portal.domain.timeline.models import TimelineEvent
from tests.domain.openlog.ledger import faults, seals
from tests.factories import at_state
from tests.jobs.worker import PATIENCE_S, Workplace

QUICK = os.getenv("QUICK") == "1"
pytestmark = [pytest.mark.drill] if QUICK else [pytest.mark.drill, pytest.mark.engine]
KILLS = 3 if QUICK else 20
SEVERAL_BATCHES = 700


def test_kills(workplace: Workplace) -> None:
    for point in islice(cycle(("mid_seal", "after_seal", "")), KILLS):
        happen(workplace)
        if point:
            workplace.die_at(point)
        else:
            kill_at_random(workplace)
    worker = workplace.start()
    try:
        until_all_is_sealed(workplace)
    finally:
        workplace.end(worker)
    with workplace.app.app_context():
        places = [seal.seq for seal in seals()]
        sealed = [seal.event_id for seal in seals()]
        events = db.session.scalars(select(TimelineEvent.id)).all()
        assert places == list(range(len(events)))
        assert sorted(sealed) == sorted(events)
        assert faults() == []


def happen(workplace: Workplace) -> None:
    """A case, and enough for several batches."""
    with workplace.app.app_context():
        at_state(State.ACCEPTED)
        with transaction():
            opened = {"subject_kind": "report", "subject_id": 1, "kind": "original_opened"}
            row = {**opened, "at": now(), "actor_kind": "staff", "data": {}}
            db.session.execute(insert(TimelineEvent), [row] * SEVERAL_BATCHES)
        db.session.remove()


def kill_at_random(workplace: Workplace) -> None:
    """Kill a worker some moment after it has begun to seal."""
    with workplace.app.app_context():
        before = sealed_count()
        db.session.remove()
    worker = workplace.start()
    patience = time.monotonic() + PATIENCE_S
    while count(workplace) == before:
        assert time.monotonic() < patience, workplace.said()
        time.sleep(0.01)
    time.sleep(random.uniform(0, 0.2))
    workplace.end(worker)


def count(workplace: Workplace) -> int:
    with workplace.app.app_context():
        try:
            return sealed_count()
        finally:
            db.session.remove()


def until_all_is_sealed(workplace: Workplace) -> None:
    patience = time.monotonic() + PATIENCE_S
    while True:
        with workplace.app.app_context():
            is_done = not has_unsealed()
            db.session.remove()
        if is_done:
            return
        assert time.monotonic() < patience, workplace.said()
        time.sleep(0.1)
