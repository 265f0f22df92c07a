"""Loading the demo city: settle it, plan its reports, walk each one; newest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC
from enum import StrEnum
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.cli.demo.exposing import expose_in_demo
from portal.cli.demo.inspecting import inspect_in_demo
from portal.cli.demo.ledger import has_truth, read_receipts, write_receipts, write_truth
from portal.cli.demo.measuring import measure_in_demo
from portal.cli.demo.more_time import ask_in_demo
from portal.cli.demo.objecting import object_in_demo
from portal.cli.demo.plans import Planner
from portal.cli.demo.pressing import press_in_demo
from portal.cli.demo.returning import settle_look_backs
from portal.cli.demo.sealed import hold_log, seal_history
from portal.cli.demo.settle import settle_city
from portal.cli.demo.staff import actor
from portal.cli.demo.walk import walk
from portal.cli.demo.watching import watch_in_demo
from portal.cli.figures import rebuild_figures
from portal.config import Settings
from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.reports.models import Report
from portal.domain.timeline import services as timeline

MOST_THROUGH_SERVICES = 2_000
WALKED = 300
"""So many are walked where more than that are asked for: the others are copies (demo/bulk)."""
_SAY_EVERY = 25
_DONE_HERE = frozenset(
    {
        "advice",
        "alarm",
        "derivatives",
        "figures",
        "listing",
        "lookbacks",
        "positions",
        "public_renditions",
        "repeats",
        "webhooks",
    }
)
"""Subscribers whose work the loader does itself, or that history must not wake: nobody is alarmed,
no other system is told, and no advice was given then."""

Say = Callable[[str], None]


class Found(StrEnum):
    """What a city holds before loading."""

    NOTHING = "nothing"
    A_PART = "a part of the demo"
    REPORTS = "reports"


def found_in(app: Flask) -> Found:
    """Tell a fresh city from one whose loading was interrupted and one that has its reports."""
    instance = _instance(app)
    if db.session.scalar(select(Report.id).limit(1)) is None:
        return Found.NOTHING
    is_part = bool(read_receipts(instance)) and not has_truth(instance)
    return Found.A_PART if is_part else Found.REPORTS


def load_city(
    app: Flask, count: int, seed: int, say: Say, *, resume: bool = False, seal: bool = True
) -> int:
    """Settle the city and walk ``count`` reports through it; returns how many were walked.

    The same seed on the same day gives the same reports; numbers and codes stay random. With
    ``resume`` the reports that an interrupted load left receipts of are not walked again. Not to
    ``seal`` is for a city that will hold more: the log is sealed in the order of time.
    """
    began = time.monotonic()
    hold_log(app)
    added = settle_city()
    actor.cache_clear()
    say(f"city settled, {added} users added")
    midnight = local(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    plans = Planner(count, seed, midnight.astimezone(UTC)).plans()
    receipts = read_receipts(_instance(app))
    done = min(len(receipts), count) if resume else 0
    for plan, receipt in zip(plans[:done], receipts, strict=False):
        plan.number = receipt["number"]
    with _own_work_done_here(app):
        for number, plan in enumerate(plans[done:], done + 1):
            hold_log(app)
            receipts.append(asdict(walk(plan)))
            db.session.remove()
            write_receipts(_instance(app), receipts)
            if number % _SAY_EVERY == 0 or number == count:
                say(f"{number} of {count} reports, {time.monotonic() - began:.0f} s")
        settle_look_backs(seed, midnight)
        inspect_in_demo(plans, now())
        ask_in_demo(now())
        press_in_demo(now())
        expose_in_demo(now())
        object_in_demo(now())
        watch_in_demo(now())
        measure_in_demo(seed, now())
    rebuild_figures(now())
    if seal:
        say(f"{seal_history(app)} events sealed into the public log")
    write_truth(_instance(app), seed, plans)
    return len(plans) - done


def _instance(app: Flask) -> Path:
    settings: Settings = app.extensions["portal.settings"]
    return settings.instance_path


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
