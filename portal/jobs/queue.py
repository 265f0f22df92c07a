"""huey carries and schedules; the truth is in the outbox table, so losing a task loses nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from huey import SqliteHuey, crontab
from huey.consumer import Consumer

from portal.core.clock import now
from portal.core.db import db, has_one_writer
from portal.jobs.deadlines import run_due_steps, sweep
from portal.jobs.exposures import end_lapsed
from portal.jobs.figures import catch_up
from portal.jobs.inspections import plan_due
from portal.jobs.listing import catch_up_map
from portal.jobs.lookbacks import draw_due
from portal.jobs.outbox import Outbox
from portal.jobs.pressure import press

_POLL_S = 0.3
_PULSE_S = 15
_GATHER_S = 0.1


@dataclass(frozen=True)
class Timely:
    """What only the wiring knows how to do, at its times."""

    every_minute: Callable[[], object]
    by_night: Callable[[], object]


class Queue:
    """The work queue of one portal, in an SQLite file of its own."""

    def __init__(
        self, app: Flask, path: Path, outbox: Callable[[], Outbox], timely: Timely
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._app, self._outbox, self._timely = app, outbox, timely
        self._heartbeat = path.with_name("worker.heartbeat")
        self._is_waking = threading.Event()
        self._huey = SqliteHuey(
            "portal", filename=str(path), fsync=False, timeout=10, results=False
        )
        self._drain = self._huey.task()(self.drain)
        self._huey.periodic_task(crontab())(self.tick)
        self._huey.periodic_task(crontab(minute="17"))(self.sweep)
        self._huey.periodic_task(crontab(minute="40", hour="19"))(self.learn)

    def wake(self) -> None:
        """Ask the worker to look at the outbox. Losing this costs at most a minute.

        Calls within _GATHER_S become one: the worker then drains what all of them owe.
        """
        if not self._is_waking.is_set():
            self._is_waking.set()
            threading.Timer(_GATHER_S, self._wake_now).start()

    def _wake_now(self) -> None:
        self._is_waking.clear()
        # Acknowledged work is already in the outbox; a full or locked queue must not fail it.
        with suppress(Exception):
            self._drain()

    def drain(self) -> None:
        """Deliver what is due."""
        with self._app.app_context():
            self._outbox().drain(self._beat, gives_way=has_one_writer())
            self._beat()

    def tick(self) -> None:
        """Every minute: what time does by itself, and deliveries nobody woke us for.

        What is owed goes first: a changed calendar moves terms before anybody is pressed for them.
        """
        self.drain()
        with self._app.app_context():
            run_due_steps()
            draw_due()
            plan_due()
            press()
            end_lapsed()
            catch_up()
            catch_up_map()
            db.session.remove()
        self.drain()
        with self._app.app_context():
            self._timely.every_minute()
            db.session.remove()

    def sweep(self) -> None:
        """Every hour: forget what is over."""
        with self._app.app_context():
            sweep()
            db.session.remove()

    def learn(self) -> None:
        """Every night, 03:40 in the city: what takes long and nobody waits for."""
        with self._app.app_context():
            self._timely.by_night()
            db.session.remove()

    def last_beat(self) -> str:
        """When the worker last showed life, ISO 8601; empty when never."""
        with suppress(OSError):
            return self._heartbeat.read_text(encoding="ascii")
        return ""

    def consumer(self) -> Consumer:
        """The worker: one thread, for SQLite has one writer and photos decode in processes."""
        self.tick()
        threading.Thread(target=self._pulse, name="pulse", daemon=True).start()
        return Consumer(
            self._huey,
            workers=1,
            periodic=True,
            initial_delay=0.05,
            backoff=1.15,
            max_delay=_POLL_S,
            check_worker_health=True,
        )

    def _pulse(self) -> None:
        """Wake ourselves regularly: a stuck worker then shows no life, a lost wake-up heals."""
        while True:
            threading.Event().wait(_PULSE_S)
            self.wake()

    def _beat(self) -> None:
        part = self._heartbeat.with_suffix(".part")
        part.write_text(now().isoformat(), encoding="ascii")
        part.replace(self._heartbeat)
