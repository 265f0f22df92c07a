"""Where it is: the phone's position, the crosshair, a base map in another datum, and outside."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from math import atan, degrees, pi, sinh
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.core.geo import Crs, Point, from_wgs84, haversine_m
from tests.browser import open_page
from tests.journeys.hands import press_label
from tests.journeys.screens import barriers, tab_to
from tests.journeys.tileserver import TileServer, start_tiles
from tests.journeys.visitor import until
from tests.live import LivePortal, start_portal

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]
DONE = re.compile("/report/done$")
HERE = Point(30.4, 112.4)
SAVED_MS = 900
SAID, WHOSE = "[data-told] [data-said]", "[data-whose]"
# The tile under the middle of the map: its address, and where in it the middle lies, from 0 to 1.
_TILE_IN_THE_MIDDLE = """
() => {
  const map = document.querySelector(".pinmap").getBoundingClientRect();
  const [x, y] = [map.left + map.width / 2, map.top + map.height / 2];
  for (const tile of document.querySelectorAll(".leaflet-tile-loaded")) {
    const box = tile.getBoundingClientRect();
    if (box.left <= x && x < box.right && box.top <= y && y < box.bottom) {
      return [tile.src, (x - box.left) / box.width, (y - box.top) / box.height];
    }
  }
  return null;
}
"""


def be_at(page: Page, at: Point, accuracy: float) -> None:
    """Let the phone believe that it is there."""
    where = {"latitude": at.lat, "longitude": at.lng, "accuracy": accuracy}
    page.context.set_geolocation(where)  # type: ignore[arg-type]


def locate(page: Page, at: Point, accuracy: float) -> None:
    """Press 用手机定位 at a place."""
    page.context.grant_permissions(["geolocation"])
    be_at(page, at, accuracy)
    page.get_by_role("button", name="用手机定位").click()


def send(page: Page) -> str:
    """Fill in what is left and file it; returns its words, which no other report has."""
    words = f"沟里的水又黑又臭，编号{uuid4()}。"
    press_label(page, "category", "water")
    page.locator("#description").fill(words)
    page.locator("label", has=page.locator("#consent")).click()
    page.get_by_role("button", name="提交举报").click()
    expect(page).to_have_url(DONE)
    return words


def placed(portal: LivePortal, words: str) -> dict[str, Any]:
    """Where a report lies, as it is stored."""
    query = (
        "SELECT lat, lng, raw_lat, raw_lng, crs, location_source, accuracy_m FROM report"
        " WHERE description = ?"
    )
    with closing(sqlite3.connect(portal.instance / "portal.db", timeout=30)) as database:
        database.row_factory = sqlite3.Row
        (row,) = database.execute(query, (words,)).fetchall()
    return dict(row)


def test_the_phone_s_position_grows_more_exact(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    locate(page_phone, Point(30.41, 112.41), 1200)
    expect(page_phone.locator(SAID)).to_have_text("误差约1,200米，还在变准……")
    expect(page_phone.locator(".pinmap path.m-acc")).to_have_count(1)
    expect(page_phone.locator("[data-locate]")).to_have_attribute("aria-busy", "true")
    be_at(page_phone, HERE, 30)
    expect(page_phone.locator(SAID)).to_have_text("误差约30米，还在变准……")
    be_at(page_phone, Point(30.9, 112.9), 400)  # a worse one changes nothing
    be_at(page_phone, HERE, 15)
    expect(page_phone.locator(SAID)).to_have_text("手机定位好了，误差约15米。")
    expect(page_phone.locator(WHOSE)).to_have_text("这里属于石桥镇石桥社区，由石桥镇政府负责。")
    expect(page_phone.locator("[data-locate]")).not_to_have_attribute("aria-busy", "true")
    expect(page_phone.locator("#consent_location")).to_be_checked()
    expect(page_phone.locator(".pinmap .tag")).to_have_text("示意图")
    assert not barriers(page_phone)
    stored = placed(city, send(page_phone))
    assert (stored["lat"], stored["lng"]) == pytest.approx(HERE, abs=1e-6)
    assert (stored["location_source"], stored["crs"], stored["accuracy_m"]) == ("gps", "wgs84", 15)


def test_a_bad_position_asks_for_the_crosshair_which_the_keyboard_moves(
    city: LivePortal, page_desktop: Page
) -> None:
    page = page_desktop
    page.clock.install()
    page.goto("/report")
    locate(page, HERE, 900)
    expect(page.locator(SAID)).to_contain_text("误差约900米")
    page.clock.fast_forward(20_500)
    expect(page.locator(SAID)).to_contain_text("手机只能定到约900米内")
    expect(page.locator("[data-told]")).to_have_class(re.compile("amber"))
    page.clock.resume()
    tab_to(page, ".pinmap")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(SAID)).to_have_text("位置标好了。")
    expect(page.locator(WHOSE)).to_contain_text("这里属于石桥镇")
    stored = placed(city, send(page))
    assert stored["location_source"] == "pin"
    assert stored["accuracy_m"] is None
    assert stored["lng"] > HERE.lng + 0.001
    assert stored["lat"] > HERE.lat + 0.001
    assert haversine_m(Point(stored["lat"], stored["lng"]), HERE) < 5_000


def test_outside_the_city_is_said_before_anything_is_sent(page_phone: Page) -> None:
    page_phone.goto("/report")
    locate(page_phone, Point(31.5, 112.4), 15)
    expect(page_phone.locator(WHOSE)).to_contain_text("不在示例市")
    expect(page_phone.locator(WHOSE)).to_contain_text("12369或12345")
    expect(page_phone.locator("[data-told]")).to_have_class(re.compile("amber"))
    expect(page_phone.locator(".pinmap .under")).to_have_text("不在本市范围")
    expect(page_phone.locator(".pinmap .pin")).to_be_in_viewport()
    page_phone.get_by_role("button", name="清除位置").click()
    expect(page_phone.locator("[data-told]")).to_be_hidden()
    assert page_phone.locator("[name=lat]").input_value() == ""


def test_without_leave_it_says_what_to_do(page_phone: Page) -> None:
    page_phone.goto("/report")
    page_phone.get_by_role("button", name="用手机定位").click()
    expect(page_phone.locator(SAID)).to_contain_text("没有允许定位")
    page_phone.locator(".pinmap").hover()
    page_phone.get_by_role("button", name="就是这里").click()
    expect(page_phone.locator(WHOSE)).to_contain_text("这里属于")


_TELL = """detail => { document.dispatchEvent(new CustomEvent("place:set", { detail })); }"""


def test_whoever_else_knows_the_place_may_tell_it(page_phone: Page) -> None:
    page_phone.goto("/report")
    detail = {"lat": HERE.lat, "lng": HERE.lng, "source": "exif"}
    # The page listens a moment after it is there; photos tell when somebody has chosen one.
    until(
        "the page to hear where the photo was taken",
        lambda: page_phone.evaluate(_TELL, detail) or page_phone.locator(WHOSE).inner_text(),
    )
    expect(page_phone.locator(WHOSE)).to_contain_text("石桥镇政府")
    assert page_phone.locator("[name=location_source]").input_value() == "exif"
    expect(page_phone.locator("#consent_location")).to_be_checked()


def test_a_draft_comes_back_with_its_place(page_phone: Page) -> None:
    page_phone.goto("/report")
    page_phone.get_by_role("button", name="在地图上标").dblclick()
    page_phone.get_by_role("button", name="就是这里").click()
    expect(page_phone.locator(WHOSE)).to_contain_text("这里属于")
    at = page_phone.locator("[name=lat]").input_value()
    page_phone.wait_for_timeout(SAVED_MS)
    page_phone.reload()
    expect(page_phone.locator(WHOSE)).to_contain_text("这里属于")
    assert page_phone.locator("[name=lat]").input_value() == at
    page_phone.get_by_role("button", name="在地图上标").click()
    expect(page_phone.locator(".pinmap .pin")).to_be_visible()


@pytest.fixture(scope="module")
def tiles() -> Iterator[TileServer]:
    """A map provider."""
    with start_tiles() as server:
        yield server


@pytest.fixture(scope="module")
def shifted(
    tiles: TileServer,
    settled: Callable[[LivePortal], LivePortal],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LivePortal]:
    """A portal whose base map is in GCJ-02."""
    portal = start_portal(
        tmp_path_factory.mktemp("shifted"),
        BASEMAP="custom",
        BASEMAP_URL=tiles.template,
        BASEMAP_DATUM="gcj02",
        BASEMAP_ATTRIBUTION="示例测绘院",
        MAP_APPROVAL_NO="GS(2026)1234号",
    )
    yield settled(portal)
    portal.stop()


def test_tiles_in_gcj_02_lie_under_the_right_place(
    shifted: LivePortal, tiles: TileServer, browser: Browser
) -> None:
    with open_page(browser, shifted.base_url, phone=True) as page:
        page.goto("/report")
        locate(page, HERE, 12)
        expect(page.locator(".pinmap .tag")).to_have_text("示例测绘院·审图号：GS(2026)1234号")
        expect(page.locator(WHOSE)).to_contain_text("石桥镇政府")
        middle = _middle(page)
        assert haversine_m(middle, from_wgs84(HERE, Crs.GCJ02)) < 3
        assert haversine_m(middle, HERE) > 300, "unshifted"
        page.get_by_role("button", name="就是这里").click()
        expect(page.locator("[name=location_source]")).to_have_value("pin")
        stored = placed(shifted, send(page))
    assert haversine_m(Point(stored["lat"], stored["lng"]), HERE) < 3
    assert stored["crs"] == "wgs84"
    assert {referer for _, referer in tiles.asked} == {f"{shifted.base_url}/"}


def _middle(page: Page) -> Point:
    """What the tiles show in the middle of the map, in their own datum."""
    page.wait_for_function(_TILE_IN_THE_MIDDLE)
    page.wait_for_timeout(1000)  # the map comes to rest
    page.wait_for_function(_TILE_IN_THE_MIDDLE)
    src, right, down = page.evaluate(_TILE_IN_THE_MIDDLE)
    zoom, x, y = (int(part) for part in re.findall(r"/(\d+)/(\d+)/(\d+)\.png", src)[0])
    side = 2**zoom
    lat = degrees(atan(sinh(pi * (1 - 2 * (y + down) / side))))
    return Point(lat, (x + right) / side * 360 - 180)
