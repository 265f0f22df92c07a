"""The rows of quality.md section 1 that exist today, each measured on a running portal."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import filing as filings
from tests.bench import pages, photo, processes
from tests.bench.clients import percentile_ms
from tests.bench.table import Row
from tests.live import LivePortal

_READ_S = 2.0
_FILE_S = 8.0
_EMPTY_S = 3.0
_SETS = 3


def filing(portal: LivePortal) -> Iterator[Row]:
    """Filings a second with eight clients, and whether each has its row."""
    port, web = portal.port, processes.web_processes(_serve(portal))
    filings.file_for(port, 2)
    before, filed, sets = _count(portal), 0, []
    for with_phone in (False,) * _SETS + (True,):
        empty, cpu = filings.empty_view(port, _EMPTY_S), sum(map(processes.cpu_s, web))
        load = filings.file_for(port, _FILE_S, with_phone=with_phone)
        used = sum(map(processes.cpu_s, web)) - cpu
        filed += len(load.took_s)
        sets.append((load.p95_ms / empty.p95_ms, load, empty, used, with_phone))
    ratio, load, empty, used, _ = sorted(sets[:_SETS], key=lambda s: s[1].per_second)[_SETS // 2]
    yield Row(
        "filings, 8 clients, no contact",
        f"{load.per_second:.0f}/s, {1000 * used / len(load.took_s):.1f} ms CPU",
        f"empty view {empty.per_second:.0f}/s",
        "≥ 120/s",
        load.per_second >= 120,
    )
    yield Row(
        "filings, p95 ÷ empty view's",
        f"{ratio:.0f} × (p50 {percentile_ms(load.took_s, 50):.0f}, p95 {load.p95_ms:.0f} ms)",
        f"p95 {empty.p95_ms:.1f} ms",
        "≤ 25 ×",
        ratio <= 25,
    )
    sealed = sets[-1][1]
    yield Row(
        "filings with a phone number", f"{sealed.per_second:.0f}/s, p95 {sealed.p95_ms:.0f} ms"
    )
    lost = filed - (_count(portal) - before)
    faults = sum(len(s[1].faults) for s in sets)
    yield Row("receipts without a row", f"{lost} of {filed}, {faults} refused", "", "0", lost == 0)


def _count(portal: LivePortal) -> int:
    import sqlite3

    with sqlite3.connect(f"file:{portal.instance}/portal.db?mode=ro", uri=True) as rows:
        count: int = rows.execute("SELECT count(*) FROM report").fetchone()[0]
    return count


def memory(portal: LivePortal) -> Iterator[Row]:
    """Resident memory of each web process after the load."""
    for number, pid in enumerate(processes.web_processes(_serve(portal)), start=1):
        resident = processes.resident_mb(pid)
        yield Row(
            f"memory of web process {number}", f"{resident:.0f} MB", "", "≤ 200 MB", resident <= 200
        )


def _serve(portal: LivePortal) -> int:
    if portal.process is None:
        raise RuntimeError("the portal does not run")
    return portal.process.pid


@dataclass(frozen=True)
class _Reading:
    """A page, who reads it, and the p95 that is asked for."""

    name: str
    path: str
    most_ms: float
    is_desk: bool = False


_READINGS = (
    _Reading("desk queue, 50 rows", "/desk/queue/all", 60, is_desk=True),
    _Reading("public list", "/open/reports", 40),
    _Reading("public front page", "/open", 40),
    _Reading("public report page", "/open/reports/{number}", 40),
)


def reading(portal: LivePortal) -> Iterator[Row]:
    """p95 of pages for one reader, and how fast an unchanged one is known to be unchanged."""
    port, number = portal.port, pages.a_public_number(portal.port)
    cookie = pages.desk_cookie(port)
    for page in _READINGS:
        headers = {"Cookie": cookie} if page.is_desk else {}
        empty = pages.one_reader(port, "/healthz", _READ_S / 2)
        load = pages.one_reader(port, page.path.format(number=number), _READ_S, **headers)
        yield Row(
            f"{page.name}, p95",
            f"{load.p95_ms:.0f} ms ({load.per_second:.0f}/s)",
            f"empty view {empty.p95_ms:.1f} ms ({empty.per_second:.0f}/s)",
            f"≤ {page.most_ms:.0f} ms",
            load.p95_ms <= page.most_ms,
        )
    for path in ("/open/reports", f"/open/reports/{number}"):
        yield _unchanged(port, path)


def _unchanged(port: int, path: str) -> Row:
    shares = []
    for _ in range(_SETS):
        empty = pages.one_reader(port, "/healthz", _READ_S / 2)
        shares.append(pages.unchanged(port, path, _READ_S / 2).per_second / empty.per_second)
    share = statistics.median(shares)
    name = "report page" if path.count("/") > 2 else "public list"
    return Row(
        f"{name} unchanged (304)", f"{share:.0%} of", "an empty view's rate", "≥ 50 %", share >= 0.5
    )


def statements(portal: LivePortal) -> Iterator[Row]:
    """SQL statements of each page."""
    number = pages.a_public_number(portal.port)
    paths = {
        "filing page": "/report",
        "front page": "/open",
        "public list": "/open/reports",
        "public report page": f"/open/reports/{number}",
        "desk queue": "/desk/queue/all",
        "desk case": f"/desk/reports/{number}",
    }
    for name, count in pages.statements(portal.environ, paths).items():
        yield Row(f"SQL statements: {name}", str(count), "", "≤ 12 (aim)", count <= 12)


def photos(folder: Path) -> Iterator[Row]:
    """A 12 MP photo: CPU beside a bare Pillow pipeline, and memory."""
    path = folder / "12mp.jpg"
    photo.draw(path)
    pairs = [(photo.cost_of("ours", path), photo.cost_of("bare", path)) for _ in range(_SETS)]
    ours, bare = sorted(pairs, key=lambda p: p[0].cpu_ms / p[1].cpu_ms)[_SETS // 2]
    ratio = ours.cpu_ms / bare.cpu_ms
    yield Row(
        "12 MP photo → 1600 + 400 + 160 px",
        f"{ratio:.2f} × ({ours.cpu_ms:.0f} ms CPU)",
        f"bare Pillow {bare.cpu_ms:.0f} ms",
        "≤ 1.3 ×",
        ratio <= 1.3,
    )
    memory_of = f"bare Pillow {bare.peak_mb:.0f} MB"
    yield Row(
        "12 MP photo, peak memory",
        f"{ours.peak_mb:.0f} MB",
        memory_of,
        "≤ 150 MB",
        ours.peak_mb <= 150,
    )
