"""Chromium for journeys: Debian's own, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.live import new_address

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)
PATIENCE_MS = 15_000


class BrowserMissingError(Exception):
    """There is no Chromium on this machine."""


@contextmanager
def start_browser() -> Iterator[Browser]:
    """A running Chromium. Raises BrowserMissingError when there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise BrowserMissingError("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_page(
    browser: Browser, base_url: str, *, phone: bool, scripts: bool = True, address: str = ""
) -> Iterator[Page]:
    """A page in a fresh browser profile, 393 px wide for a phone and 1440 for a desk; it comes
    from `address`, or one of its own.

    Raises AssertionError at the end when a script failed or the browser refused something.
    """
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": 393, "height": 852} if phone else {"width": 1440, "height": 900},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        java_script_enabled=scripts,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        extra_http_headers={"X-Forwarded-For": address or new_address()},
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _note(message, complaints))
    try:
        yield page
    finally:
        context.close()
    assert not complaints, complaints


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # An answer of 404 or 422 is what some tests ask for.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(message.text)
