"""Chromium for journeys: Debian's own, driven by Playwright."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

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
# What is looked for is waited for as long as what is pressed.
expect.set_options(timeout=PATIENCE_MS)


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


class KillableBrowser:
    """Chromium as a process of its own on the profile in `folder`, to be killed as a dead battery
    does; another one may go on with the profile.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._told = folder / "DevToolsActivePort"
        self._told.unlink(missing_ok=True)
        program = next(filter(None, map(shutil.which, NAMES)))
        options = ["--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}"]
        self._process = subprocess.Popen(
            [program, *FLAGS, *options, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._link = browser.browser_type.connect_over_cdp(self._address())
        self.page = self._link.contexts[0].pages[0]
        self.page.set_default_timeout(PATIENCE_MS)

    def _address(self) -> str:
        patience = time.monotonic() + PATIENCE_MS / 1000
        while not (self._told.exists() and self._told.read_text(encoding="utf-8").strip()):
            assert time.monotonic() < patience, "Chromium does not start"
            time.sleep(0.05)
        return f"http://127.0.0.1:{self._told.read_text(encoding='utf-8').split()[0]}"

    def kill(self) -> None:
        """SIGKILL to all its processes."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        if self._process.poll() is None:
            self.kill()
        self._link.close()


@contextmanager
def open_page(
    browser: Browser, base_url: str, *, phone: bool, address: str = "", **more: Any
) -> Iterator[Page]:
    """A page in a fresh browser profile, 393 px wide for a phone and 1440 for a desk; it comes
    from `address`, or one of its own; `more`: further options of the profile. A pixel is a pixel,
    for four or nine in its place are the most work of Chromium and change nothing that is measured.

    Raises AssertionError at the end when a script failed or the browser refused something.
    """
    options: dict[str, Any] = {
        "viewport": {"width": 393, "height": 852} if phone else {"width": 1440, "height": 900},
        "is_mobile": phone,
        "has_touch": phone,
        "locale": "zh-CN",
        "timezone_id": "Asia/Shanghai",
        "extra_http_headers": {"X-Forwarded-For": address or new_address()},
        **more,
    }
    context = browser.new_context(base_url=base_url, **options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: _note(message, complaints))
    try:
        yield page
    finally:
        # Taking a profile away under two tabs that were still sending hung Chromium once.
        for tab in context.pages:
            tab.close()
        context.close()
    assert not complaints, complaints


def _note(message: ConsoleMessage, complaints: list[str]) -> None:
    # An answer of 404 or 422 is what some tests ask for.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        complaints.append(message.text)
