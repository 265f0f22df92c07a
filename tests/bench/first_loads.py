"""What a first visit costs on a slow phone, beside the budget of quality.md section 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import pages, phone
from tests.bench.table import Row
from tests.browser import BrowserMissingError, start_browser
from tests.live import LivePortal

_FCP_MS, _LCP_MS, _LCP_WITH_PHOTO_MS = 2500, 2500, 5200


@dataclass(frozen=True)
class _Budget:
    """What the first load of a page may weigh; photos are not counted."""

    path: str
    most_kb: float = 60
    most_blocking: int | None = None


_BUDGETS = (
    _Budget("/report", 30, most_blocking=0),
    _Budget("/"),
    _Budget("/track"),
    _Budget("/open"),
    _Budget("/open/reports"),
    _Budget("/open/reports/{number}"),
    _Budget("/open/map"),
    _Budget("/open/figures"),
)


def first_loads(portal: LivePortal) -> Iterator[Row]:
    """Paints, weight and requests of each page; nothing without Chromium."""
    number = pages.a_public_number(portal.port)
    try:
        with start_browser() as browser:
            empty = phone.first_load(browser, portal.base_url, "/robots.txt")
            yield Row("first load of a few words", f"LCP {empty.lcp_ms:.0f} ms", "/robots.txt")
            for budget in _BUDGETS:
                path = budget.path.format(number=number)
                yield _row(budget, phone.first_load(browser, portal.base_url, path))
    except BrowserMissingError as reason:
        yield Row("first loads on a slow phone", f"not measured: {reason}")


def _row(budget: _Budget, seen: phone.FirstLoad) -> Row:
    # The element that was painted last tells whether the page waits for a photo.
    most_ms = _LCP_WITH_PHOTO_MS if seen.element == "img" else _LCP_MS
    blocks = budget.most_blocking is not None and seen.blocking > budget.most_blocking
    weights = ", ".join(f"{kind} {kb:.1f}" for kind, kb in seen.kb.items() if kb)
    is_quick = seen.fcp_ms <= _FCP_MS and seen.lcp_ms <= most_ms
    return Row(
        f"first load {budget.path}",
        f"FCP {seen.fcp_ms:.0f}, LCP {seen.lcp_ms:.0f} ms ({seen.element}); {seen.page_kb:.1f} kB",
        f"kB: {weights}; {seen.requests} requests, {seen.blocking} blocking; "
        f"long tasks {seen.long_tasks_ms:.0f} ms",
        f"LCP ≤ {most_ms / 1000:.1f} s, ≤ {budget.most_kb:.0f} kB",
        is_quick and seen.page_kb <= budget.most_kb and not blocks,
        seen.figures(),
    )
