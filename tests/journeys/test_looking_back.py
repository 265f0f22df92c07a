"""Going back with a phone: a key case is struck off, looked at again, and opened anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.hands import Camera, Desk, payload
from tests.journeys.people import Office, Resident, decisions_in, photos_decidable, read_due
from tests.journeys.screens import TAP, barriers, small_targets
from tests.journeys.visitor import File, Visitor, until
from tests.live import LivePortal

pytestmark = pytest.mark.journey


def test_a_case_that_came_back(
    city: LivePortal, page_phone: Page, resident: Resident, office: Office, shots: Path
) -> None:
    camera, desk = Camera(shots, count=60), Desk(page_phone)
    photo = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
    receipt = resident.file("工地围挡外积了很厚的泥，一有风就扬尘。", [photo])
    number = receipt.number
    _strike_off(city, office, desk, number)
    desk.who = ""
    page_phone.context.clear_cookies()
    desk.sit_down("reviewer2")
    page_phone.goto("/desk/lookbacks")
    line = page_phone.locator(".q", has_text=number).first
    expect(line).to_contain_text("重点件")
    line.locator("h3 a").click()
    expect(page_phone.locator(".lbshots img").first).to_be_visible()
    assert barriers(page_phone) == []
    # The mark of the frame above is not this page's.
    assert [one for one in small_targets(page_phone, TAP) if "办理台" not in one] == []
    page_phone.locator(".pick.failed").click()
    page_phone.locator("[name=camera]").set_input_files(payload(photo))
    page_phone.locator("[name=note]").fill("围挡外又是一层泥。")
    camera.shoot(page_phone, "look-back")
    page_phone.get_by_role("button", name="记下结果").click()
    expect(page_phone.get_by_role("status").first).to_contain_text("又反弹了")
    assert office.state(number) == "handling"
    _read_in_public(city, number)
    told = resident.open(receipt).words
    assert "回头看未通过" in told
    assert "围挡外又是一层泥" not in told


def _strike_off(city: LivePortal, office: Office, desk: Desk, number: str) -> None:
    stages.to_resolved(office, number)
    form = photos_decidable(office, number, 2)
    released = {f"photo_decisions[{one}]": "release" for one in decisions_in(form)}
    office.who("publisher").send(form.fill(**released))
    desk.sit_down("supervisor")
    desk.open(number)
    desk.page.get_by_role("button", name="定为重点件").click()
    expect(desk.page.get_by_role("button", name="取消重点件")).to_be_visible()
    due = read_due(desk.page.locator("main").inner_text(), stages.portal_time(city))
    stages.move_past(city, office, due)
    office.take("supervisor", number, "deregister", acceptance_note="现场复核，路面干净。")
    until("the look-back's plan", lambda: _is_planned(office, number))


def _is_planned(office: Office, number: str) -> bool:
    page = office.who("reviewer2").page("/desk/lookbacks")
    return number in page.words


def _read_in_public(city: LivePortal, number: str) -> None:
    anybody = Visitor(city.base_url)
    path = f"/open/reports/{number}"
    until("the public mark", lambda: "回头看未通过" in anybody.page(path).words)
    assert re.search(r"回头看：\S+现场复查，问题又出现了", anybody.page(path).words)
