"""`python -m tests.bench`: measure, print the table, write bench-results.json; ≤ 5 minutes.

BENCH_REPORTS says how many reports the demo city has. No absolute time makes it fail: machines are
noisy, so each figure stands beside a baseline of the same run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import first_loads, measures
from tests.bench.table import Row, keep, show
from tests.live import ROOT, LivePortal, start_portal

_FILE = ROOT / "bench-results.json"
_LOADING_S = 150


def main() -> int:
    """Run everything; returns the exit status."""
    reports = int(os.environ.get("BENCH_REPORTS", "300"))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        portal = start_portal(Path(folder), DEMO_REPORTS=str(reports), TRUSTED_PROXIES="1")
        try:
            _say(f"demo city of {reports} reports")
            _wait_until_settled(portal)
            for row in _measured(portal, Path(folder)):
                rows.append(row)
                _say(f"{row.what}: {row.measured}")
        finally:
            portal.stop()
    print(
        f"\n{show(rows)}\n\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs, {reports} reports"
    )
    keep(rows, _FILE, reports)
    return 0


def _measured(portal: LivePortal, folder: Path) -> Iterator[Row]:
    """Reading first, then what fills the database."""
    yield from first_loads.first_loads(portal)
    yield from measures.reading(portal)
    yield from measures.statements(portal)
    yield from measures.photos(folder)
    yield from measures.filing(portal)
    yield from measures.memory(portal)


def _wait_until_settled(portal: LivePortal) -> None:
    patience = time.monotonic() + _LOADING_S
    while "the demo city is complete" not in portal.log.read_text(encoding="utf-8"):
        if time.monotonic() > patience:
            _say("the demo city is still being filled: figures suffer")
            return
        time.sleep(1)


def _say(line: str) -> None:
    print(f"· {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
