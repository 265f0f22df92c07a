"""Kill the web process at random moments while people file: what was acknowledged stays.

A hundred times (QUICK=1: six). Those whose connection broke send again with the same key, as the
filing page does, and get one report each.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core.db import db
from portal.core.ids import read_code
from portal.domain.reports.filing import code_mac
from portal.domain.reports.models import Photo, Report
from portal.domain.reports.photos import original_key, photo_store
from portal.domain.timeline.queries import events_of
from portal.web.citizen.consents import CONSENT_VERSION
from tests.house import ROOT
from tests.jobs.worker import Workplace
from tests.live import free_port

QUICK = os.getenv("QUICK") == "1"
pytestmark = [pytest.mark.drill] if QUICK else [pytest.mark.drill, pytest.mark.engine]
KILLS = 6 if QUICK else 100
CLIENTS = 4
PATIENCE_S = 40


@dataclass
class Web:
    """The web process, as `make run` starts it."""

    place: Workplace
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        address = f"127.0.0.1:{self.port}"
        command = ["gunicorn", "wsgi:app", "--bind", address, "--worker-class", "gthread"]
        options = ["--threads", "8", "--log-level", "warning"]
        with self.place.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *command, *options],
                cwd=ROOT,
                env=self.place.environ(TRUSTED_PROXIES="1", TRUSTED_HOSTS="127.0.0.1"),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait(self) -> None:
        patience = time.monotonic() + PATIENCE_S
        while not self.answers():
            assert time.monotonic() < patience, self.place.said()
            time.sleep(0.05)

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL for master and workers at once."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Resident:
    """Somebody who keeps the receipts; each report comes from another address and phone."""

    web: Web
    stop: threading.Event
    receipts: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    broken: int = 0

    def run(self) -> None:
        while not self.stop.is_set():
            key, picture = str(uuid.uuid4()), jpeg()
            while (answer := self.send(key, picture)) is None:
                time.sleep(0.1)
            if answer:
                self.receipts.append((answer, hashlib.sha256(picture).hexdigest()))

    def send(self, key: str, picture: bytes) -> dict[str, Any] | None:
        """The receipt; None when the connection broke; empty when refused, which is a fault."""
        fields = {
            "category": "air.odor",
            "description": f"河边作坊夜里排放刺鼻气味 {key}",
            "address": "河堤路老桥下",
            "grid_code": "999901001001",
            "occurred": "now",
            "consent": CONSENT_VERSION,
            "contact_phone": f"138{int(key[:6], 16):08}",
            "consent_contact": CONSENT_VERSION,
        }
        body, kind = multipart(fields, picture)
        headers = {
            "Accept": "application/json",
            "Content-Type": kind,
            "Idempotency-Key": key,
            "X-Forwarded-For": f"2001:db8:{key[:4]}:{key[4:8]}::1",
        }
        connection = HTTPConnection("127.0.0.1", self.web.port, timeout=20)
        try:
            connection.request("POST", "/report", body, headers)
            response = connection.getresponse()
            said = response.read()
        except (OSError, HTTPException):
            self.broken += 1
            return None
        finally:
            connection.close()
        if response.status == HTTPStatus.CREATED:
            receipt: dict[str, Any] = json.loads(said)
            return receipt
        if response.status in {HTTPStatus.CONFLICT, HTTPStatus.SERVICE_UNAVAILABLE}:
            return None  # a twin in progress, or the portal asks to try again
        self.faults.append(f"{response.status} {said[:300]!r}")
        self.stop.set()
        return {}


def jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), tuple(random.randbytes(3))).save(buffer, "JPEG")
    return buffer.getvalue() + uuid.uuid4().bytes


def multipart(fields: dict[str, str], picture: bytes) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="photos"; filename="a.jpg"'
    parts.append(f"--{mark}\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + picture)
    return b"".join(parts) + f"\r\n--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@pytest.fixture
def web(workplace: Workplace) -> Iterator[Web]:
    web = Web(workplace)
    web.start()
    web.wait()
    yield web
    web.kill()


def test_acknowledged_reports_survive(web: Web) -> None:
    stop = threading.Event()
    residents = [Resident(web, stop) for _ in range(CLIENTS)]
    threads = [threading.Thread(target=resident.run) for resident in residents]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        if stop.is_set():
            break
        time.sleep(random.uniform(0.05, 1.0))
        web.kill()
        web.start()
        web.wait()
    time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert [fault for r in residents for fault in r.faults] == []
    assert all(r.receipts for r in residents)
    assert sum(r.broken for r in residents) > 0, "no kill met anybody"
    check_receipts(web.place, [pair for r in residents for pair in r.receipts])


def check_receipts(place: Workplace, receipts: list[tuple[dict[str, Any], str]]) -> None:
    """Each receipt has its report, its code, its photo on disk and its event; none is double."""
    numbers = [receipt["number"] for receipt, _ in receipts]
    assert len(set(numbers)) == len(numbers)
    with place.app.app_context():
        stored = {report.number: report for report in db.session.scalars(select(Report))}
        assert set(stored) == set(numbers)  # everybody kept trying until answered
        assert len({report.description for report in stored.values()}) == len(numbers)
        for receipt, digest in receipts:
            report = stored[receipt["number"]]
            code = read_code(receipt["query_code"])
            assert code is not None
            assert report.query_code_mac == code_mac(code, "query")
            assert report.content_commitment == receipt["receipt"]["content_commitment"]
            assert [event.kind for event in events_of("report", report.id)] == ["file"]
            check_original(report.photos, digest)
        db.session.remove()


def check_original(photos: list[Photo], digest: str) -> None:
    assert [photo.sha256 for photo in photos] == [digest]
    with photo_store().get(original_key(photos[0].key)) as original:
        assert hashlib.sha256(original.read()).hexdigest() == digest
