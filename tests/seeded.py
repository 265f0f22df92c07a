"""A database that holds a city already: seeding it afresh would cost every test 0.15 s."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import text
from sqlalchemy.orm import scoped_session

from portal.app import create_app
from portal.config import Settings
from portal.core.db import db
from tests import factories
from tests.conftest import make_settings


@pytest.fixture(scope="session")
def city_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database with the city of tests.factories."""
    settings = make_settings(tmp_path_factory.mktemp("city"))
    path = settings.instance_path / "portal.db"
    shutil.copyfile(sqlite_template, path)
    with create_app(settings).app_context():
        factories.city()
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        for connected in db.engines.values():
            connected.dispose()
    return path


@pytest.fixture
def city_settings(request: pytest.FixtureRequest, engine: str, settings: Settings) -> Settings:
    """The test's settings; on SQLite its database holds the city."""
    if engine == "sqlite":
        template: Path = request.getfixturevalue("city_template")
        shutil.copyfile(template, settings.instance_path / "portal.db")
    return settings


@pytest.fixture
def db_city(
    city_settings: Settings, engine: str, session: scoped_session[Session]
) -> scoped_session[Session]:
    """The database session of a portal with a city in it."""
    if engine != "sqlite":
        factories.city()
    return session
