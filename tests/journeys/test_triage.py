"""A morning of triage: fifty reports, the keyboard alone, and every key counted."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from portal.web.desk.bulk_views import HOLD_S
from tests.journeys.people import Office, Resident
from tests.journeys.screens import barriers, faults_here
from tests.journeys.visitor import Visitor
from tests.live import LivePortal

pytestmark = pytest.mark.journey
MORNING = 50
MOST_KEYS = 4  # for an ordinary accept and dispatch (the portal's own promise)
_ASKED, _DECLINED = 7, 23  # which of the fifty are not ordinary


class Keyboard:
    """Fingers that count."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        """Press one key after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, words: str) -> None:
        """Type words, as an input method hands them over."""
        self.page.keyboard.insert_text(words)
        self.pressed += len(words)


def log_in(page: Page, office: Office, username: str) -> Visitor:
    """Let the browser go on where this member of staff sits."""
    visitor = office.who(username)
    page.context.add_cookies(
        [{"name": c.name, "value": c.value or "", "url": visitor.base_url} for c in visitor.jar]
    )
    return visitor


def file_many(city: LivePortal, count: int, word: str) -> list[str]:
    """So many reports whose words hold `word`, in the order they were filed."""
    return [
        Resident(city).file(f"{word}，第{n}处工地夜里施工，灯光照进屋里。").number
        for n in range(count)
    ]


def shown(page: Page) -> str:
    """The number of the report beside the list."""
    return page.locator("[data-pane]").get_attribute("data-number") or ""


def ask(keys: Keyboard) -> None:
    """Ask the reporter of the open report."""
    keys.press("q")
    expect(keys.page.locator("[data-doing] textarea")).to_be_focused()
    keys.type("请说明是哪一栋楼。")
    keys.press("Tab", "Enter")


def decline(keys: Keyboard) -> None:
    """Decline the open report, with the first reason."""
    keys.press("n")
    expect(keys.page.locator("[data-doing] [name=reason_code]")).to_be_focused()
    keys.press("ArrowDown", "Tab")
    keys.type("不属于环境污染，请您谅解。")
    keys.press("Tab")
    keys.type("城管局12319")
    keys.press("Enter")


def test_fifty_reports_by_keyboard_only(
    city: LivePortal, office: Office, page_desktop: Page
) -> None:
    page, keys = page_desktop, Keyboard(page_desktop)
    filed = file_many(city, MORNING, "星期一早上")
    log_in(page, office, "triage")
    page.goto("/desk/queue/to-accept?sort=old&q=星期一早上")
    pane = page.locator("[data-pane]")
    spent: list[int] = []
    for place, number in enumerate(filed):
        expect(pane).to_have_attribute("data-number", number)
        before = keys.pressed
        if place == _ASKED:
            ask(keys)
        elif place == _DECLINED:
            decline(keys)
        else:
            keys.press("a")
            expect(page.locator("[data-doing] [data-send]")).to_be_focused()
            keys.press("Enter")
            spent.append(keys.pressed - before)
    expect(page.get_by_text("没有找到")).to_be_visible()
    assert max(spent) <= MOST_KEYS
    assert len(spent) == MORNING - 2
    states = [office.state(number) for number in (filed[0], filed[_ASKED], filed[_DECLINED])]
    assert states == ["dispatched", "need_info", "declined"]
    assert office.state(filed[-1]) == "dispatched"


def test_the_list_and_its_report_go_back_and_close(
    city: LivePortal, office: Office, page_desktop: Page
) -> None:
    page, keys = page_desktop, Keyboard(page_desktop)
    first, second = file_many(city, 2, "退回去看看")
    log_in(page, office, "triage")
    page.goto("/desk/queue/to-accept?sort=old&q=退回去看看")
    pane = page.locator("[data-pane]")
    expect(pane).to_have_attribute("data-number", first)
    keys.press("j")
    expect(pane).to_have_attribute("data-number", second)
    assert f"open={second}" in page.url
    expect(page.locator("[data-row].cur a.at-desk")).to_be_focused()
    keys.press("m")
    expect(page.locator("[data-doing] input[name=main_number]")).to_be_focused()
    assert "do=merge" in page.url
    assert not barriers(page)
    keys.press("Escape")
    expect(page.locator("[data-doing]")).to_have_count(0)
    keys.press("k")
    expect(pane).to_have_attribute("data-number", first)
    page.go_back()
    expect(pane).to_have_attribute("data-number", second)
    keys.press("?")
    expect(page.locator("dialog.keyhelp")).to_be_visible()
    keys.press("Escape")
    keys.press("o")
    expect(page.locator(".case")).to_be_visible()
    page.goto(f"/desk/queue/to-accept?open={first}")
    assert not faults_here(page)


def test_what_is_picked_waits_ten_seconds_before_it_is_sent(
    city: LivePortal, office: Office, page_desktop: Page
) -> None:
    page, keys = page_desktop, Keyboard(page_desktop)
    first, second = file_many(city, 2, "一起来办")
    log_in(page, office, "triage")
    page.goto("/desk/queue/to-accept?sort=old&q=一起来办")
    bar, holding = page.locator("[data-bulk]"), page.locator("[data-holding]")
    expect(bar).to_be_hidden()
    keys.press("x", "j")
    expect(page.locator("[data-pane]")).to_have_attribute("data-number", second)
    keys.press("x")
    expect(bar).to_contain_text("选中2件")
    assert not barriers(page)
    keys.press("a")
    expect(page.locator("[data-confirm] button")).to_be_focused()
    assert not faults_here(page)
    keys.press("Enter")
    expect(holding).to_be_visible()
    assert not barriers(page)
    keys.press("Escape")
    expect(holding).to_be_hidden()
    page.wait_for_timeout((HOLD_S + 1) * 1000)
    assert office.state(first) == "submitted"
    pressed = time.monotonic()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="办好2件")).to_be_visible(timeout=HOLD_S * 2000)
    assert time.monotonic() - pressed >= HOLD_S
    assert {office.state(first), office.state(second)} == {"dispatched"}
    assert not faults_here(page)
    keys.press("Enter")
    expect(page.get_by_text("没有找到")).to_be_visible()


def test_on_a_phone_a_row_opens_the_case(
    city: LivePortal, office: Office, page_phone: Page
) -> None:
    page = page_phone
    number = file_many(city, 1, "手机上看")[0]
    log_in(page, office, "triage")
    page.goto(f"/desk/queue/to-accept?q={number}")
    expect(page.locator("[data-pane]")).to_be_hidden()
    page.locator(f"[data-row='{number}'] h3 a:visible").click()
    expect(page.locator(".case")).to_be_visible()
