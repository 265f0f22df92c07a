"""The public map: opened by hand, moved by keyboard, one press nearer, down to a case's page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.people import Office, Receipt, Resident, decisions_in, photos_decidable
from tests.journeys.screens import barriers, faults_here, tab_to
from tests.journeys.visitor import until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
IN_VIEW = re.compile(r"bbox=.+&zoom=\d+")


@pytest.fixture(scope="module")
def on_the_map(city: LivePortal) -> Receipt:
    """A case with a public point."""
    office, resident = Office(city), Resident(city)
    form = resident.filing_form("工地夜里一直打桩，吵得睡不着。", category="noise.construction")
    for name, value in (("lat", "30.4"), ("lng", "112.4"), ("location_source", "pin")):
        form.named(name)[0].chosen = [value]  # as the page's script does
    receipt = resident.send(form)
    stages.to_resolved(office, receipt.number)
    form = photos_decidable(office, receipt.number, 1)
    chosen: dict[str, Any] = {f"photo_decisions[{p}]": "release" for p in decisions_in(form)}
    office.take("publisher", receipt.number, "publish", **chosen)
    cells = f"/open/map/cells?q={receipt.number}"
    until("its place on the map", lambda: resident.web.get(cells).text.count('"Point"') == 1)
    return receipt


def test_by_hand_to_the_case(page_phone: Page, on_the_map: Receipt) -> None:
    page = page_phone
    page.goto(f"/open/map?q={on_the_map.number}")
    expect(page.locator("[data-map]")).to_be_hidden()
    page.get_by_role("button", name="打开可以放大的地图").click()
    spot = page.locator(".cluster")
    expect(spot).to_have_count(1)
    assert not barriers(page)
    assert not faults_here(page)
    spot.click()
    card = page.locator("[data-card]")
    expect(card).to_contain_text(on_the_map.number)
    card.get_by_role("link").click()
    expect(page).to_have_url(re.compile(f"/open/reports/{on_the_map.number}$"))


def test_by_keyboard_and_back_by_address(page_desktop: Page, on_the_map: Receipt) -> None:
    page = page_desktop
    page.goto("/open/map")
    expect(page.locator(".cluster").first).to_be_visible()  # a wide screen opens it by itself
    page.locator("[data-map]").focus()
    page.keyboard.press("+")
    expect(page).to_have_url(IN_VIEW)
    expect(page.locator("#cases-h")).to_contain_text("地图这一片最近的")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)
    told = page.locator("[data-told]").inner_text()
    page.goto(page.url)
    expect(page.locator("[data-told]")).to_contain_text("图上这一片有")
    assert told
    tab_to(page, ".cluster")
    expect(page.locator(".cluster:focus")).to_have_attribute("aria-label", re.compile("件"))
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert not barriers(page)


def test_without_scripts_it_is_all_there(city: LivePortal, on_the_map: Receipt) -> None:
    page = Resident(city).web.get("/open/map").text
    assert "一共" in page
    assert 'href="/open/reports?town=' in page
