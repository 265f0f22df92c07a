"""What is written on a phone is there again after a killed browser, in one tab at a time, and is
filed once whatever the network, the server or another tab does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import KillableBrowser, open_page
from tests.journeys.people import CODE, NUMBER
from tests.journeys.test_phone import (
    ALBUM,
    DONE,
    fill_in,
    photos_of,
    send,
    three_photos,
)
from tests.journeys.visitor import until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
LINES = "[data-outbox] li"
# Old iPhones and pages over plain http have no Web Locks: a lease in IndexedDB stands in for them.
NO_LOCKS = "delete Navigator.prototype.locks"
FULL = """() => { IDBObjectStore.prototype.put = () => {
  throw new DOMException('no room', 'QuotaExceededError') } }"""
KEPT = """async words => (await indexedDB.databases()).length > 0 && new Promise((resolve) => {
  const asked = indexedDB.open('reports');
  asked.onsuccess = () => {
    const all = asked.result.transaction('drafts').objectStore('drafts').getAll();
    all.onsuccess = () => {
      asked.result.close();
      resolve(all.result.some((one) => JSON.stringify(one).includes(words)));
    };
  };
})"""


CACHED = """async () => {
  const boxes = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
  return (await Promise.all(boxes.map((box) => box.keys()))).flat().map(({ url }) => url);
}"""
CACHED_WORDS = """async () => {
  const pages = await (await caches.open('pages-1')).matchAll();
  return (await Promise.all(pages.map((page) => page.text()))).join();
}"""


@pytest.fixture(params=["", NO_LOCKS], ids=["locks", "leases"])
def tabs(request: pytest.FixtureRequest, city: LivePortal, browser: Browser) -> Iterator[Page]:
    """The first tab of a phone, with Web Locks and without."""
    with open_page(browser, city.base_url, phone=True) as page:
        if request.param:
            page.context.add_init_script(request.param)
        yield page


def is_kept(page: Page, words: str) -> None:
    """Wait until `words` lie on the phone's disk."""
    until("the draft on the disk", lambda: page.evaluate(KEPT, words))


def put_by(page: Page) -> str:
    """A report that was sent off without network; returns its words."""
    page.goto("/report")
    page.locator(ALBUM).set_input_files(three_photos())
    expect(page.locator("[name=photo_ids]")).to_have_count(3)
    words = fill_in(page)
    page.context.set_offline(True)
    send(page)
    expect(page.locator(LINES)).to_contain_text("等网络")
    return words


def test_a_killed_browser_finds_everything_again(
    city: LivePortal, browser: Browser, tmp_path: Path
) -> None:
    with KillableBrowser(browser, tmp_path) as first:
        page = first.page
        page.goto(f"{city.base_url}/report")
        page.locator(ALBUM).set_input_files(three_photos())
        words = fill_in(page)
        page.locator("label", has=page.locator("[value='recurring']")).click()
        page.locator("#grid_code").select_option("999901001")
        expect(page.locator("[name=photo_ids]")).to_have_count(3)
        page.locator("#occurred_note").fill("每晚22点以后")
        is_kept(page, "每晚22点以后")
        first.kill()
    with KillableBrowser(browser, tmp_path) as again:
        page = again.page
        page.goto(f"{city.base_url}/report")
        expect(page.locator("#description")).to_have_value(words)
        expect(page.locator("[data-restored]")).to_be_visible()
        expect(page.locator("#address")).to_have_value("东风路桥下排水口")
        expect(page.locator("#occurred_note")).to_be_visible()
        expect(page.locator("#occurred_note")).to_have_value("每晚22点以后")
        expect(page.locator("#grid_code")).to_have_value("999901001")
        expect(page.locator("[name=category][value=water]")).to_be_checked()
        expect(page.locator("[name=photo_ids]")).to_have_count(3)
        expect(page.locator(".ph img")).to_have_count(3)
        send(page)
        expect(page).to_have_url(DONE)
        assert photos_of(city, words) == [3]


