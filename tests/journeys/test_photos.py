"""Photos before they are sent: faces covered, positions offered, refusals told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import PATIENCE_MS
from tests.core.imaging.pictures import GPS_HERE, exif, jpeg_bytes
from tests.journeys.album import GRASS, MUD, RUST, SKY, Seen, phone_jpeg
from tests.journeys.hands import payload
from tests.journeys.people import Resident
from tests.journeys.screens import barriers, wear
from tests.journeys.test_phone import ALBUM, DONE, fill_in, large_jpeg, photos_of, rows, send
from tests.journeys.visitor import File
from tests.live import LivePortal

pytestmark = pytest.mark.journey
TAKEN = "2026:03:09 08:15:00"
NOT_FOR_OTHERS = b"what lies under the box"


def portrait() -> bytes:
    """A phone's picture, lying in the file, with hour, place and a comment that must not leave."""
    about = exif(orientation=6, taken={0x9003: TAKEN}, gps=GPS_HERE)
    lying = Image.new("RGB", (1200, 900), RUST)
    return jpeg_bytes(lying, quality=85, exif=about, comment=NOT_FOR_OTHERS)


# Counts the decoded pictures that live at one time, and the most pixels they had together.
COUNT_BITMAPS = """
  const decode = window.createImageBitmap.bind(window);
  const live = new Set();
  window.decoded = { all: 0, most: 0, pixels: 0 };
  window.createImageBitmap = async (...given) => {
    const bitmap = await decode(...given);
    const close = bitmap.close.bind(bitmap);
    bitmap.close = () => { live.delete(bitmap); close(); };
    live.add(bitmap);
    const pixels = [...live].reduce((sum, one) => sum + one.width * one.height, 0);
    window.decoded.all += 1;
    window.decoded.most = Math.max(window.decoded.most, live.size);
    window.decoded.pixels = Math.max(window.decoded.pixels, pixels);
    return bitmap;
  };
"""
MEGAPIXELS = 12_000_000
MOST_GROWTH_KB = 250_000  # nine at once would be 430 MB of pixels alone


def choose(page: Page, *bodies: bytes) -> None:
    files = [File("photos", f"IMG_{n}.jpg", body) for n, body in enumerate(bodies)]
    page.locator(ALBUM).set_input_files([payload(file) for file in files])


