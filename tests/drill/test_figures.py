"""Five thousand random actions, and every figure is what a recount says (QUICK=1: a thousand)."""

from __future__ import annotations

import os

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import db
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import CaseFact
from tests.domain.figures.test_rollup import SEVERAL, live_restlessly

QUICK = os.getenv("QUICK") == "1"
pytestmark = [pytest.mark.drill] if QUICK else [pytest.mark.drill, pytest.mark.engine]
ACTIONS, EACH = (1_000, 1) if QUICK else (5_000, 5)


def test_sums_are_right_after_many_actions(session: scoped_session[Session]) -> None:
    restless = live_restlessly(ACTIONS)
    assert all(restless.taken.get(action, 0) >= EACH for action in SEVERAL), restless.taken
    facts = list(db.session.scalars(select(CaseFact.measures)))
    unseen = [m.code for m in Measure if not any(m & fact for fact in facts)]
    assert QUICK or unseen == ["extended"]
