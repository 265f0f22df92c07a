"""What a real browser tells that HTML cannot: barriers, overflow, what the keyboard reaches."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.visitor import Visitor

NARROW = {"width": 320, "height": 640}
_GRAVE = frozenset({"serious", "critical"})
_MOST_TABS = 120
_axe = Axe()


def wear(page: Page, visitor: Visitor) -> None:
    """Let the browser go on with a visitor's cookies: a login, a receipt, a tracked report."""
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {"name": cookie.name, "value": cookie.value or "", "url": visitor.base_url}
            for cookie in visitor.jar
        ]
    )


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on the page as it stands."""
    found = _axe.run(page).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]


def faults_of(page: Page, path: str) -> list[str]:
    """Barriers, more or less than one h1, and sideways scroll at 320 px on the page at `path`."""
    answer = page.goto(path)
    faults = faults_here(page)
    if answer is None or not answer.ok:
        faults.append(f"answered {answer.status if answer else None}")
    return [f"{path}: {fault}" for fault in faults]


def faults_here(page: Page) -> list[str]:
    """The same, but for the answer, on the page as it stands."""
    faults = barriers(page)
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} h1")
    usual = page.viewport_size
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > NARROW["width"]:
        faults.append(f"{wide} px wide at {NARROW['width']} px: {_too_wide(page)}")
    if usual is not None:
        page.set_viewport_size(usual)
    return faults


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on `selector`; AssertionError when it never gets there."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def _too_wide(page: Page) -> list[str]:
    script = """width => [...document.querySelectorAll('body *')]
      .filter(e => e.getBoundingClientRect().right > width + 1)
      .map(e => `${e.tagName}.${e.className} “${e.textContent.trim().slice(0, 20)}”`)"""
    found: list[str] = page.evaluate(script, NARROW["width"])
    return found[-3:]
