"""Every state can be reached through the services alone."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.domain.reports.states import State
from tests.factories import at_state, city

pytestmark = pytest.mark.engine


def test_every_state_is_reached(session: scoped_session[Session]) -> None:
    city()
    assert [at_state(state).state for state in State] == list(State)
