"""A place to work at: a city, two listeners, and a portal that owes them events."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from portal.config import Settings
from tests import factories
from tests.apps import application
from tests.jobs.receiver import receiving
from tests.jobs.worker import Workplace


@pytest.fixture
def workplace(settings: Settings) -> Iterator[Workplace]:
    """An instance with a city whose events go to /first and /second of a receiver."""
    with receiving() as receiver:
        urls = (f"{receiver.url}/first", f"{receiver.url}/second")
        told = dataclasses.replace(settings, webhook_urls=urls)
        with application(told) as app:
            with app.app_context():
                factories.city()
            yield Workplace(app, told, receiver)
