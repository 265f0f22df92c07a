"""First loads on a slow phone: 393 px, CPU slowed 4 times, empty cache, 2 s a request, 50 kB/s."""

from __future__ import annotations

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
  fcp: (performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0,
  blocking: performance.getEntriesByType('resource')
    .filter((e) => e.renderBlockingStatus === 'blocking').length})"""
# Chromium holds each answer back for as long, also on a kept connection.
_SLOW = {
    "offline": False,
    "latency": 2000,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
_SETTLE_MS = 2500
_PATIENCE_MS = 60_000


KINDS = {"Document": "html", "Stylesheet": "css", "Script": "js", "Image": "img"}


@dataclass
class FirstLoad:
    """Milliseconds to paint, and what came over the air, headers included."""

    fcp_ms: float = 0
    lcp_ms: float = 0
    element: str = ""
    long_tasks_ms: float = 0
    blocking: int = 0
    kb: dict[str, float] = field(
        default_factory=lambda: dict.fromkeys((*KINDS.values(), "other"), 0.0)
    )
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return len(self.kinds)

    @property
    def page_kb(self) -> float:
        """All but photos and other pictures."""
        return sum(kb for kind, kb in self.kb.items() if kind != "img")

    def figures(self) -> dict[str, float]:
        """What a program reads."""
        return {
            "fcp_ms": round(self.fcp_ms),
            "lcp_ms": round(self.lcp_ms),
            "long_tasks_ms": round(self.long_tasks_ms),
            "requests": self.requests,
            "blocking_requests": self.blocking,
            **{f"{kind}_kb": round(kb, 1) for kind, kb in self.kb.items()},
        }


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
    page.goto(path, wait_until="load", timeout=_PATIENCE_MS)
    page.wait_for_timeout(_SETTLE_MS)
    found = page.evaluate(_READ)
    seen.fcp_ms, seen.lcp_ms, seen.element = found["fcp"], found["lcp"], found["element"]
    seen.long_tasks_ms, seen.blocking = found["long"], found["blocking"]
    return seen


def _note_request(seen: FirstLoad, event: dict[str, Any]) -> None:
    if event["request"]["url"].startswith("http"):
        seen.kinds[event["requestId"]] = KINDS.get(event.get("type", ""), "other")


def _note_bytes(seen: FirstLoad, event: dict[str, Any]) -> None:
    kind = seen.kinds.get(event["requestId"])
    if kind:
        seen.kb[kind] += event["encodedDataLength"] / 1000