def test_one_tab_has_a_draft_and_the_other_says_so(city: LivePortal, tabs: Page) -> None:
    tabs.goto("/report?new=1")
    tabs.locator("#description").fill("写到一半，换一个页面看看。")
    is_kept(tabs, "写到一半")
    second = tabs.context.new_page()
    second.goto("/report")
    expect(second.locator("#description")).to_have_value("")
    second.locator("#description").focus()
    line = second.locator(LINES)
    expect(line).to_contain_text("另一个页面正在写")
    expect(line.get_by_role("link", name="接着写")).to_be_hidden()
    expect(line.get_by_role("button", name="删除")).to_be_hidden()
    named = line.locator("[data-open]").get_attribute("href") or ""
    assert named
    second.goto(named)
    expect(second.locator("[data-note=elsewhere]")).to_be_visible()
    expect(second.locator("#description")).to_have_value("")
    # The reload of an address that asks for a new form goes on with that tab's own.
    tabs.reload()
    expect(tabs.locator("#description")).to_have_value("写到一半，换一个页面看看。")
    words = fill_in(tabs)
    is_kept(tabs, '["consent",')
    tabs.close()
    second.clock.set_fixed_time(datetime.now(UTC) + timedelta(seconds=30))  # a lease runs out
    expect(second.locator("#description")).to_have_value(words)
    send(second)
    expect(second).to_have_url(DONE)
    assert photos_of(city, words) == [0]


def test_two_tabs_send_the_same_draft_at_once(city: LivePortal, tabs: Page) -> None:
    tabs.goto("/")
    tabs.evaluate("navigator.serviceWorker.ready.then(() => true)")
    words = put_by(tabs)
    second = tabs.context.new_page()
    second.goto("/")
    expect(second.locator(LINES)).to_contain_text("等网络")
    presses = "for (const button of document.querySelectorAll('[data-send]')) button.click()"
    tabs.context.set_offline(False)
    for page in (tabs, second):
        page.evaluate(presses)

    def code_is_shown() -> bool:
        return any(CODE.search(page.locator("body").inner_text()) for page in (tabs, second))

    until("the query code in either tab", code_is_shown)
    assert photos_of(city, words) == [3]


def test_a_copied_tab_does_not_share_the_lease(city: LivePortal, tabs: Page) -> None:
    tabs.goto("/report")
    tabs.locator("#description").fill("复制出来的页面不能一起写。")
    is_kept(tabs, "复制出来的页面")
    with tabs.context.expect_page() as opened:
        tabs.evaluate("window.open('/report', '_blank', 'opener')")  # takes the tab's notes along
    copy = opened.value
    copy.locator("#description").focus()
    expect(copy.locator(LINES)).to_contain_text("另一个页面正在写")
    expect(copy.locator("#description")).to_have_value("")


