"""Departments in a browser: an assist works from its phone, and the lead reads what it did."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.hands import Desk
from tests.journeys.people import Office, Resident
from tests.journeys.screens import wear

pytestmark = pytest.mark.journey


def test_an_assist_reports_its_part_from_a_phone(
    page_phone: Page, resident: Resident, office: Office
) -> None:
    number = resident.file("厂区后门的水沟一股油味，水面发彩光。").number
    stages.accept(office, number)
    office.take(
        "triage", number, "dispatch", lead="sthj", assists=["zhen-02"], note="请一起到现场看。"
    )
    stages.sign(office, number, "sthj")
    desk = Desk(page_phone)
    desk.sit_down("clerk-zhen-02")
    page_phone.goto("/desk/")
    expect(page_phone.locator(".firstly .btn")).to_be_visible()
    page_phone.goto(f"/desk/queue/to-sign?q={number}")
    page_phone.locator(f"[data-row='{number}'] h3 a:visible").click()
    desk.send("parts/sign")
    desk.send(
        "parts/report",
        [stages.after_photo()],
        {"found": "水沟从围墙下出来，闻到机油味。", "done": "已拉隔油带。", "measures": ["prompt"]},
    )
    expect(page_phone.locator(".parts")).to_contain_text("已报告")
    lead = office.who("clerk-sthj").page(f"/desk/reports/{number}").words
    for words in ("水沟从围墙下出来，闻到机油味。", "已拉隔油带。", "立行立改", "照片1张"):
        assert words in lead, words


def test_the_counter_follows_a_ready_text(
    page_desktop: Page, resident: Resident, office: Office
) -> None:
    number = resident.file("不知道是哪里来的怪味，一阵一阵的。").number
    wear(page_desktop, office.who("triage"))
    page_desktop.goto(f"/desk/reports/{number}")
    form = Desk(page_desktop).form("actions/ask")
    counter = form.locator("[data-counter='ask-question']")
    expect(counter).to_have_text("0/300")
    form.locator("[name=template]").select_option(index=1)
    form.get_by_role("button", name="套用").click()
    expect(counter).not_to_have_text("0/300")
    form.locator("[name=question]").fill("请问是几点？")
    expect(counter).to_have_text("6/300")
