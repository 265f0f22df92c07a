"""The weekly inspection with a phone: planned, looked at on site, ordered, signed off, public."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.hands import Camera, Desk, payload
from tests.journeys.people import Office, Resident
from tests.journeys.screens import TAP, barriers, small_targets
from tests.journeys.visitor import File, Visitor
from tests.live import LivePortal

pytestmark = pytest.mark.journey
PHOTO = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
OFFICER = "覃巡"  # the grid officer of the town that reports come from by default


def test_from_the_list_to_the_public_page(
    city: LivePortal, page_phone: Page, resident: Resident, office: Office, shots: Path
) -> None:
    page, camera = page_phone, Camera(shots, count=80)
    number = resident.file("工地出口没有洗车，路面全是泥。", [PHOTO]).number
    stages.accept(office, number)
    office.take("triage", number, "dispatch", lead="zj", assists=[], note="请三日内到现场核查。")
    stages.sign(office, number, "zj")
    desk = Desk(page)
    desk.sit_down("supervisor")
    week = _plan(page, number)
    camera.shoot(page, "inspection-list")
    desk.sit_down("grid-zhen-01")
    _open(page, week, number)
    _fit(page)
    _look(page, camera)
    desk.sit_down("supervisor")
    _open(page, week, number)
    expect(page.locator(".shots img").first).to_be_visible()
    page.get_by_role("link", name="发督办单或者催办").click()
    expect(page.locator("[name=demand]")).to_have_value(re.compile("洗车台没有通水"))
    page.goto(week)
    page.locator("[name=summary]").fill("大部分已经整改，个别工地还有扬尘。")
    page.get_by_role("button", name="签发").click()
    expect(page.locator(".sheet")).to_contain_text(number)
    _fit(page)
    camera.shoot(page, "inspection-report")
    public = Visitor(city.base_url).page("/open/inspections").words
    assert number in public
    assert "洗车台" not in public
    assert OFFICER not in public


def _open(page: Page, week: str, number: str) -> None:
    page.goto(week)
    page.locator(".q", has_text=number).locator("h3 a").click()


def _look(page: Page, camera: Camera) -> None:
    """The officer takes a picture and says that nothing was put right."""
    page.locator(".pick.not-put-right").click()
    page.locator("[name=camera]").set_input_files(payload(PHOTO))
    expect(page.locator("[data-chosen] [data-words]")).to_contain_text("选了1张")
    page.locator("[name=note]").fill("洗车台没有通水。")
    camera.shoot(page, "inspection-on-site")
    page.get_by_role("button", name="记下结果").click()
    expect(page.get_by_role("status").first).to_contain_text("没有整改到位")


def _plan(page: Page, number: str) -> str:
    """Plan the next week that has no plan, with this case in any case, and start it."""
    page.goto("/desk/inspections")
    _fit(page)
    form = page.locator("form", has=page.get_by_role("button", name="列出清单"))
    for name in ("岑定远", OFFICER):
        form.locator(".pick", has_text=name).click()
    form.locator("[name=most_overdue]").fill("2")
    form.get_by_role("button", name="列出清单").click()
    if not page.locator(".q", has_text=number).count():
        page.get_by_label("举报编号").fill(number)
        page.get_by_label("为什么加").fill("群众来电三次。")
        page.get_by_role("button", name="加上").click()
    expect(page.locator(".q", has_text=number)).to_be_visible()
    _fit(page)
    page.get_by_role("button", name="开始", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("督查开始了")
    return page.url


def _fit(page: Page) -> None:
    """No serious barrier, nothing too small to press, nothing wider than the phone."""
    assert barriers(page) == []
    # The mark of the frame above is not this page's; a row of a list is pressed as a whole.
    rows = [title.inner_text()[:10] for title in page.locator(".q h3 a").all()]
    spared = ("办理台", *rows)
    found = small_targets(page, TAP)
    assert [one for one in found if not any(words in one for words in spared)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 393
