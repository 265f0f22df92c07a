"""The public's pages in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.people import Receipt
from tests.journeys.test_access import published
from tests.journeys.visitor import Visitor, until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
__all__ = ["published"]
_SHARE = "e => e.scrollLeft / (e.scrollWidth - e.clientWidth)"


def test_before_and_after_lie_over_each_other(
    page_desktop: Page, city: LivePortal, browser: Browser, published: Receipt
) -> None:
    path = f"/open/reports/{published.number}"
    visitor = Visitor(city.base_url)
    until("the pair", lambda: "data-compare" in visitor.call("GET", path).text)
    page_desktop.goto(path)
    compare, ranged = page_desktop.locator(".cmp"), page_desktop.locator(".cmp-r")
    assert compare.evaluate(_SHARE) == pytest.approx(0.5, abs=0.02)
    ranged.focus()
    for _ in range(5):
        page_desktop.keyboard.press("ArrowRight")
    expect(ranged).to_have_attribute("aria-valuetext", re.compile("60"))
    assert compare.evaluate(_SHARE) == pytest.approx(0.4, abs=0.02)
    page_desktop.emulate_media(media="print")
    before, after = (page_desktop.locator(".cmp img").nth(n).bounding_box() for n in (0, 1))
    assert before
    assert after
    assert before["x"] + before["width"] <= after["x"]
    still = browser.new_context(java_script_enabled=False, base_url=city.base_url)
    plain = still.new_page()
    plain.goto(path)
    plain.locator(".cmp").focus()
    seen = plain.locator(".cmp")
    plain.wait_for_timeout(800)  # the first rest is over
    start = seen.evaluate(_SHARE)
    plain.keyboard.press("ArrowRight")
    plain.wait_for_timeout(500)
    assert seen.evaluate(_SHARE) > start
    still.close()
