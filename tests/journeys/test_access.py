"""Nobody is shut out: no serious barrier, no sideways scroll, and the keyboard is enough."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.people import (
    NUMBER,
    Office,
    Receipt,
    Resident,
    decisions_in,
    photos_decidable,
)
from tests.journeys.screens import ELDER_TAP, TAP, faults_of, sweep, tab_to, wear
from tests.journeys.visitor import File
from tests.live import LivePortal

pytestmark = pytest.mark.journey
PUBLIC = (
    "/", "/report?category=air.odor", "/report/poster", "/track", "/objection", "/offline", "/open",
    "/open/map", "/open/reports", "/about/scope", "/about/privacy", "/about/accessibility",
    "/about/licence", "/about/problems", "/open/figures", "/open/inspections", "/open/data",
    "/open/embed/figures", "/open/embed/map", "/open/ogc/collections/reports/items?f=html",
    "/open/exposures", "/open/bulletins", "/open/orders",
    "/open/quality",
    "/open/log",
    "/open/data/api",
)  # fmt: skip
ELDER = {"elder": "1", "xl": "xl"}


@pytest.fixture(scope="module")
def published(city: LivePortal) -> Receipt:
    """A report with photos that went all the way to the public."""
    office, resident = Office(city), Resident(city)
    photo = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
    receipt = resident.file("拌合站门口的路面全是泥灰，车过就起灰。", [photo])
    stages.to_resolved(office, receipt.number)
    form = photos_decidable(office, receipt.number, 2)
    chosen: dict[str, Any] = {f"photo_decisions[{p}]": "release" for p in decisions_in(form)}
    office.take("publisher", receipt.number, "publish", **chosen)
    return receipt


@pytest.mark.parametrize("worn", ["normal", "elder", "xl", "dark"])
def test_residents_meet_no_barrier(
    page_phone: Page, resident: Resident, published: Receipt, worn: str
) -> None:
    page, least = page_phone, ELDER_TAP if worn in ELDER else TAP
    page.emulate_media(color_scheme="dark" if worn == "dark" else "light")
    receipt = resident.file("小区旁边的工地夜里一直施工，很吵。", category="noise.construction")

    def faults(*paths: str, status: int = 200) -> list[str]:
        if worn in ELDER:
            home = resident.web.base_url
            page.context.add_cookies([{"name": "elder", "value": ELDER[worn], "url": home}])
        return [fault for path in paths for fault in sweep(page, path, least=least, status=status)]

    case = f"/open/reports/{published.number}"
    found = faults(*PUBLIC, case, f"{case}/objection") + faults("/nowhere", status=404)
    wear(page, resident.web)
    found += faults("/report/done", "/track")
    resident.open(receipt)
    wear(page, resident.web)
    found += faults(f"/track/{receipt.number}")
    assert not found, "\n".join(found)


def test_the_keyboard_sees_where_it_is_and_skips_ahead(page_desktop: Page) -> None:
    page = page_desktop
    for path in ("/", "/report", "/track", "/open"):
        page.goto(path)
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        shadow = "getComputedStyle(document.activeElement.nextElementSibling || document.body)"
        assert "solid" in {page.evaluate(outline), page.evaluate(f"{shadow}.outlineStyle")}, path


def test_staff_meet_no_barrier(
    page_desktop: Page, resident: Resident, office: Office, published: Receipt
) -> None:
    fresh = resident.file("渣土车夜里沿街遗撒，路面一层灰。").number
    working = resident.file("堆场的沙子没有盖布，刮风就迷眼。").number
    stages.accept(office, working)
    lead = stages.dispatch(office, working)
    stages.sign(office, working, lead)
    faults = []
    for username, path in (
        ("triage", "/desk/login"),
        ("triage", "/desk/queue/to-accept"),
        ("triage", f"/desk/reports/{fresh}"),
        (f"clerk-{lead}", f"/desk/reports/{working}"),
        ("publisher", f"/desk/reports/{published.number}"),
        ("triage", "/desk/"),
        (f"clerk-{lead}", "/desk/"),
        (f"head-{lead}", "/desk/"),
        ("leader", "/desk/"),
        ("leader", "/desk/figures"),
        ("supervisor", "/desk/scorecard"),
        ("supervisor", "/desk/targets"),
        ("supervisor", "/desk/inspections"),
    ):
        wear(page_desktop, office.who(username))
        faults += faults_of(page_desktop, path)
    assert not faults, "\n".join(faults)


def test_the_keyboard_alone_files_a_report(page_desktop: Page) -> None:
    page = page_desktop
    page.goto("/report")
    tab_to(page, "[name=category]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    tab_to(page, "#address")
    page.keyboard.type("解放路12号楼下的卡拉OK厅")
    tab_to(page, "#description")
    page.keyboard.type("每天夜里十一点以后还在放歌。")
    tab_to(page, "#consent")
    page.keyboard.press("Space")
    tab_to(page, "button[type=submit]")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/report/done$"))
    expect(page.locator("#number")).to_have_text(NUMBER)
