"""First loads on a slow phone: 393 px, CPU slowed 4 times, empty cache, 2 s a request, 50 kB/s."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page

_WATCH = """
window.bench = {lcp: 0, element: '', long: 0};
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) {
    window.bench.lcp = e.startTime;
    window.bench.element = e.element ? e.element.tagName.toLowerCase() : '';
  }
}).observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) window.bench.long += e.duration;
}).observe({type: 'longtask', buffered: true});
"""
_READ = """() => ({...window.bench,
  fcp: (performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0})"""
_SLOW = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
_SETTLE_MS = 2500
_PATIENCE_MS = 60_000


@dataclass
class FirstLoad:
    """Milliseconds to paint, and what came over the air."""

    fcp_ms: float = 0
    lcp_ms: float = 0
    element: str = ""
    long_tasks_ms: float = 0
    requests: int = 0
    wire_kb: float = 0
    gzip_kb: float = 0
    urls: dict[str, str] = field(default_factory=dict)


def first_load(browser: Browser, base_url: str, path: str) -> FirstLoad:
    """One first load of a page."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": 393, "height": 852},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        service_workers="block",
    )
    try:
        page = context.new_page()
        page.add_init_script(_WATCH)
        return _load(page, path)
    finally:
        context.close()


def _load(page: Page, path: str) -> FirstLoad:
    seen = FirstLoad()
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda e: _note_request(seen, e))
    wire.on("Network.loadingFinished", lambda e: _note_bytes(seen, e))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    wire.send("Network.emulateNetworkConditions", _SLOW)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    answer = page.goto(path, wait_until="load", timeout=_PATIENCE_MS)
    page.wait_for_timeout(_SETTLE_MS)
    found = page.evaluate(_READ)
    seen.fcp_ms, seen.lcp_ms, seen.element = found["fcp"], found["lcp"], found["element"]
    seen.long_tasks_ms = found["long"]
    seen.gzip_kb = len(gzip.compress(answer.body() if answer else b"")) / 1000
    return seen


def _note_request(seen: FirstLoad, event: dict[str, Any]) -> None:
    url = event["request"]["url"]
    if url.startswith("http"):
        seen.requests += 1
        seen.urls[event["requestId"]] = url


def _note_bytes(seen: FirstLoad, event: dict[str, Any]) -> None:
    if event["requestId"] in seen.urls:
        seen.wire_kb += event["encodedDataLength"] / 1000
