"""A city for tests that need people and places."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from tests import factories


@pytest.fixture
def db_city(session: scoped_session[Session]) -> scoped_session[Session]:
    """The database session of a portal with a city in it."""
    factories.city()
    return session
