"""The worker as `make run` starts it, and what must be true once it has caught up."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from portal.config import Settings
from portal.core.db import db
from portal.domain.publication.models import PublicCase
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photo_store, rendition_key
from portal.domain.timeline.models import Delivery, DeliveryState, TimelineEvent
from portal.domain.timeline.queries import delivery_counts
from tests.house import ROOT
from tests.jobs.receiver import Receiver

KILL_POINTS = ("after_claim", "before_send", "after_send", "before_mark", "mid_photo")
PATIENCE_S = 45
SIZES = (1600, 400, 160)
_DONE = {DeliveryState.DONE.value}


@dataclass(frozen=True)
class Workplace:
    """An instance in which workers live and die."""

    app: Flask
    settings: Settings
    receiver: Receiver

    def environ(self, **more: str) -> dict[str, str]:
        """What the worker is told: the same settings as ours."""
        return {
            **os.environ,
            "TESTING": "1",
            "INSTANCE_PATH": str(self.settings.instance_path),
            "DATABASE_URL": self.settings.database_url,
            "SECRET_KEY": base64.b64encode(self.settings.secret_key).decode(),
            "FIELD_KEYS": self.settings.field_keys,
            "BASE_URL": self.settings.base_url,
            "WEBHOOK_URLS": ",".join(self.settings.webhook_urls),
            **more,
        }

    @property
    def log(self) -> Path:
        """What workers print."""
        return self.settings.instance_path / "worker.log"

    def start(self, **more: str) -> subprocess.Popen[bytes]:
        """Start a worker; `more` adds to its settings."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
                cwd=ROOT,
                env=self.environ(**more),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def die_at(self, point: str) -> None:
        """Let a worker run until it is killed at `point`."""
        worker = self.start(DRILL_KILL_POINT=point)
        try:
            assert worker.wait(PATIENCE_S) == -signal.SIGKILL, self.said()
        finally:
            self.end(worker)

    def catch_up(self, shift: str = "5m") -> None:
        """Let a healthy worker run, `shift` later, until nothing is owed any more."""
        worker = self.start(CLOCK_OFFSET=shift)
        try:
            patience = time.monotonic() + PATIENCE_S
            while not self.is_done():
                assert worker.poll() is None, self.said()
                assert time.monotonic() < patience, self.said()
                time.sleep(0.1)
            worker.send_signal(signal.SIGTERM)
            worker.wait(PATIENCE_S)
        finally:
            self.end(worker)

    def is_done(self) -> bool:
        """Whether every delivery was made."""
        with self.app.app_context():
            try:
                return set(delivery_counts()) <= _DONE
            finally:
                db.session.remove()

    def said(self) -> str:
        """The end of the workers' log, for a failure's message."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    @staticmethod
    def end(worker: subprocess.Popen[bytes]) -> None:
        """Make sure that nobody stays behind, the decoding children included."""
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def check_everything_arrived(self) -> None:
        """Every event reached every subscriber, and each left what it is for."""
        with self.app.app_context():
            events = list(db.session.scalars(select(TimelineEvent)))
            self._check_deliveries(events)
            self._check_webhooks(events)
            for photo in db.session.scalars(select(Photo)):
                check_photo(photo)
            check_listing()
            db.session.remove()

    def _check_deliveries(self, events: list[TimelineEvent]) -> None:
        wanted = self.app.extensions["portal.subscribers"]
        owed = {(e.id, name) for e in events for name in wanted.get(e.kind, ())}
        made = {(d.event_id, d.subscriber): d.state for d in db.session.scalars(select(Delivery))}
        assert set(made) == owed
        assert set(made.values()) == {DeliveryState.DONE}

    def _check_webhooks(self, events: list[TimelineEvent]) -> None:
        wanted = self.app.extensions["portal.subscribers"]
        due = {e.id for e in events if "webhooks" in wanted.get(e.kind, ())}
        assert due
        for path in ("/first", "/second"):
            assert self.receiver.events(path) == due
        for _, key, body in self.receiver.posts:
            assert key == f"event-{body['event']}"
            assert set(body) == {"event", "number", "kind", "at", "state"}


def check_photo(photo: Photo) -> None:
    """Every size is there, whole; a released one is rendered anew."""
    assert photo.status in {PhotoStatus.READY, PhotoStatus.RELEASED}
    keys = [photo.key, photo.public_key] if photo.status == PhotoStatus.RELEASED else [photo.key]
    for key in keys:
        for size in SIZES:
            assert key
            with photo_store().get(rendition_key(key, size)) as picture:
                data = picture.read()
            assert data.startswith(b"\xff\xd8")
            assert data.endswith(b"\xff\xd9")
    assert (photo.released_at is not None) is (photo.status == PhotoStatus.RELEASED)
    if photo.report_id is not None and photo.kind == "evidence":
        assert photo.sealed_position is not None


def check_listing() -> None:
    """The public rows are those that follow from the reports."""
    hidden = {"submitted", "declined", "withdrawn", "merged"}
    for report in db.session.scalars(select(Report)):
        row = db.session.get(PublicCase, report.id)
        if report.accepted_at is None or report.state in hidden:
            assert row is None
        else:
            assert row is not None
            assert row.state == report.state
            released = [p.public_key for p in report.photos if p.released_at]
            assert [p["key"] for p in row.photos] == released
