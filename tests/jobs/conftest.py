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


@pytest.fixture
def workplace(settings: Settings) -> Iterator[Workplace]:
    """An instance with a city whose events go to /first and /second of a receiver."""
    with receiving() as receiver:
        urls = (f"{receiver.url}/first", f"{receiver.url}/second")
        told = dataclasses.replace(settings, webhook_urls=urls)
        app = create_app(told)
        with app.app_context():
            factories.city()
        yield Workplace(app, told, receiver)
        with app.app_context():
            db.session.remove()
            for connected in db.engines.values():
                connected.dispose()
