"""A day of a clerk with a phone, of a head and of a supervisor at their desks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.core.clock import local
from tests.journeys import stages
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.hands import Camera, Desk, fill_in
from tests.journeys.people import Office, Resident
from tests.journeys.screens import TAP, barriers, small_targets
from tests.journeys.visitor import File
from tests.live import LivePortal

pytestmark = pytest.mark.journey
DEMAND = "三日内说明未覆盖的原因，落实洒水，报整改后的照片。"
ANSWER = "覆盖网昨天到货，今天全部盖好，洒水车每天四次，由项目部负责。"
WORKS = "works"
LIFTED = "现场复核已全部覆盖，照片齐全。"


def _on_the_way(resident: Resident, office: Office) -> tuple[str, str]:
    """A case that its lead has not signed yet, and the lead's code."""
    photo = File("photos", "IMG_0001.jpg", phone_jpeg(MUD))
    number = resident.file("工地的沙堆没有盖，一刮风整条街都是灰。", [photo]).number
    stages.accept(office, number)
    return number, stages.dispatch(office, number)


def test_a_clerk_with_a_phone(
    page_phone: Page, resident: Resident, office: Office, shots: Path
) -> None:
    """Sign in the corridor, call, look at the place, ask for time, propose with a photo."""
    number, lead = _on_the_way(resident, office)
    desk, camera = Desk(page_phone), Camera(shots, count=70)
    desk.sit_down(f"clerk-{lead}")
    page_phone.goto("/desk/")
    camera.shoot(page_phone, "clerk-start")
    desk.find("to-sign", number)
    desk.take("sign")
    desk.send("checks", answers={"note": "沙堆约四十方，没有覆盖，现场无人洒水。"})
    more = {"days": "5", "reason": WORKS, "note": "覆盖网要从市里调，五天到货。"}
    desk.send("extension", answers=more)
    expect(page_phone.locator("main")).to_contain_text("5天")
    camera.shoot(page_phone, "clerk-handling")
    # The mark of the frame above is not this page's.
    assert [one for one in small_targets(page_phone, TAP) if "办理台" not in one] == []
    assert barriers(page_phone) == []
    desk.take(
        "propose",
        [stages.after_photo()],
        finding="verified",
        measures=["order", "prompt"],
        reply=stages.REPLY,
        public_text=stages.PUBLIC_TEXT,
        internal_text=stages.INTERNAL_TEXT,
        without_parts="1",
    )
    assert office.state(number) == "head_review"
    assert not office.lists(f"clerk-{lead}", "in-hand", number)
    assert office.lists(f"head-{lead}", "to-sign-off", number)


def test_a_head_at_the_desk(
    page_desktop: Page, resident: Resident, office: Office, shots: Path
) -> None:
    """Find what waits for a signature, send it back once with a reason, then put it forward."""
    number, lead = _on_the_way(resident, office)
    stages.sign(office, number, lead)
    stages.propose(office, number, lead, [stages.after_photo()])
    desk, camera = Desk(page_desktop), Camera(shots, count=80)
    desk.sit_down(f"head-{lead}")
    page_desktop.goto("/desk/")
    camera.shoot(page_desktop, "head-start")
    desk.find("to-sign-off", number)
    camera.shoot(page_desktop, "head-case")
    desk.take("send_back", reason="请补充洒水记录。")
    assert office.state(number) == "handling"
    assert "请补充洒水记录" in office.page(f"clerk-{lead}", number).words
    stages.propose(office, number, lead)
    desk.find("to-sign-off", number)
    desk.take("submit")
    assert office.state(number) == "submitted_review"
    assert office.lists("reviewer", "to-review", number)


def test_a_supervisor_before_friday(
    city: LivePortal, page_desktop: Page, resident: Resident, office: Office, shots: Path
) -> None:
    """Order a department to act, read its answer, lift the order; grant the time it asked for."""
    number, lead = _on_the_way(resident, office)
    stages.sign(office, number, lead)
    clerk = office.who(f"clerk-{lead}")
    asked = office.page(f"clerk-{lead}", number).form(f"/desk/reports/{number}/extension")
    clerk.send(asked.fill(days="5", reason=WORKS, note="覆盖网要从市里调。"))
    desk, camera = Desk(page_desktop), Camera(shots, count=90)
    page = page_desktop
    desk.sit_down("supervisor")
    page.goto("/desk/")
    camera.shoot(page, "supervisor-start")
    desk.open(number)
    due_before = page.locator("#extension").locator("..").locator("..").inner_text()
    desk.send("extension/grant")
    assert page.locator("#extension").locator("..").locator("..").inner_text() != due_before
    _order(page, number, local(stages.portal_time(city) + timedelta(days=3)).date().isoformat())
    camera.shoot(page, "supervisor-order")
    with page.expect_download() as paper:
        page.get_by_role("link", name="下载 Word 文件").click()
    assert paper.value.suggested_filename.endswith(".docx")
    order = page.url
    _answer(desk, page, f"head-{lead}", number)
    desk.sit_down("supervisor")
    page.goto(order)
    expect(page.locator("main")).to_contain_text(ANSWER)
    page.locator("form[action$='/lift'] textarea").fill(LIFTED)
    page.locator("form[action$='/lift'] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text(LIFTED)
    assert barriers(page) == []
    assert "督" in office.page("supervisor", number).words


def _order(page: Page, number: str, due_on: str) -> None:
    """Issue a yellow order from the case's own page."""
    page.goto(f"/desk/reports/{number}/press")
    form = page.locator("form[action$='/press/order']")
    fill_in(form, "level", ["yellow"])
    fill_in(form, "demand", [DEMAND])
    fill_in(form, "due_on", [due_on])
    form.get_by_role("button", name="发出督办单").click()
    expect(page.locator("main")).to_contain_text(DEMAND)
    if "/orders/" not in page.url:
        page.locator("a[href*='/desk/orders/']").first.click()


def _answer(desk: Desk, page: Page, head: str, number: str) -> None:
    """The head finds the order in the list, and answers it."""
    desk.sit_down(head)
    page.goto("/desk/orders")
    page.locator("main a[href*='/desk/orders/']", has_text="督").first.click()
    expect(page.locator("main")).to_contain_text(number)
    page.locator("form[action$='/answer'] textarea").fill(ANSWER)
    page.get_by_role("button", name="送出答复").click()
    expect(page.locator("main")).to_contain_text(ANSWER)
