"""What a real browser tells that HTML cannot: barriers, overflow, what the keyboard reaches."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.visitor import Visitor

NARROW = {"width": 320, "height": 640}
WIDTHS = (320, 393, 1280)
TAP, ELDER_TAP = 44, 60  # px: the least a finger must hit (quality.md section 2)
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
    found = _axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
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
        faults.append(f"{wide} px wide at {NARROW['width']} px: {_too_wide(page, NARROW['width'])}")
    if usual is not None:
        page.set_viewport_size(usual)
    return faults


def small_targets(page: Page, least: int) -> list[str]:
    """What can be pressed on the page as it stands and is lower than `least` px, or narrower than
    44 px. A box or a file is pressed by its label.
    """
    script = """([tall, wide]) => [...document.querySelectorAll(
        'a[href],button,summary,select,textarea,input:not([type=hidden])')]
      .filter(e => !e.disabled && !e.matches('.skip') && !e.closest('[hidden],.vh,.leaflet-pane'))
      .filter(e => !e.closest('details:not([open])') || e.closest('summary'))
      .map(e => /^(radio|checkbox|file)$/.test(e.type) ? e.closest('label') || e : e)
      .map(e => [e, e.getBoundingClientRect()])
      .filter(([e, r]) => r.width > 1 && (r.height < tall - 0.5 || r.width < wide - 0.5))
      .map(([e, r]) => `${e.tagName} “${(e.textContent || e.name).trim().slice(0, 20)}” `
        + `${Math.round(r.width)}×${Math.round(r.height)}`)"""
    found: list[str] = page.evaluate(script, [least, TAP])
    return found


def sweep(page: Page, path: str, *, least: int, status: int = 200) -> list[str]:
    """Barriers, headings, targets under `least` px and sideways scroll of a page, phone to desk."""
    answer = page.goto(path)
    faults = barriers(page)
    if answer is None or answer.status != status:
        faults.append(f"answered {answer.status if answer else None}")
    headings = page.locator("h1").count()
    if headings != 1:
        faults.append(f"{headings} h1")
    usual = page.viewport_size or NARROW
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 852})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"wider than {width} px: {_too_wide(page, width)}")
        faults += [f"at {width} px small: {target}" for target in small_targets(page, least)]
    page.set_viewport_size({"width": usual["width"], "height": usual["height"]})
    return [f"{path}: {fault}" for fault in faults]


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is on `selector`; AssertionError when it never gets there."""
    for _ in range(_MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def _too_wide(page: Page, width: int) -> list[str]:
    script = """width => [...document.querySelectorAll('body *')]
      .filter(e => e.getBoundingClientRect().right > width + 1)
      .map(e => `${e.tagName}.${e.className} “${e.textContent.trim().slice(0, 20)}”`)"""
    found: list[str] = page.evaluate(script, width)
    return found[-3:]
