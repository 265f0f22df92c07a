"""What is known near by is told before sending, and supporting it is as easy as filing."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.screens import barriers
from tests.journeys.test_phone import DONE, fill_in, photos_of, rows
from tests.journeys.visitor import until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
PUBLISHED = (
    "SELECT public_case.report_id, category.code, lat, lng FROM public_case"
    " JOIN category ON category.id = category_id WHERE level = 'published' AND lat IS NOT NULL"
    " AND photos != '[]' AND closed_on IS NOT NULL AND category.code LIKE '%.%'"
    " ORDER BY closed_on DESC LIMIT 1"
)
SUPPORTS = "SELECT count(*) FROM support WHERE report_id = ?"
POINT = """(form, [code, lat, lng]) => {
  form.elements.lat.value = lat;
  form.elements.lng.value = lng;
  form.elements.location_source.value = 'pin';
  const chosen = form.querySelector(`[name=category][value="${code}"]`);
  chosen.checked = true;
  chosen.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def test_a_known_case_is_shown_and_supporting_is_as_large_as_filing(
    city: LivePortal, page_phone: Page
) -> None:
    page = page_phone
    # The demo city is still being walked when the first journeys start.
    report, code, lat, lng = until("a published case", lambda: rows(city, PUBLISHED))[0]
    page.goto("/report")
    words = fill_in(page)
    page.locator("#filing").evaluate(POINT, [code, str(lat), str(lng)])
    near = page.locator("[data-near]")
    expect(near.locator("li").first).to_be_visible()
    assert near.locator("li").count() <= 3
    card = near.locator("li").first
    expect(card.locator("img")).to_be_visible()
    expect(card.locator(".meta")).to_contain_text("约")
    expect(card.locator(".meta")).to_contain_text("米")
    expect(card.locator(".meta")).to_contain_text("办结")
    expect(card.locator("h3")).to_contain_text("·")
    anyway = page.get_by_role("button", name="仍要举报")
    support = card.locator("button")
    assert size_of(support) == size_of(anyway)
    assert not barriers(page)
    before = count(city, report)
    button = near.locator(f"form:has([value='{number_of(city, report)}']) button")
    button.click()
    expect(near).to_contain_text("谢谢您，记下了")
    assert count(city, report) == before + 1
    anyway.click()
    expect(page).to_have_url(DONE)
    assert photos_of(city, words) == [0]


def size_of(button: Locator) -> int:
    """Its height in whole pixels; both fill their row."""
    box = button.bounding_box()
    assert box is not None
    return round(box["height"])


def count(city: LivePortal, report: Any) -> int:
    """How many phones support this case."""
    return int(rows(city, SUPPORTS, report)[0][0])


def number_of(city: LivePortal, report: Any) -> str:
    """The public number of this case."""
    return str(rows(city, "SELECT number FROM report WHERE id = ?", report)[0][0])
