"""Loading the demo city: settle it, plan its reports, walk each one; newest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC

from flask import Flask
from sqlalchemy import select

from portal.cli.demo.ledger import read_receipts, write_receipts, write_truth
from portal.cli.demo.plans import Planner
from portal.cli.demo.settle import settle_city
from portal.cli.demo.staff import actor
from portal.cli.demo.walk import Receipt, walk
from portal.config import Settings
from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.reports.models import Report
from portal.domain.timeline import services as timeline

MOST_THROUGH_SERVICES = 2_000
_SAY_EVERY = 25
_DONE_HERE = frozenset({"derivatives", "listing", "positions", "public_renditions", "webhooks"})
"""Subscribers whose work the loader does itself, or, for webhooks, that history must not wake."""

Say = Callable[[str], None]


def has_reports() -> bool:
    """Whether anything has been filed in this city, by the demo or by anybody."""
    return db.session.scalar(select(Report.id).limit(1)) is not None


def load_city(app: Flask, count: int, seed: int, say: Say) -> list[Receipt]:
    """Settle the city and walk ``count`` reports through it; returns their receipts.

    The same seed on the same day gives the same reports; numbers and codes stay random.
    """
    settings: Settings = app.extensions["portal.settings"]
    began = time.monotonic()
    added = settle_city()
    actor.cache_clear()
    say(f"city settled: {added} users added")
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    plans = Planner(count, seed, midnight.astimezone(UTC)).plans()
    earlier = read_receipts(settings.instance_path)
    receipts: list[Receipt] = []
    with _own_work_done_here(app):
        for number, plan in enumerate(plans, 1):
            receipts.append(walk(plan))
            db.session.remove()
            if number % _SAY_EVERY == 0 or number == len(plans):
                write_receipts(settings.instance_path, earlier, receipts)
                say(f"{number} of {len(plans)} reports, {time.monotonic() - began:.0f} s")
    write_truth(settings.instance_path, seed, plans)
    return receipts


@contextmanager
def _own_work_done_here(app: Flask) -> Iterator[None]:
    """Owe nothing to the subscribers whose work is done here already."""
    subscribers: dict[str, tuple[str, ...]] = app.extensions["portal.subscribers"]
    kept = {
        kind: tuple(name for name in names if name not in _DONE_HERE)
        for kind, names in subscribers.items()
    }
    wake = app.extensions["portal.queue"].wake
    timeline.connect(kept, wake)
    try:
        yield
    finally:
        timeline.connect(subscribers, wake)
