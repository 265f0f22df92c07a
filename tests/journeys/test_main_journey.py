"""The main job in a real browser: a resident with a phone, staff at a desk, anybody in public."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Geolocation, Page, expect

from tests.journeys import stages
from tests.journeys.album import GRASS, MUD, RUST, phone_jpeg, real_heic, webp
from tests.journeys.hands import Camera, Desk, payload, press_label
from tests.journeys.people import (
    CODE,
    HERE,
    NUMBER,
    Office,
    Receipt,
    decisions_in,
    photos_decidable,
    read_due,
)
from tests.journeys.visitor import File, Visitor, until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
WORDS = "工地渣土车没有冲洗轮胎，带泥上路，整条街都是灰。"
OUTSIDE = Geolocation(latitude=31.5, longitude=112.4)
INSIDE = Geolocation(latitude=float(HERE[0]), longitude=float(HERE[1]), accuracy=12.0)
PHONE = "13987654321"


def test_from_a_phone_photo_to_a_struck_off_case(
    city: LivePortal, page_phone: Page, page_desktop: Page, office: Office, shots: Path
) -> None:
    camera, desk = Camera(shots), Desk(page_desktop)
    receipt = _file(page_phone, camera)
    lead = _triage(desk, receipt.number, camera)
    _handle(desk, receipt.number, lead, camera)
    _review_twice(desk, receipt.number, lead, camera)
    box = _publish(desk, office, receipt.number, camera)
    _check_pictures(city, receipt.number, box)
    _strike_off(city, desk, office, receipt.number, camera)
    _look_in_public(page_phone, receipt.number, camera)
    _track(page_phone, receipt, camera)


def _file(page: Page, camera: Camera) -> Receipt:
    """On the phone: photos first, a wrong position taken back, the right one, a few words."""
    page.context.grant_permissions(["geolocation"])
    page.goto("/")
    camera.shoot(page, "home")
    page.get_by_role("link", name="我要举报").last.click()
    _fill_in(page)
    camera.shoot(page, "report-filled")
    page.get_by_role("button", name="提交举报").click()
    expect(page.get_by_role("alert")).to_contain_text("12345")
    expect(page.locator("#description")).to_have_value(WORDS)
    expect(page.locator("[name=photo_ids]")).to_have_count(2)
    camera.shoot(page, "report-outside")
    page.get_by_role("button", name="清除位置").click()
    page.context.set_geolocation(INSIDE)
    page.get_by_role("button", name="用手机定位").click()
    expect(page.locator("[name=lat]")).to_have_value(re.compile("^30.4"))
    page.get_by_role("button", name="提交举报").click()
    expect(page).to_have_url(re.compile("/report/done$"))
    camera.shoot(page, "receipt")
    number, code = page.locator("#number").inner_text(), page.locator("#query-code").inner_text()
    assert NUMBER.fullmatch(number)
    assert CODE.fullmatch(code)
    return Receipt(number, code)


def _fill_in(page: Page) -> None:
    """Everything a resident gives, at a place that the phone puts outside the city."""
    heic = real_heic()
    photos = [
        File("photos", "IMG_0001.jpg", phone_jpeg(MUD)),
        File("photos", "IMG_5195.HEIC", heic, "image/heic")
        if heic
        else File("photos", "second.webp", webp(RUST), "image/webp"),
    ]
    page.locator("input[type=file][multiple]").set_input_files([payload(f) for f in photos])
    expect(page.locator("[name=photo_ids]")).to_have_count(2)
    press_label(page, "category", "air")
    press_label(page, "category", "air.dust")
    page.context.set_geolocation(OUTSIDE)
    page.get_by_role("button", name="用手机定位").click()
    expect(page.get_by_role("button", name="清除位置")).to_be_visible()
    page.locator("#description").fill(WORDS)
    page.locator("#contact_phone").fill(PHONE)
    for consent in ("consent_contact", "consent_location", "consent"):
        page.locator("label", has=page.locator(f"#{consent}")).click()


def _triage(desk: Desk, number: str, camera: Camera) -> str:
    """Accept with what is filled in, dispatch to whom is suggested; returns the lead's code."""
    desk.sit_down("triage")
    desk.find("to-accept", number)
    camera.shoot(desk.page, "case-triage")
    desk.take("accept")
    lead = desk.form("actions/dispatch").locator("[name=lead]").input_value()
    camera.shoot(desk.page, "case-dispatch")
    desk.take("dispatch", note="请三日内到现场核查。")
    return lead


def _handle(desk: Desk, number: str, lead: str, camera: Camera) -> None:
    """Sign, call the reporter, look at the place, propose with a photo of it put right."""
    desk.sit_down(f"clerk-{lead}")
    desk.find("to-sign", number)
    desk.take("sign")
    expect(desk.page.locator("body")).not_to_contain_text(PHONE)
    desk.send("contacts", answers={"note": "已致电举报人，约好下午到现场。"})
    desk.send("checks", answers={"note": "出口没有洗车台，路面积泥约五十米。"})
    camera.shoot(desk.page, "case-clerk")
    _propose(desk, [stages.after_photo()])
    camera.shoot(desk.page, "case-proposed")