def drag(page: Page, stage: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A stroke over the picture, in fractions of its sides."""
    frame = stage.bounding_box()
    assert frame is not None
    spots = [
        (frame["x"] + frame["width"] * x, frame["y"] + frame["height"] * y) for x, y in (start, end)
    ]
    page.mouse.move(*spots[0])
    page.mouse.down()
    page.mouse.move(*spots[1], steps=4)
    page.mouse.up()


def originals(city: LivePortal, words: str) -> list[bytes]:
    """The photos of the report with these words, as they lie on the server's disk."""
    query = (
        "SELECT photo.key FROM photo JOIN report ON report.id = photo.report_id"
        " WHERE report.description = ? ORDER BY photo.position"
    )
    keys = [key for (key,) in rows(city, query, words)]
    found = [next(city.instance.rglob(f"{key}-original")) for key in keys]
    return [path.read_bytes() for path in found]


def about_of(body: bytes) -> tuple[str, dict[int, object]]:
    """When and where, as the file itself says."""
    with Image.open(io.BytesIO(body)) as picture:
        told = picture.getexif()
    return str(told.get_ifd(ExifTags.IFD.Exif).get(0x9003)), dict(
        told.get_ifd(ExifTags.IFD.GPSInfo)
    )


def finish(city: LivePortal, page: Page, first: str) -> None:
    """Take the covered picture; the server forgets the one sent `first`."""
    with page.expect_response("**/report/photos/discard") as discarded:
        page.get_by_role("button", name="遮好了").click()
    assert discarded.value.ok
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert rows(city, "SELECT 1 FROM photo WHERE upload_id = ?", first) == []


def test_a_face_is_covered_with_a_stroke(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    choose(page_phone, portrait())
    claimed = page_phone.locator("[name=photo_ids]")
    expect(claimed).to_have_count(1)
    first = claimed.input_value()
    page_phone.get_by_role("button", name="遮挡").click()
    dialog = page_phone.get_by_role("dialog", name="遮住人脸")
    stage = dialog.locator("[data-stage]")
    expect(stage.locator("canvas")).to_be_visible()
    drag(page_phone, stage, (0.1, 0.1), (0.3, 0.3))
    dialog.get_by_role("button", name="撤销").click()
    drag(page_phone, stage, (0.25, 0.25), (0.75, 0.5))
    assert not barriers(page_phone)
    finish(city, page_phone, first)
    expect(claimed).not_to_have_value(first)
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    (stored,) = originals(city, words)
    seen = Seen(stored)
    assert seen.picture.size == (900, 1200)
    assert seen.is_black(0.26, 0.26, 0.48, 0.23)
    assert not seen.is_black(0.12, 0.12, 0.1, 0.1)
    assert max(seen.at(0.5, 0.6)) > 100
    taken, place = about_of(stored)
    assert taken == TAKEN
    assert place[2] == GPS_HERE[2]
    assert NOT_FOR_OTHERS not in stored
    assert stored.count(b"\xff\xd8\xff") == 1, "a thumbnail came along"


def test_by_keyboard_and_the_draft_keeps_what_is_covered(
    city: LivePortal, page_phone: Page
) -> None:
    page_phone.goto("/report")
    page_phone.route("**/report/photos", lambda route: route.abort("connectionreset"))
    choose(page_phone, phone_jpeg(GRASS))
    cover = page_phone.get_by_role("button", name="遮挡")
    expect(cover).to_be_enabled()
    cover.press("Enter")
    dialog = page_phone.get_by_role("dialog")
    expect(dialog.locator("canvas")).to_be_visible()
    dialog.get_by_role("button", name="加一块").press("Enter")
    box = dialog.locator("[data-stage] button")
    expect(box).to_be_focused()
    for key in ["ArrowUp"] * 5 + ["Shift+ArrowDown"] * 10 + ["ArrowLeft"] * 40:
        page_phone.keyboard.press(key)
    expect(box).to_have_accessible_name("第1块：左0%，上30%，宽30%，高40%")
    dialog.get_by_role("button", name="加一块").press("Enter")
    page_phone.keyboard.press("Delete")
    expect(box).to_have_count(1)
    dialog.get_by_role("button", name="遮好了").press("Enter")
    expect(dialog).to_be_hidden()
    words = fill_in(page_phone)
    page_phone.wait_for_timeout(600)
    page_phone.unroute("**/report/photos")
    page_phone.reload()
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(1)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    (stored,) = originals(city, words)
    assert Seen(stored).is_black(0.0, 0.31, 0.29, 0.38)
    assert not Seen(stored).is_black(0.35, 0.31, 0.2, 0.2)


def test_what_no_browser_opens_is_left_to_the_staff(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    choose(page_phone, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64))
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(1)
    page_phone.get_by_role("button", name="遮挡").click()
    dialog = page_phone.get_by_role("dialog")
    expect(dialog).to_contain_text("工作人员会遮住人脸和车牌")
    expect(dialog.get_by_role("button", name="遮好了")).to_be_hidden()
    page_phone.keyboard.press("Escape")
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [1]


def test_nine_large_photos_are_decoded_one_at_a_time(city: LivePortal, page_phone: Page) -> None:
    page_phone.add_init_script(COUNT_BITMAPS)
    page_phone.goto("/report")
    before = renderer_peak_kb(page_phone)
    choose(page_phone, *[large_jpeg((20 * n, 90, 120)) for n in range(9)])
    expect(page_phone.locator("[name=photo_ids]")).to_have_count(9, timeout=60_000)
    decoded = page_phone.evaluate("window.decoded")
    assert decoded["all"] >= 9
    assert decoded["most"] == 1
    assert decoded["pixels"] == MEGAPIXELS
    assert renderer_peak_kb(page_phone) - before < MOST_GROWTH_KB
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [9]


def renderer_peak_kb(page: Page) -> int:
    """The most memory that any of the browser's pages has ever had."""
    browser = page.context.browser
    assert browser is not None
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    pids = [one["id"] for one in told["processInfo"] if one["type"] == "renderer"]
    states = [Path(f"/proc/{pid}/status").read_text() for pid in pids]
    return max(int(state.split("VmHWM:")[1].split()[0]) for state in states)


def test_a_photo_offers_the_place_it_knows(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    offer = page_phone.locator("[data-photo-place]")
    expect(offer).to_be_hidden()
    choose(page_phone, phone_jpeg(MUD))
    expect(offer).to_contain_text("照片里记着拍摄位置")
    words = fill_in(page_phone)
    expect(offer).to_be_hidden()
    page_phone.locator("#address").fill("")
    offer.get_by_role("button", name="用照片的位置").click()
    expect(page_phone.locator("[name=lat]")).to_have_value("30.400000")
    expect(page_phone.locator("[name=lng]")).to_have_value("112.410000")
    expect(page_phone.locator("#consent_location")).to_be_checked()
    expect(offer).to_be_hidden()
    page_phone.get_by_role("button", name="清除位置").click()
    expect(page_phone.locator("#consent_location")).not_to_be_checked()
    page_phone.locator(".ph .x").click()
    expect(offer).to_be_hidden()
    choose(page_phone, phone_jpeg(MUD))
    offer.get_by_role("button").click()
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    query = "SELECT location_source, round(lat, 4), crs FROM report WHERE description = ?"
    assert rows(city, query, words) == [("exif", 30.4, "wgs84")]


def test_each_refusal_says_what_to_do_next(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    answers = {b"IMG_1.jpg": 413, b"IMG_2.jpg": 507, b"IMG_3.jpg": 429}

    def answer(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        status = next((status for name, status in answers.items() if name in body), None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, body="<h1>no</h1>", content_type="text/html")

    page_phone.route("**/report/photos", answer)
    choose(page_phone, *[phone_jpeg(colour) for colour in (MUD, RUST, GRASS, SKY)])
    notes = File("photos", "notes.txt", b"no picture", "text/plain")
    page_phone.locator(ALBUM).set_input_files([payload(notes)])
    told = page_phone.locator("[data-faults]")
    for line in (
        "第2张：超过20MB，没有收。请换小一点的",
        "第3张：系统存满了，照片暂时收不下。文字可以先提交",
        "第4张：传得太快了。过一会儿会自己接着传",
        "第5张：不是照片，没有收。请换一张",
    ):
        expect(told).to_contain_text(line)
    expect(page_phone.locator("[data-photo-total]")).to_have_text("照片已传1/3张")
    assert not barriers(page_phone)
    page_phone.locator(".ph .x").nth(3).click()
    expect(told).not_to_contain_text("传得太快")
    words = fill_in(page_phone)
    send(page_phone)
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [1]


def test_the_form_is_sent_while_photos_are_going_up(city: LivePortal, page_phone: Page) -> None:
    page_phone.goto("/report")
    held: list[Route] = []
    let_go: list[bool] = []

    def hold(route: Route) -> None:
        if let_go:
            route.continue_()
        else:
            held.append(route)

    page_phone.route("**/report/photos", hold)
    choose(page_phone, phone_jpeg(MUD), phone_jpeg(SKY), phone_jpeg(RUST))
    words = fill_in(page_phone)
    expect(page_phone.locator("[data-photo-total]")).to_have_text("照片已传0/3张")
    send(page_phone)
    expect(page_phone.locator("#send")).to_contain_text("正在提交")
    expect(page_phone.locator(".ph .up:not([hidden])")).to_have_count(3)
    let_go.append(True)
    for route in held:
        route.continue_()
    expect(page_phone).to_have_url(DONE)
    assert photos_of(city, words) == [3]


def test_photos_are_added_later_and_wait_for_the_network(
    resident: Resident, page_phone: Page
) -> None:
    receipt = resident.file("河边又有人倒渣土，已经好几车了。")
    resident.open(receipt)
    wear(page_phone, resident.web)
    page_phone.goto(f"/track/{receipt.number}")
    cut: list[str] = []

    def cut_the_first(route: Route) -> None:
        if cut:
            route.continue_()
        else:
            cut.append(route.request.url)
            route.abort("connectionreset")

    page_phone.route("**/report/photos", cut_the_first)
    page_phone.get_by_text("补充情况或照片").click()
    choose(page_phone, large_jpeg(MUD), phone_jpeg(SKY))
    page_phone.get_by_role("button", name="提交补充").click()
    expect(page_phone.get_by_role("button", name="正在提交")).to_be_visible()
    expect(page_phone.locator("[data-faults]")).to_contain_text("没有网。有网会自己接着传")
    expect(page_phone.get_by_text("收到您的补充了")).to_be_visible(timeout=PATIENCE_MS)
    expect(page_phone.get_by_role("main")).to_contain_text("补充了2张照片")
    mine = page_phone.get_by_role("list", name="您拍的照片")
    expect(mine.get_by_role("listitem")).to_have_count(2)
