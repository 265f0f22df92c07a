"""Counters hold across threads and processes, in SQLite and in a real Redis."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from limits.errors import StorageError

from portal.adapters.counters import RedisCounters, SqliteCounters, counters_from_url
from portal.core import clock
from tests.engines import Redis

Counters = SqliteCounters | RedisCounters
PROCESSES, EACH = 3, 200


@pytest.fixture(params=["sqlite", "redis"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """REDIS_URL for each kind of counters."""
    if request.param == "sqlite":
        yield ""
        return
    server: Redis = request.getfixturevalue("redis")
    yield server.url
    counters_from_url(server.url, Path("unused")).reset()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "limits.db"


@pytest.fixture
def counters(address: str, file: Path) -> Counters:
    return counters_from_url(address, file)


def count_much(address: str, file: Path) -> None:
    counters = counters_from_url(address, file)
    for _ in range(EACH):
        counters.incr("one", 60)


def test_nothing_is_lost_between_processes(address: str, file: Path, counters: Counters) -> None:
    spawn = multiprocessing.get_context("spawn")
    children = [spawn.Process(target=count_much, args=(address, file)) for _ in range(PROCESSES)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0] * PROCESSES
    assert counters.get("one") == PROCESSES * EACH


def test_nothing_is_lost_between_threads(counters: Counters) -> None:
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(lambda _n: counters.incr("one", 60), range(400)))
    assert sorted(counted) == list(range(1, 401))


def test_what_was_counted_can_be_taken_back(counters: Counters) -> None:
    counters.incr("one", 60)
    counters.incr("one", 60)
    assert counters.incr("one", 60, -1) == 1
    assert counters.get("one") == 1
    counters.clear("one")
    assert counters.get("one") == 0


def test_a_window_begins_with_its_first_count(counters: Counters) -> None:
    counters.incr("one", 2)
    assert 1 <= counters.seconds_left("one") <= 2
    assert counters.seconds_left("other") == 0
    time.sleep(1.2)
    assert counters.incr("one", 2) == 2
    time.sleep(1.2)
    assert counters.incr("one", 2) == 1


def test_a_demo_moves_its_windows(file: Path) -> None:
    counters = SqliteCounters(file)
    counters.incr("one", 3600)
    clock.configure(timedelta(hours=1, seconds=1), None, "Asia/Shanghai")
    try:
        assert counters.get("one") == 0
        assert counters.seconds_left("one") == 0
        assert counters.incr("one", 3600) == 1
    finally:
        clock.configure(timedelta(), None, "Asia/Shanghai")


def test_what_is_over_is_swept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.adapters.counters._TIDY_EVERY", 2)
    counters = SqliteCounters(file)
    counters.incr("one", -1)
    counters.incr("two", 60)
    assert counters.reset() == 1


def test_both_are_well(counters: Counters) -> None:
    assert counters.check()


def test_failures_are_told_apart(tmp_path: Path) -> None:
    away = counters_from_url("redis://127.0.0.1:1", tmp_path / "unused")
    with pytest.raises(StorageError):
        away.incr("one", 60)
    (tmp_path / "limits.db").write_bytes(b"this is no database, it is a letter" * 100)
    with pytest.raises(StorageError):
        SqliteCounters(tmp_path / "limits.db").incr("one", 60)