def test_no_answer_of_the_way_or_the_server_files_twice_or_loses_the_draft(
    city: LivePortal, page_phone: Page
) -> None:
    """Each of these is tried again under the same key, until the portal itself says yes."""
    page = page_phone
    words, keys = put_by(page), []
    lies: list[dict[str, Any]] = [
        {"status": 200, "content_type": "text/html", "body": "<h1>Free Wi-Fi</h1>"},
        {"status": 403, "content_type": "text/html", "body": "proxy"},
        {"status": 201, "json": {"number": "SP1"}},
        {"status": 500, "content_type": "text/html", "body": "oops"},
        {"status": 503, "json": {"code": "busy", "detail": "系统正忙，请稍后再试。"}},
        {"status": 409, "json": {"code": "twin_in_progress", "detail": "正在处理。"}},
        {"status": 507, "json": {"code": "storage_full", "detail": "存储空间不足。"}},
    ]

    def lie(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.fetch()
            route.abort("connectionreset")  # it was filed, but nobody heard
        elif len(keys) - 2 < len(lies):
            route.fulfill(**lies[len(keys) - 2])
        else:
            route.continue_()

    page.route("**/report", lie)
    page.context.set_offline(False)

    def all_told() -> bool:
        page.evaluate("window.dispatchEvent(new Event('online'))")
        return len(keys) > len(lies)

    until("every lie", all_told)
    expect(page.locator(LINES)).to_contain_text("网站没收下，过一会儿自动再发 · 存储空间不足。")
    expect(page).to_have_url(DONE)
    assert len(set(keys)) == 1
    assert photos_of(city, words) == [3]


def test_a_refused_draft_says_why_and_can_be_put_right(city: LivePortal, page_phone: Page) -> None:
    page = page_phone
    page.goto("/report")
    words = fill_in(page)
    page.locator("#contact_phone").fill("1398765")
    page.context.set_offline(True)
    send(page)
    expect(page.locator(LINES)).to_contain_text("等网络")
    page.context.set_offline(False)
    expect(page.locator(LINES)).to_contain_text("没发成")
    expect(page.locator(LINES)).to_contain_text("11位")
    page.get_by_role("link", name="接着写").click()
    expect(page.locator("#description")).to_have_value(words)
    page.locator("#contact_phone").fill("")
    send(page)
    expect(page).to_have_url(DONE)
    assert photos_of(city, words) == [0]


def test_a_query_code_from_the_background_stays_until_it_is_noted(
    city: LivePortal, page_phone: Page
) -> None:
    page = page_phone
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    words = put_by(page)
    page.goto("/")
    expect(page.locator(LINES)).to_contain_text("等网络")
    page.context.set_offline(False)
    line = page.locator(LINES)
    expect(line).to_contain_text("已收到")
    assert photos_of(city, words) == [3]
    told = line.inner_text()
    number, code = NUMBER.search(told), CODE.search(told)
    assert number is not None
    assert code is not None
    # Another report is filed and its receipt read meanwhile: these codes stay.
    page.goto("/report?new=1")
    fill_in(page)
    send(page)
    expect(page).to_have_url(DONE)
    page.wait_for_load_state("networkidle")  # the receipt's script erases the draft it shows
    page.goto("/")
    expect(line).to_contain_text(code[0])
    line.get_by_role("link", name="查进度").click()
    page.locator("#query_code").fill(code[0])
    page.locator("form[action='/track'] button").click()
    expect(page).to_have_url(re.compile(f"/track/{number[0]}$"))
    expect(page.locator(".head .num")).to_have_text(number[0])
    page.goto("/")
    line.get_by_role("button", name="删除").click()
    line.get_by_role("button", name="再点一次就删除").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()


def test_a_full_phone_says_so_and_the_form_can_be_sent(city: LivePortal, page_phone: Page) -> None:
    page = page_phone
    page.goto("/report")
    page.locator("#description").fill("还存得下的时候写的。")
    is_kept(page, "还存得下的时候写的")
    page.evaluate(FULL)
    page.locator(ALBUM).set_input_files(three_photos())
    words = fill_in(page)
    expect(page.locator("[data-note=full]")).to_be_visible()
    expect(page.locator("[name=photo_ids]")).to_have_count(3)
    page.context.set_offline(True)
    send(page)
    expect(page.locator("[data-note=unsent]")).to_be_visible()
    expect(page.locator("#description")).to_have_value(words)
    page.context.set_offline(False)
    send(page)
    expect(page).to_have_url(DONE)
    assert photos_of(city, words) == [3]


def test_where_nothing_can_be_kept_the_form_is_sent_as_it_is(
    city: LivePortal, browser: Browser
) -> None:
    with open_page(browser, city.base_url, phone=True) as page:
        page.add_init_script(
            "Object.defineProperty(window, 'indexedDB', { get() { return undefined } })"
        )
        page.goto("/report")
        page.locator(ALBUM).set_input_files(three_photos())
        words = fill_in(page)
        send(page)
        expect(page).to_have_url(DONE)
        assert photos_of(city, words) == [3]


def test_an_old_draft_is_announced_then_erased_and_a_wrong_clock_erases_nothing(
    city: LivePortal, page_phone: Page
) -> None:
    page = page_phone
    page.goto("/report")
    page.locator("#description").fill("放了很久的草稿。")
    is_kept(page, "放了很久的草稿")
    today = datetime.now(UTC)
    line = page.locator(LINES)
    for days, told in ((700, True), (0, False), (22, False), (24, True), (29, True)):
        page.clock.set_fixed_time(today + timedelta(days=days))
        page.goto("/")
        expect(line).to_contain_text("放了很久的草稿")
        if told:
            expect(line).to_contain_text("自动删除")
        else:
            expect(line).not_to_contain_text("自动删除")
    page.clock.set_fixed_time(today + timedelta(days=32))
    page.goto("/")
    expect(page.locator("[data-outbox]")).to_be_hidden()
    until("nothing left", lambda: not page.evaluate(KEPT, "放了很久的草稿"))


def test_everything_can_be_erased_at_once(city: LivePortal, page_phone: Page) -> None:
    page = page_phone
    for words in ("第一份草稿的内容", "第二份草稿的内容"):
        page.goto("/report?new=1")
        page.locator("#description").fill(words)
        is_kept(page, words)
        page.goto("/")
    expect(page.locator(LINES)).to_have_count(2)
    page.get_by_role("button", name="全部删除").click()
    page.get_by_role("button", name="再点一次，草稿和查询码全部删除").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    assert not page.evaluate(KEPT, "草稿的内容")


def test_what_was_sent_off_long_ago_is_not_sent_unasked(city: LivePortal, page_phone: Page) -> None:
    page = page_phone
    words = put_by(page)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=8))
    page.context.set_offline(False)
    expect(page.locator(LINES)).to_contain_text("一周前发过")
    assert photos_of(city, words) == []
    page.clock.set_fixed_time(datetime.now(UTC))
    page.get_by_role("link", name="接着写").click()
    expect(page.locator("#description")).to_have_value(words)
    send(page)
    expect(page).to_have_url(DONE)
    assert photos_of(city, words) == [3]


