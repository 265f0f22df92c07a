"""A phone on a bad network: nothing is lost, nothing is sent twice, large photos arrive small."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.core.imaging.pictures import GPS_HERE, exif, jpeg_bytes
from tests.journeys.album import MUD, RUST, SKY, Colour, phone_jpeg
from tests.journeys.hands import payload, press_label
from tests.journeys.visitor import File, until
from tests.live import ROOT, LivePortal

pytestmark = pytest.mark.journey
DONE = re.compile("/report/done$")
SAVED_MS = 600
ALBUM = "input[type=file][multiple]"
_TAKEN = {0x9003: "2026:03:09 08:15:00"}


def large_jpeg(colour: Colour) -> bytes:
    """Twelve megapixels, as a phone takes them, with hour and place."""
    picture = Image.new("RGB", (4000, 3000), colour)
    about = exif(orientation=6, taken=_TAKEN, gps=GPS_HERE)
    return jpeg_bytes(picture, quality=85, exif=about)


def three_photos() -> list[Any]:
    files = [
        File("photos", "one.jpg", phone_jpeg(MUD)),
        File("photos", "two.jpg", phone_jpeg(SKY)),
        File("photos", "three.jpg", phone_jpeg(RUST)),
    ]
    return [payload(file) for file in files]


def fill_in(page: Page) -> str:
    """All that a report needs but photos; returns its words, which no other report has."""
    words = f"沟里的水又黑又臭，编号{uuid4()}。"
    press_label(page, "category", "water")
    page.locator("#address").fill("东风路桥下排水口")
    page.locator("#description").fill(words)
    page.locator("label", has=page.locator("#consent")).click()
    return words


def send(page: Page) -> None:
    page.get_by_role("button", name="提交举报").click()


def rows(city: LivePortal, query: str, *values: str) -> list[Any]:
    with closing(sqlite3.connect(city.instance / "portal.db", timeout=30)) as database:
        return database.execute(query, values).fetchall()


def photos_of(city: LivePortal, words: str) -> list[int]:
    """How many photos each report with these words has."""
    query = (
        "SELECT count(photo.id) FROM report LEFT JOIN photo ON photo.report_id = report.id"
        " WHERE report.description = ? GROUP BY report.id"
    )
    return [count for (count,) in rows(city, query, words)]


def test_a_large_photo_arrives_small_with_its_hour_and_place(
    city: LivePortal, page_phone: Page
) -> None:
    page_phone.goto("/report")
    large = large_jpeg(MUD)
    page_phone.locator(ALBUM).set_input_files([payload(File("photos", "large.jpg", large))])
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(1)
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    query = (
        "SELECT photo.width, photo.height, photo.taken_at, photo.sealed_position FROM photo"
        " JOIN report ON report.id = photo.report_id WHERE report.description = ?"
        " AND photo.sealed_position IS NOT NULL"
    )
    until("the photo's place in the vault", lambda: rows(city, query, words))
    width, height, taken_at, _sealed = rows(city, query, words)[0]
    assert (width, height) == (1536, 2048)
    assert taken_at.startswith("2026-03-09 00:15:00")


def test_the_network_is_cut_in_the_third_photo(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    cut: list[str] = []

    def cut_the_third(route: Route) -> None:
        if b"three.jpg" in (route.request.post_data_buffer or b"") and len(cut) < 2:
            cut.append(route.request.headers["idempotency-key"])
            route.abort("connectionreset")
        else:
            route.continue_()

    page_phone.route("**/report/photos", cut_the_third)
    page_phone.locator(ALBUM).set_input_files(three_photos())
    expect(page_phone.locator(".ph .retry:not([hidden])")).to_have_count(1)
    words = fill_in(page_phone)
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(3)
    assert len(set(cut)) == 1
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [3]


def test_the_button_stays_under_the_thumb_when_photos_have_arrived(page_phone: Page) -> None:
    held: list[Route] = []
    page_phone.route("**/report/photos", lambda route: held.append(route))  # noqa: PLW0108 - theirs must be a function
    page_phone.goto("/report")
    page_phone.locator(ALBUM).set_input_files(three_photos()[:1])
    fill_in(page_phone)
    lines = page_phone.locator(".bar .hint:not([hidden]):not(:empty)")
    expect(lines).to_have_count(2)
    button = page_phone.get_by_role("button", name="提交举报")
    before = button.bounding_box()
    until("the photo on its way", lambda: bool(held))
    held[0].continue_()
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(1)
    expect(lines).to_have_count(0)
    assert button.bounding_box() == before


def edits_chunks() -> list[str]:
    """The built files that turn and cover photos; builds of the last day lie beside the newest."""
    built = (ROOT / "static/dist").glob("chunk-*.js")
    return [path.name for path in built if "plain:null" in path.read_text(encoding="utf-8")]


def test_a_photo_is_turned_and_one_is_refused(city: LivePortal, page_phone: Page) -> None:
    late: list[Route] = []
    for name in edits_chunks():
        page_phone.route(f"**/{name}", lambda route: late.append(route))  # noqa: PLW0108 - theirs must be a function
    page_phone.goto("/report")
    files = [
        File("photos", "lying.jpg", phone_jpeg(SKY, orientation=1)),
        File("photos", "notes.jpg", b"this is no picture"),
    ]
    page_phone.locator(ALBUM).set_input_files([payload(file) for file in files])
    expect(page_phone.locator(".ph .retry:not([hidden])")).to_contain_text("没有收")
    expect(page_phone.locator("[data-faults]")).to_contain_text("第2张：不是能收的照片")
    page_phone.locator(".ph .x").last.click()
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(1)
    page_phone.locator(".ph .turn").first.click()
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).not_to_have_url(DONE)  # it waits for what turns the photo
    for route in late:
        route.continue_()
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [1]
    query = (
        "SELECT photo.width, photo.height FROM photo JOIN report ON report.id = photo.report_id"
        " WHERE report.description = ? AND photo.width IS NOT NULL"
    )
    until("the photo processed", lambda: rows(city, query, words))
    assert rows(city, query, words) == [(900, 1200)]


def test_without_network_it_waits_and_is_sent_once(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    page_phone.locator(ALBUM).click(trial=True)
    page_phone.locator(ALBUM).set_input_files(three_photos()[:2])
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(2)
    page_phone.context.set_offline(True)
    page_phone.locator(ALBUM).set_input_files(three_photos()[2:])
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone.locator("[data-put-by]")).to_be_visible()
    expect(page_phone.locator("[data-outbox] li")).to_contain_text("等网络")
    assert photos_of(city, words) == []
    page_phone.context.set_offline(False)
    expect(page_phone).to_have_url(DONE)
    expect(page_phone.locator("#query-code")).to_be_visible()
    assert photos_of(city, words) == [3]
    page_phone.goto("/report")
    expect(page_phone.locator("[data-outbox]")).to_be_hidden()
    expect(page_phone.locator("#description")).to_have_value("")


def test_an_answer_that_is_lost_files_nothing_twice(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    page_phone.route("**/report", lose_the_first)
    page_phone.locator(ALBUM).set_input_files(three_photos())
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert lost == [201]
    assert photos_of(city, words) == [3]


def test_a_closed_tab_leaves_its_draft_and_two_tabs_have_one_each(
    city: LivePortal, page_phone: Page
) -> None:
    page_phone.goto("/report")
    page_phone.locator(ALBUM).set_input_files(three_photos())
    words = fill_in(page_phone)
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(3)
    page_phone.wait_for_timeout(SAVED_MS)
    page_phone.reload()
    expect(page_phone.locator("[data-restored]")).to_be_visible()
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(3)
    second = page_phone.context.new_page()
    second.goto("/report")
    expect(second.locator("[data-outbox] li")).to_contain_text("另一个页面正在写")
    expect(second.locator("#description")).to_have_value("")
    page_phone.close()
    second.goto("/report")
    expect(second.locator("#description")).to_have_value(words)
    expect(second.locator("#address")).to_have_value("东风路桥下排水口")
    expect(second.locator("[name=photo_ids]")).to_have_count(3)
    send(second)
    expect(second).to_have_url(DONE)
    assert photos_of(city, words) == [3]


def test_a_refused_filing_shows_each_photo_once(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    page_phone.locator(ALBUM).set_input_files(three_photos())
    words = fill_in(page_phone)
    page_phone.locator("#contact_phone").fill("1398765")
    send(page_phone)
    expect(page_phone.get_by_role("alert")).to_contain_text("11位")
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(3)
    expect(page_phone.locator(".ph img")).to_have_count(3)
    page_phone.locator("#contact_phone").fill("")
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [3]
    page_phone.goto("/report")
    page_phone.locator("#description").fill("写了一半")
    page_phone.wait_for_timeout(SAVED_MS)
    page_phone.reload()
    page_phone.get_by_role("button", name="删除草稿").click()
    page_phone.get_by_role("button", name="再点一次就删除").click()
    expect(page_phone.locator("[data-restored]")).to_be_hidden()
    expect(page_phone.locator("#description")).to_have_value("")


def test_the_form_opens_without_network_and_sends_later(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    page_phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page_phone.context.set_offline(True)
    page_phone.goto("/report")
    page_phone.locator(ALBUM).set_input_files(three_photos()[:1])
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone.locator("[data-put-by]")).to_be_visible()
    page_phone.goto("/about/scope")
    expect(page_phone.get_by_role("heading", level=1)).to_contain_text("没有网")
    expect(page_phone.locator("[data-outbox] li")).to_contain_text("等网络")
    page_phone.context.set_offline(False)
    expect(page_phone.locator("[data-outbox] li")).to_contain_text("已收到")
    assert photos_of(city, words) == [1]


def test_where_service_workers_are_blocked_nothing_is_missing(
    city: LivePortal, browser: Browser
) -> None:
    context = browser.new_context(base_url=city.base_url, service_workers="block")
    try:
        page = context.new_page()
        page.goto("/report")
        page.locator(ALBUM).set_input_files(three_photos())
        words = fill_in(page)
        send(page)
        expect(page).to_have_url(DONE)
        assert photos_of(city, words) == [3]
    finally:
        context.close()
