"""A place to work at: a city, two listeners, and a portal that owes them events."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from portal.app import create_app
from portal.config import Settings
from portal.core.db import db
from tests import factories
from tests.jobs.receiver import receiving
from tests.jobs.worker import Workplace
from tests.seeded import city_settings, city_template, db_city

__all__ = ["city_settings", "city_template", "db_city", "workplace"]


@pytest.fixture
def workplace(city_settings: Settings, engine: str) -> Iterator[Workplace]:
    """An instance with a city whose events go to /first and /second of a receiver."""
    with receiving() as receiver:
        urls = (f"{receiver.url}/first", f"{receiver.url}/second")
        settings = dataclasses.replace(city_settings, webhook_urls=urls)
        app = create_app(settings)
        if engine != "sqlite":
            with app.app_context():
                factories.city()
        yield Workplace(app, settings, receiver)
        with app.app_context():
            db.session.remove()
            for connected in db.engines.values():
                connected.dispose()
