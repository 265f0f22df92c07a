"""Pages of a large city as quality.md section 1 asks for them, and how they grow with it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from tests.bench import pages
from tests.bench.clients import Answer, Connection, Load, percentile_ms, run
from tests.bench.table import Row

SMALL = 10_000
_READ_S = 6.0
_PAGE = 200
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_CITY = (112.15, 30.25, 112.65, 30.65)
_MOST_BYTES = 30_000
_SCREEN = {8: 1.2, 9: 0.9, 10: 0.6, 11: 0.45, 12: 0.25, 13: 0.12, 14: 0.06, 15: 0.03, 16: 0.015}


@dataclass(frozen=True)
class Reading:
    """What one kind of visitor asks for, in the shares they ask, and the p95 that is asked for."""

    name: str
    paths: Sequence[str]
    most_ms: float
    is_desk: bool = False


def readings(port: int) -> Iterator[Reading]:
    """Every reading whose p95 must not grow with the city."""
    number = pages.a_public_number(port)
    yield Reading("desk queue, 50 rows", ["/desk/queue/all"], 60, is_desk=True)
    yield Reading("public list, the mix", _list_mix(port), 40)
    yield Reading("public report page", [f"/open/reports/{number}"], 40)
    yield Reading("public figures", ["/open/figures"], 40)
    yield Reading("map viewport, kept keys", list(_views(_KEPT)), 50)
    yield Reading("map viewport, other filters", list(_views(_OTHER)), 300)


def measure(port: int) -> dict[str, tuple[Reading, Load, int]]:
    """Each reading with what one reader met, and the largest answer in bytes as sent."""
    cookie = pages.desk_cookie(port)
    found = {}
    for reading in readings(port):
        headers = {"Accept-Encoding": "gzip"}
        if reading.is_desk:
            headers["Cookie"] = cookie
        found[reading.name] = (reading, *_read(port, reading.paths, headers))
    return found


def rows(port: int, small: dict[str, float]) -> Iterator[Row]:
    """The rows of the table; `small` holds p95s of a city of SMALL reports, by name."""
    for name, (reading, load, most) in measure(port).items():
        empty = pages.one_reader(port, "/healthz", 1.0)
        faults = f", {len(load.faults)} FAILED" if load.faults else ""
        half = percentile_ms(load.took_s, 50)
        yield Row(
            f"{name}, p95",
            f"{load.p95_ms:.0f} ms (p50 {half:.0f}){faults}",
            f"empty view {empty.p95_ms:.1f} ms",
            f"≤ {reading.most_ms:.0f} ms",
            load.p95_ms <= reading.most_ms and not load.faults,
        )
        if name.startswith("map"):
            yield Row(f"{name}, bytes", f"{most:,}", "", "≤ 30 kB", most <= _MOST_BYTES)
        if name in small:
            grown = load.p95_ms / small[name]
            yield Row(
                f"{name}, growth",
                f"{grown:.1f} ×",
                f"{small[name]:.0f} ms at {SMALL:,}",
                "≤ 2 ×",
                grown <= 2,
            )


def _read(port: int, paths: Sequence[str], headers: dict[str, str]) -> tuple[Load, int]:
    turns, sizes = itertools.cycle(paths), [0]
    wire = {name.replace("-", "_"): value for name, value in headers.items()}

    def read(connection: Connection) -> Answer:
        answer = connection.ask("GET", next(turns), b"", **wire)
        sizes[0] = max(sizes[0], len(answer.body))
        return answer

    for path in paths[:3]:
        pages.get(port, path)  # what is kept for a while is read now
    return run(port, lambda: read, seconds=_READ_S, clients=1), sizes[0]


def _list_mix(port: int) -> list[str]:
    """40 % first page, 20 % one filter, 20 % two, 10 % a frequent word, 10 % page 200."""
    first, far = "/open/reports", _far(port)
    one = ["category=air", "state=closed", "town=999901002", "department=cg"]
    two = [
        "category=water&town=999901001", "department=sthj&state=deregistered",
        "category=noise&state=closed", "town=999901003&from=2026-03-01",
    ]  # fmt: skip
    words = ["q=%E5%BC%82%E5%91%B3", "q=%E5%9E%83%E5%9C%BE"]
    mix = [first] * 8 + [f"{first}?{query}" for query in (*one, *two, *words)] + [far] * 2
    Random(1).shuffle(mix)
    return mix


def _far(port: int) -> str:
    """The address of page 200, by following the links."""
    path = "/open/reports"
    for _ in range(_PAGE - 1):
        found = _NEXT.search(pages.get(port, path).decode())
        if found is None:
            break
        path = found[1].replace("&amp;", "&")
    return path


_KEPT = ("", "category=air", "state=closed", "from=2026-03-01&to=2026-03-31", "state=overdue")
_OTHER = (
    "department=cg", "town=999901002", "q=%E5%BC%82%E5%91%B3", "from=2026-03-07&to=2026-07-11",
    "category=air.odor", "department=sthj&category=water",
)  # fmt: skip


def _views(filters: Sequence[str]) -> Iterator[str]:
    """Screens of every zoom somewhere in the city, under each of these filters."""
    rng = Random(7)
    west, south, east, north = _CITY
    for zoom, wide in _SCREEN.items():
        for query in filters:
            left, low = rng.uniform(west, east - wide / 2), rng.uniform(south, north - wide / 2)
            if wide > east - west:
                left, low = west - 0.1, south - 0.1
            box = f"{left:.5f},{low:.5f},{left + wide:.5f},{low + wide * 0.6:.5f}"
            yield f"/open/map/cells?bbox={box}&zoom={zoom}&{query}"
