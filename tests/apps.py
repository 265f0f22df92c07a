"""Applications for tests that leave nothing open behind them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal.app import create_app
from portal.config import Settings
from portal.core.db import db


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """An application, whose connections are closed at the end: a database may be dropped then."""
    app = create_app(settings)
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
