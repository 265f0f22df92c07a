"""我的举报: what a phone keeps of the reports filed from it, and how it forgets them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.hands import press_label
from tests.live import LivePortal

pytestmark = [pytest.mark.journey, pytest.mark.usefixtures("city")]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 12; V2123A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0"
    " Chrome/107.0.5304.141 Mobile Safari/537.36 MicroMessenger/8.0.40.2420(0x28002837)"
)


def file_report(page: Page, words: str) -> str:
    """File by the form; returns the number on the receipt."""
    page.goto("/report")
    press_label(page, "category", "water")
    page.locator("#address").fill("东风路桥下排水口")
    page.locator("#description").fill(words)
    page.locator("label", has=page.locator("#consent")).click()
    page.get_by_role("button", name="提交举报").click()
    expect(page).to_have_url(re.compile("/report/done$"))
    expect(page.locator("[data-keep]")).to_be_visible()
    return page.locator("#number").inner_text()


def kept(page: Page) -> str:
    """Everything this browser stores for the portal, as text."""
    return str(page.evaluate("JSON.stringify({...localStorage})"))


def test_a_phone_keeps_the_number_and_opens_it_with_the_code_typed(page_phone: Page) -> None:
    page = page_phone
    number = file_report(page, "沟里的水又黑又臭，夜里更重。")
    code = page.locator("#query-code").inner_text()
    expect(page.locator("[data-keep]")).to_be_visible()
    assert number in kept(page)
    assert code not in kept(page)
    page.goto("/track")
    line = page.locator("[data-kept] li")
    expect(line).to_contain_text("水污染")
    expect(line).to_contain_text(number)
    expect(line).to_contain_text("待受理")
    line.locator("a").click()
    expect(page.locator("#number")).to_have_value(number)
    expect(page.locator("#query_code")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/track/{number}$"))


def test_one_tap_opens_it_when_the_code_is_kept_and_two_erase_it(page_phone: Page) -> None:
    page = page_phone
    number = file_report(page, "河面漂着白沫，连着三天了。")
    code = page.locator("#query-code").inner_text()
    page.locator("label", has=page.locator("#with_code")).click()
    assert code in kept(page)
    page.reload()
    expect(page.locator("#with_code")).to_be_checked()
    page.goto("/track")
    with page.expect_request(lambda sent: sent.method == "POST") as opened:
        page.locator("[data-kept] li a").click()
    assert code not in opened.value.url
    expect(page).to_have_url(re.compile(f"/track/{number}$"))
    page.goto("/track")
    erase = page.locator("[data-kept] li [data-drop]")
    erase.click()
    expect(page.locator("[data-kept] li")).to_have_count(1)
    erase.click()
    expect(page.locator("[data-kept]")).to_be_hidden()
    expect(page.locator("[data-kept-none]")).to_be_visible()
    assert number not in kept(page)
    page.goto("/report/done")
    expect(page.locator("#noted")).not_to_be_checked()
    assert number not in kept(page)


def test_a_phone_may_keep_nothing_and_erase_everything(page_phone: Page) -> None:
    page = page_phone
    numbers = [file_report(page, f"第{n}次看到往沟里倒脏水。") for n in (1, 2)]
    page.goto("/track")
    expect(page.locator("[data-kept] li")).to_have_count(2)
    everything = page.locator("[data-drop-all]")
    everything.click()
    everything.click()
    assert not any(number in kept(page) for number in numbers)
    file_report(page, "第三次看到往沟里倒脏水。")
    page.locator("label", has=page.locator("#noted")).click()
    last = file_report(page, "第四次看到往沟里倒脏水。")
    expect(page.locator("#noted")).not_to_be_checked()
    assert last not in kept(page)
    page.goto("/track")
    expect(page.locator("[data-kept]")).to_be_hidden()


def test_the_list_opens_without_network(page_phone: Page) -> None:
    page = page_phone
    number = file_report(page, "排口夜里放黄水。")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("/track")
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有网")
    expect(page.locator("[data-kept] li")).to_contain_text(number)


def test_in_wechat_the_receipt_becomes_a_picture_to_press(
    city: LivePortal, browser: Browser
) -> None:
    phone = browser.new_context(base_url=city.base_url, user_agent=WECHAT, locale="zh-CN")
    try:
        page = phone.new_page()
        file_report(page, "河道边堆着化工桶，有味道。")
        expect(page.get_by_role("button", name="打印回执")).to_be_hidden()
        page.get_by_role("button", name="存成图片").click()
        picture = page.locator("[data-picture-here] img")
        expect(picture).to_be_visible()
        assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") == 1080
        expect(page.locator("[data-picture-here] a")).to_be_hidden()
    finally:
        phone.close()
