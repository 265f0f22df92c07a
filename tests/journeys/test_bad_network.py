"""On a bad network, in every way a phone can be held: exactly one report, with all its photos."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import open_page
from tests.journeys.screens import tab_to
from tests.journeys.test_phone import ALBUM, DONE, fill_in, photos_of, send, three_photos
from tests.journeys.wire import wire_to
from tests.live import LivePortal

pytestmark = pytest.mark.journey
PHOTO_BYTES = len(three_photos()[0]["buffer"])
WECHAT = (
    "Mozilla/5.0 ({phone}) AppleWebKit/537.36 (KHTML, like Gecko) {engine} MicroMessenger/8.0.50"
)
ANDROID = WECHAT.format(phone="Linux; Android 10; V1936A", engine="Chrome/86.0 MMWEBID/9541")
IPHONE = WECHAT.format(phone="iPhone; CPU iPhone OS 14_7 like Mac OS X", engine="Mobile/15E148")
# What WeChat on an older iPhone does not have.
OLD_IPHONE = """
delete Navigator.prototype.serviceWorker; delete Navigator.prototype.locks;
delete Crypto.prototype.randomUUID; delete window.createImageBitmap; delete indexedDB.databases;
"""
# name: (further options of the browser, what it does not have, the page it starts on)
WAYS: dict[str, tuple[dict[str, Any], str, str]] = {
    "320 px": ({"viewport": {"width": 320, "height": 640}}, "", "/report"),
    "elder": ({}, "", "/elder?on=1&next=/report"),
    "English": ({}, "", "/lang?to=en&next=/report"),
    "WeChat on Android": ({"user_agent": ANDROID}, "", "/report"),
    "WeChat on iOS": ({"user_agent": IPHONE, "service_workers": "block"}, OLD_IPHONE, "/report"),
}


def test_throttled_cut_in_the_middle_of_the_third_photo_and_restored(
    city: LivePortal, browser: Browser
) -> None:
    with (
        wire_to(city.port) as wire,
        open_page(browser, wire.base_url, phone=True, service_workers="block") as page,
    ):
        page.goto("/report")
        words = fill_in(page)
        wire.bytes_a_second = 200_000
        page.locator(ALBUM).set_input_files(three_photos()[:2])
        expect(page.locator("[name=photo_ids]")).to_have_count(2)
        wire.cut_after(PHOTO_BYTES // 2)
        page.locator(ALBUM).set_input_files(three_photos()[2:])
        third = page.locator(".ph").nth(2)
        expect(third.locator(".retry")).to_be_visible()
        assert wire.was_cut.is_set()
        send(page)
        expect(page.locator("[data-outbox] li")).to_contain_text("3张照片")
        assert photos_of(city, words) == []
        wire.mend()
        page.locator("[data-send]").click()
        expect(page).to_have_url(DONE)
        assert photos_of(city, words) == [3]


@pytest.fixture(params=WAYS)
def held(request: pytest.FixtureRequest, city: LivePortal, browser: Browser) -> Iterator[Page]:
    """A phone's page in one of many ways, on the filing form."""
    options, lacks, start = WAYS[request.param]
    with open_page(browser, city.base_url, phone=True, **options) as page:
        page.add_init_script(lacks)
        page.goto(start)
        yield page


def test_without_network_it_is_kept_and_sent_when_it_is_back(city: LivePortal, held: Page) -> None:
    held.locator(ALBUM).set_input_files(three_photos()[:2])
    expect(held.locator("[name=photo_ids]")).to_have_count(2)
    held.context.set_offline(True)
    held.locator(ALBUM).set_input_files(three_photos()[2:])
    words = fill_in(held)
    held.locator("#send").click()
    expect(held.locator("[data-put-by]")).to_be_visible()
    wide = held.evaluate("document.documentElement.scrollWidth")
    assert wide <= (held.viewport_size or {"width": 0})["width"]
    held.context.set_offline(False)
    expect(held).to_have_url(DONE)
    expect(held.locator("#query-code")).to_be_visible()
    assert photos_of(city, words) == [3]


def test_without_scripts_pressed_twice(city: LivePortal, browser: Browser) -> None:
    with open_page(browser, city.base_url, phone=True, java_script_enabled=False) as page:
        page.goto("/report")
        page.locator(ALBUM).set_input_files(three_photos())
        words = fill_in(page)
        page.locator("#send").dblclick()
        expect(page).to_have_url(DONE)
        assert photos_of(city, words) == [3]


def test_the_keyboard_alone_with_photos_and_the_network_lost(
    city: LivePortal, page_desktop: Page
) -> None:
    page = page_desktop
    # From now on, or Chromium may answer the first press with a window of its own.
    page.on("filechooser", lambda chooser: chooser.set_files(three_photos()))
    page.goto("/report")
    tab_to(page, ALBUM)
    page.keyboard.press("Enter")
    expect(page.locator("[name=photo_ids]")).to_have_count(3)
    tab_to(page, "[name=category]")
    page.keyboard.press("ArrowRight")
    tab_to(page, "#address")
    page.keyboard.type("解放路12号楼下")
    tab_to(page, "#description")
    words = f"每天夜里十一点以后还在放歌，编号{uuid4()}。"
    page.keyboard.type(words)
    tab_to(page, "#consent")
    page.keyboard.press("Space")
    page.context.set_offline(True)
    tab_to(page, "#send")
    page.keyboard.press("Enter")
    expect(page.locator("[data-put-by]")).to_be_focused()
    tab_to(page, "[data-send]")
    page.context.set_offline(False)
    expect(page).to_have_url(DONE)
    assert photos_of(city, words) == [3]