def test_the_installed_start_page_opens_without_network_and_keeps_nothing_personal(
    city: LivePortal, page_phone: Page
) -> None:
    page = page_phone
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto("/report")
    words = fill_in(page)
    send(page)
    expect(page).to_have_url(DONE)
    page.goto("/report?new=1")
    page.locator("#description").fill("没有网的时候写了一半。")
    is_kept(page, "没有网的时候写了一半")
    # Files of many older builds push out nothing that the kept pages need.
    page.evaluate(
        """async () => {
          const files = await caches.open('files-1');
          const old = [...Array(130).keys()].map((n) => `/static/dist/old-${n}.js`);
          await Promise.all(old.map((name) => files.put(name, new Response(''))));
        }"""
    )
    page.goto("/")
    until("tidied up", lambda: len(page.evaluate(CACHED)) < 130)
    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("我们去查")
    # On a busy machine what was sent before may still ask to have its number noted.
    expect(page.locator(LINES).filter(has_text="没有网的时候写了一半")).to_have_count(1)
    assert not page.evaluate("[...document.images].some((i) => i.complete && !i.naturalWidth)")
    page.goto("/track")
    expect(page.locator("[data-kept]")).to_contain_text("SP")
    page.goto("/")
    page.locator("main").get_by_role("link", name="我要举报").first.click()
    expect(page.locator("#description")).to_have_value("没有网的时候写了一半。")
    kept = [address.removeprefix(city.base_url) for address in page.evaluate(CACHED)]
    pages = {address for address in kept if not address.startswith("/static/dist/")}
    assert pages == {"/", "/report", "/offline"}
    assert words not in page.evaluate(CACHED_WORDS)
