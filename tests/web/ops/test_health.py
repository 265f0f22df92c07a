"""What operators ask for."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from portal.config import Settings
from portal.core import clock
from portal.domain.reports.states import State
from tests.factories import at_state, city, file

CHECKS = ("database", "media", "migrations", "outbox", "public_log", "worker")


def beat(settings: Settings, ago: timedelta = timedelta()) -> None:
    """What a worker writes."""
    file = settings.instance_path / "worker.heartbeat"
    file.write_text((clock.now() - ago).isoformat(), encoding="ascii")


def test_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.data) == (200, b"ok\n")


def test_ready_with_a_worker(settings: Settings, client: FlaskClient) -> None:
    beat(settings)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True,
        "checks": dict.fromkeys(CHECKS, "ok"),
    }


def test_not_ready_without_a_worker(settings: Settings, client: FlaskClient) -> None:
    assert client.get("/readyz").status_code == 503
    beat(settings, timedelta(seconds=61))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["checks"]["worker"] == "the worker was last seen 61 s ago"


def test_not_ready_while_deliveries_wait(
    app: Flask, settings: Settings, client: FlaskClient
) -> None:
    with app.app_context():
        city()
        at_state(State.SUBMITTED)  # long ago: START
    beat(settings)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json
    assert "waiting" in answer.json["checks"]["outbox"]


def test_not_ready_while_events_wait_for_their_seal(
    app: Flask, settings: Settings, client: FlaskClient
) -> None:
    with app.app_context():
        city()
        file(at=clock.now() - timedelta(seconds=61))
    beat(settings)
    answer = client.get("/readyz")
    assert answer.json
    assert "sealed" in answer.json["checks"]["public_log"]
    assert "portal_log_unsealed 1\n" in client.get("/metrics").text
    with app.app_context():
        app.extensions["portal.sealing"].run()
    sealed = client.get("/readyz").json
    assert sealed
    assert sealed["checks"]["public_log"] == "ok"
    told = client.get("/metrics").text
    for line in ("portal_log_unsealed 0\n", "portal_log_size 1\n", "portal_log_published 1\n"):
        assert line in told


def test_not_ready_when_photos_cannot_be_written(settings: Settings, client: FlaskClient) -> None:
    beat(settings)
    parts = settings.instance_path / "media" / "parts"
    parts.rmdir()
    parts.touch()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["checks"]["media"].startswith("failed")


def test_metrics_stay_on_this_machine(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert 'portal_deliveries{state="dead"} 0' in answer.get_data(as_text=True)
    away = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_overrides=away).status_code == 404
    through = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=through).status_code == 404


def test_robots_and_icon(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    robots = answer.get_data(as_text=True)
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/robots.txt", headers=known).status_code == 304
    assert {"Disallow: /desk", "Disallow: /track", "Disallow: /media/original"} <= set(
        robots.splitlines()
    )
    assert client.get("/favicon.ico").headers["Location"].endswith(".svg")
