"""`python -m tests.bench`: measure, print the table, write bench-results.json; ≤ 5 minutes.

BENCH_REPORTS says how many reports the demo city has; above 10,000 the pages are measured in a city
of 10,000 as well. BENCH_FOLDER names a directory where the cities stay for the next run. No
absolute time makes it fail: machines are noisy, so each figure stands beside a baseline of the same
run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import first_loads, many, measures
from tests.bench.table import Row, keep, show
from tests.live import ROOT, LivePortal, start_portal

_FILE = ROOT / "bench-results.json"
_LOADING_S = 150
_A_SECOND = 300  # reports that even a busy machine loads


def main() -> int:
    """Run everything; returns the exit status."""
    reports = int(os.environ.get("BENCH_REPORTS", "300"))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(os.environ.get("BENCH_FOLDER", made))
        small = _small_city(folder) if reports > many.SMALL else {}
        with _city(folder / "city", reports) as portal:
            for row in _measured(portal, folder, reports, small):
                rows.append(row)
                _say(f"{row.what}: {row.measured}")
    print(
        f"\n{show(rows)}\n\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs, {reports} reports"
    )
    keep(rows, _FILE, reports)
    return 0


@contextmanager
def _city(folder: Path, reports: int) -> Iterator[LivePortal]:
    """A running portal with so many reports; one that an earlier run left is used again."""
    began = time.monotonic()
    _say(f"demo city of {reports} reports")
    portal = start_portal(folder, DEMO_REPORTS=str(reports), TRUSTED_PROXIES="1")
    try:
        _wait_until_settled(portal, reports)
        _say(f"loaded in {time.monotonic() - began:.0f} s, {_size_mb(folder):,.0f} MB")
        yield portal
    finally:
        portal.stop()


def _small_city(folder: Path) -> dict[str, float]:
    """p95 of each reading in a city of many.SMALL reports, in milliseconds."""
    with _city(folder / "small", many.SMALL) as portal:
        return {name: load.p95_ms for name, (_, load, _) in many.measure(portal.port).items()}


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


def _measured(
    portal: LivePortal, folder: Path, reports: int, small: dict[str, float]
) -> Iterator[Row]:
    """Reading first, then what fills the database."""
    if reports < many.SMALL:
        yield from first_loads.first_loads(portal)
    yield from measures.reading(portal)
    if reports >= many.SMALL:
        yield from many.rows(portal.port, small)
    yield from measures.statements(portal)
    yield from measures.photos(folder)
    yield from measures.filing(portal)
    yield from measures.memory(portal)


def _wait_until_settled(portal: LivePortal, reports: int) -> None:
    patience = time.monotonic() + _LOADING_S + reports / _A_SECOND
    done = ("the demo city is complete", "the city has its reports already")
    while not any(words in portal.log.read_text(encoding="utf-8") for words in done):
        if time.monotonic() > patience:
            _say("the demo city is still being filled: figures suffer")
            return
        time.sleep(1)


def _say(line: str) -> None:
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