def _aware(desk: Desk) -> dict[str, str]:
    """The confirmation that the form demands while an assist has not reported."""
    asks = desk.form("actions/propose").locator("[name^=without_parts]").count()
    return {"without_parts": "1"} if asks else {}


def _propose(desk: Desk, files: list[File]) -> None:
    desk.take(
        "propose",
        files,
        finding="verified",
        measures=["order", "prompt"],
        reply=stages.REPLY,
        public_text=stages.PUBLIC_TEXT,
        internal_text=stages.INTERNAL_TEXT,
        **_aware(desk),
    )


def _review_twice(desk: Desk, number: str, lead: str, camera: Camera) -> None:
    """The head submits, the reviewer sends it back once, then resolves."""
    for is_last in (False, True):
        desk.sit_down(f"head-{lead}")
        desk.find("to-sign-off", number)
        desk.take("submit")
        desk.sit_down("reviewer")
        desk.find("to-review", number)
        if is_last:
            break
        desk.take("rework", reason="请补充冲洗记录。")
        desk.sit_down(f"clerk-{lead}")
        desk.find("in-hand", number)
        # The texts of the first round are there to be mended, not to be typed again.
        expect(desk.form("actions/propose").locator("[name=reply]")).to_have_value(stages.REPLY)
        desk.take("propose", (), **_aware(desk))
    camera.shoot(desk.page, "case-reviewer")
    desk.take("resolve")


def _publish(
    desk: Desk, office: Office, number: str, camera: Camera
) -> tuple[float, float, float, float]:
    """Draw a box on the first photo, keep the second back, release the third; returns the box."""
    photos = decisions_in(photos_decidable(office, number, 3))
    desk.sit_down("publisher")
    desk.find("to-publish", number)
    form = desk.form("actions/publish")
    for photo, choice in zip(photos, ("release", "withhold", "release"), strict=True):
        press_label(form, f"photo_decisions[{photo}]", choice)
    stage = form.locator(f"#photo-{photos[0]} [data-stage]")
    stage.scroll_into_view_if_needed()
    frame = stage.bounding_box()
    assert frame is not None
    mouse = desk.page.mouse
    mouse.move(frame["x"] + frame["width"] * 0.3, frame["y"] + frame["height"] * 0.3)
    mouse.down()
    mouse.move(frame["x"] + frame["width"] * 0.7, frame["y"] + frame["height"] * 0.6, steps=4)
    mouse.up()
    written = form.locator(f"[name='boxes[{photos[0]}]']").input_value()
    left, top, width, height = (float(side) for side in written.split(","))
    camera.shoot(desk.page, "case-publisher")
    desk.take("publish")
    camera.shoot(desk.page, "case-published")
    return left, top, width, height


def _check_pictures(city: LivePortal, number: str, box: tuple[float, float, float, float]) -> None:
    before, after = stages.public_photos(city, number)
    assert abs(box[0] - 0.3) < 0.02
    assert abs(box[2] - 0.4) < 0.02
    assert before.is_black(*box)
    assert not before.is_black(0.0, 0.0, 0.2, 0.2)
    assert not before.exif
    assert not after.exif
    assert after.is_of(GRASS)


def _strike_off(city: LivePortal, desk: Desk, office: Office, number: str, camera: Camera) -> None:
    """Read when the notice ends, let the demo's clock pass it, strike off."""
    desk.sit_down("supervisor")
    desk.open(number)
    due = read_due(desk.page.locator("main").inner_text(), stages.portal_time(city))
    stages.move_past(city, office, due)
    desk.who = ""
    desk.sit_down("supervisor")
    desk.find("to-strike-off", number)
    desk.take("deregister", acceptance_note="现场复核，洗车台已建成，路面干净。")
    expect(desk.page.locator("main")).to_contain_text("已销号")
    camera.shoot(desk.page, "case-struck-off")


def _look_in_public(page: Page, number: str, camera: Camera) -> None:
    page.context.clear_cookies()
    anybody = Visitor(page.url.split("/report")[0])
    until(
        "the struck-off case in public",
        lambda: "已销号" in anybody.page(f"/open/reports/{number}").words,
    )
    page.goto("/open")
    camera.shoot(page, "open")
    page.goto(f"/open/reports?q={number}")
    camera.shoot(page, "open-list")
    page.locator(f"a[href*='/open/reports/{number}']").first.click()
    main = page.locator("main")
    expect(main).to_contain_text(stages.PUBLIC_TEXT)
    for private in (stages.REPLY, stages.INTERNAL_TEXT, WORDS, PHONE):
        expect(main).not_to_contain_text(private)
    for picture in main.locator("img[src^='/media/']").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_visible()
    camera.shoot(page, "open-report")


def _track(page: Page, receipt: Receipt, camera: Camera) -> None:
    page.goto("/track")
    camera.shoot(page, "track-entry")
    page.locator("[name=number]").fill(receipt.number.lower())
    page.locator("[name=query_code]").fill(receipt.query_code.lower().replace("-", " "))
    page.locator("form[action='/track'] button[type=submit]").click()
    expect(page).to_have_url(re.compile(f"/track/{receipt.number}$"))
    main = page.locator("main")
    expect(main).to_contain_text("已销号")
    expect(main).to_contain_text(stages.REPLY)
    expect(main).not_to_contain_text(stages.INTERNAL_TEXT)
    camera.shoot(page, "track")
