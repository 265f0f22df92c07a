"""What must hold before a portal may be given visitors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from portal.core.clock import now
from portal.core.db import db
from portal.core.ids import random_key
from portal.domain.openlog.queries import unsealed_tail
from portal.domain.reports.photos import photo_store
from portal.domain.timeline.queries import delivery_counts, oldest_waiting

log = structlog.get_logger(__name__)

# The worker wakes itself every quarter of a minute: four beats missed are no accident.
MOST_SILENCE = timedelta(seconds=60)
# A waiting worker takes a delivery within a second; photos of a burst may take minutes.
MOST_BACKLOG = timedelta(minutes=10)


class NotReadyError(Exception):
    """One check fails; the text says why, without secrets."""


def check_all() -> dict[str, str]:
    """Each check by name: `ok`, or why not."""
    return {name: _outcome(name, check) for name, check in _CHECKS.items()}


def _outcome(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except NotReadyError as reason:
        return str(reason)
    except Exception as fault:  # noqa: BLE001 - whatever it is, this check fails and is told
        log.warning("not ready", check=name, error=repr(fault)[:300])
        return f"failed: {type(fault).__name__}"
    finally:
        db.session.rollback()
    return "ok"


def _database() -> None:
    delivery_counts()


def _media() -> None:
    """Write and remove a few bytes, as durably as a photo."""
    key = f"{random_key()}-probe"
    photo_store().put(key, b"ready?")
    photo_store().delete(key)


def _migrations() -> None:
    context = MigrationContext.configure(db.session.connection())
    if set(context.get_current_heads()) != _heads():
        raise NotReadyError("the database is not at the head of the migrations: flask prepare")


@lru_cache(maxsize=1)
def _heads() -> frozenset[str]:
    migrate: Any = current_app.extensions["migrate"].migrate
    return frozenset(ScriptDirectory.from_config(migrate.get_config()).get_heads())


def _worker() -> None:
    said = current_app.extensions["portal.queue"].last_beat()
    if not said:
        raise NotReadyError("no worker has shown life yet: flask worker")
    silence = now() - datetime.fromisoformat(said)
    if abs(silence) > MOST_SILENCE:
        raise NotReadyError(f"the worker was last seen {round(silence.total_seconds())} s ago")


def _outbox() -> None:
    since = oldest_waiting(now())
    if since is not None and now() - since > MOST_BACKLOG:
        minutes = round((now() - since).total_seconds() / 60)
        raise NotReadyError(f"a delivery has been waiting for {minutes} minutes")


def _public_log() -> None:
    if unsealed_tail(now()).is_late:
        raise NotReadyError("events wait to be sealed into the public log: flask worker")


_CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "media": _media,
    "migrations": _migrations,
    "worker": _worker,
    "outbox": _outbox,
    "public_log": _public_log,
}
