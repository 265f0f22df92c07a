"""Keys for other systems on the command line, as docs/operations.md tells it."""

from __future__ import annotations

import dataclasses

from flask import Flask

from portal.cli.writers import api_cli
from portal.config import Settings
from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.writers.queries import writer_by_key, writers
from portal.domain.writers.services import seed_demo_writers
from tests.apps import application


def run(app: Flask, *words: str, fails: bool = False) -> str:
    """What the command prints."""
    result = app.test_cli_runner().invoke(api_cli, list(words))
    assert (result.exit_code != 0) is fails, result.output
    return str(result.output)


def test_a_key_is_printed_once_and_good_until_revoked(app: Flask) -> None:
    key = run(app, "add", "空气站", "--channel", "sensor", "--window", "1440").strip()
    with app.app_context():
        writer = writer_by_key(key, in_demo=False)
        assert writer is not None
        assert (writer.channel, writer.window_minutes) == ("sensor", 1440)
        assert key not in writer.key_mac
    shown = run(app, "list")
    assert "空气站: sensor, 600/h, 1440 min" in shown
    assert key not in shown
    run(app, "revoke", "空气站")
    with app.app_context():
        assert writer_by_key(key, in_demo=False) is None
    assert "revoked" in run(app, "list")


def test_a_name_is_taken_once(app: Flask) -> None:
    run(app, "add", "平台")
    assert "重复" in run(app, "add", "平台", fails=True)
    assert "no such system" in run(app, "revoke", "别的", fails=True)


def test_the_keys_of_the_demo_are_good_in_a_demo_only(app: Flask, settings: Settings) -> None:
    with app.app_context(), transaction():
        seed_demo_writers(now())
        seed_demo_writers(now())
    with app.app_context():
        assert len(writers()) == 2
        assert writer_by_key("demo-open311", in_demo=True) is not None
        assert writer_by_key("demo-open311", in_demo=False) is None
    other = dataclasses.replace(settings, demo=True)
    for kind, status in ((settings, 403), (other, 400)):
        with application(kind) as one:
            key = {"api_key": "demo-open311"}
            answer = one.test_client().post("/open311/v2/requests.json", data=key)
            assert answer.status_code == status
