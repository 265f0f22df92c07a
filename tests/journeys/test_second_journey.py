"""The second journey in a real browser: refused, asked, returned twice, merged, opened again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.hands import Camera, Desk
from tests.journeys.people import Office, Receipt, Resident, decisions_in, photos_decidable
from tests.journeys.visitor import File, Visitor, until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
QUESTION = "是哪个工地？大概什么时候最吵？"
ANSWER = "建设街3号，夜里十一点以后。"


def test_the_turns_a_report_can_take(
    city: LivePortal, page_phone: Page, page_desktop: Page, resident: Resident, shots: Path
) -> None:
    camera, desk = Camera(shots, count=20), Desk(page_desktop)
    receipt = resident.file("工地夜里一直施工，吵得睡不着。", category="noise.construction")
    _refuse_and_appeal(desk, page_phone, receipt, camera)
    _ask_and_answer(desk, page_phone, receipt, camera)
    _return_until_ruled(desk, receipt.number, camera)
    _merge(desk, resident, page_phone, receipt.number, camera)


def test_a_case_opened_again_keeps_its_public_copy(
    city: LivePortal,
    page_phone: Page,
    page_desktop: Page,
    resident: Resident,
    office: Office,
    shots: Path,
) -> None:
    camera, desk = Camera(shots, count=30), Desk(page_desktop)
    photo = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
    receipt = resident.file("工地围挡外积了很厚的泥，一有风就扬尘。", [photo])
    number = receipt.number
    stages.to_resolved(office, number)
    form = photos_decidable(office, number, 2)
    released = {f"photo_decisions[{photo}]": "release" for photo in decisions_in(form)}
    office.who("publisher").send(form.fill(**released))
    desk.sit_down("supervisor")
    desk.open(number)
    desk.take("reopen", reason_code="rebound")
    expect(desk.page.locator("main")).to_contain_text("办理中")
    anybody = Visitor(city.base_url)
    until(
        "the public mark 重新办理",
        lambda: "重新办理" in anybody.page(f"/open/reports/{number}").words,
    )
    page_phone.goto(f"/open/reports/{number}")
    expect(page_phone.locator("main")).to_contain_text(stages.PUBLIC_TEXT)
    expect(page_phone.locator("main img[src^='/media/']").first).to_be_visible()
    camera.shoot(page_phone, "open-again")
    _open(page_phone, receipt)
    expect(page_phone.locator("main")).to_contain_text("重新办理")
    camera.shoot(page_phone, "track-again")


def _open(page: Page, receipt: Receipt) -> None:
    """Open the report on the phone with number and code."""
    page.goto(f"/track/{receipt.number}")
    code = page.locator("[name=query_code]")
    if code.count():
        code.fill(receipt.query_code)
        page.locator("form[action='/track'] button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"/track/{receipt.number}$"))


def _refuse_and_appeal(desk: Desk, page: Page, receipt: Receipt, camera: Camera) -> None:
    desk.sit_down("triage")
    desk.find("to-accept", receipt.number)
    desk.take(
        "decline",
        reason_code="other_authority",
        text="夜间施工噪声由住建局直接受理。",
        where_to="市住建局，电话12319",
    )
    expect(desk.page.locator("main")).to_contain_text("不予受理")
    _open(page, receipt)
    expect(page.locator("main")).to_contain_text("12319")
    camera.shoot(page, "track-declined")
    page.locator("form[action$='/appeal'] [name=reason]").fill("住建局让我找你们，请再看一次。")
    page.get_by_role("button", name="提交申诉").click()
    expect(page.locator("main")).not_to_contain_text("不同意这个决定")


def _ask_and_answer(desk: Desk, page: Page, receipt: Receipt, camera: Camera) -> None:
    desk.sit_down("triage2")
    desk.find("to-accept", receipt.number)
    desk.take("ask", question=QUESTION)
    expect(desk.page.locator("main")).to_contain_text("待补充")
    page.reload()
    expect(page.locator("main")).to_contain_text(QUESTION)
    camera.shoot(page, "track-asked")
    page.locator("form[action$='/info'] [name=text]").first.fill(ANSWER)
    page.get_by_role("button", name="提交补充").first.click()
    expect(page.locator("main")).to_contain_text(ANSWER)
    desk.open(receipt.number)
    expect(desk.page.locator("main")).to_contain_text(ANSWER)
    camera.shoot(desk.page, "case-answered")
    desk.take("accept")


def _return_until_ruled(desk: Desk, number: str, camera: Camera) -> None:
    lead = desk.form("actions/dispatch").locator("[name=lead]").input_value()
    other = "cg"
    assert lead != other
    desk.take("dispatch", note="请查夜间施工许可。")
    for holder, proposed in ((lead, other), (other, lead)):
        desk.sit_down(f"head-{holder}")
        desk.open(number)
        desk.take("return", legal_basis="三定方案第三条", proposed_department=proposed)
        if holder == lead:
            desk.sit_down("triage")
            desk.find("to-dispatch", number)
            # The department that the return proposes is filled in.
            expect(desk.form("actions/dispatch").locator("[name=lead]")).to_have_value(other)
            desk.take("dispatch")
    desk.sit_down("supervisor")
    desk.find("returned", number)
    camera.shoot(desk.page, "case-returned-twice")
    desk.take("rule", lead=lead, reasons="施工噪声由住建局办理。")
    desk.sit_down(f"head-{lead}")
    desk.open(number)
    expect(desk.page.locator("form[action$='/actions/return']")).to_have_count(0)
    desk.sit_down(f"clerk-{lead}")
    desk.find("to-sign", number)
    desk.take("sign")


def _merge(desk: Desk, resident: Resident, page: Page, main: str, camera: Camera) -> None:
    second = resident.file("建设街工地半夜还在打桩，太吵了。", category="noise.construction")
    desk.sit_down("triage")
    desk.find("to-accept", second.number)
    desk.take("merge", main_number=main.lower())
    expect(desk.page.locator("main")).to_contain_text("已并案")
    camera.shoot(desk.page, "case-merged")
    _open(page, second)
    expect(page.locator("main")).to_contain_text("已并案")
    camera.shoot(page, "track-merged")
