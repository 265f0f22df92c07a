"""From a crowded network: who comes after too many others is heard all the same, and once."""

from __future__ import annotations

import time
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from portal.core.clock import read_shift, write_shift
from portal.web.citizen.consents import CONSENT_VERSION
from portal.web.limits import FILINGS_OF_ADDRESS, PHOTOS_OF_ADDRESS
from tests.browser import open_page
from tests.journeys.album import MUD, phone_jpeg
from tests.journeys.hands import Camera, payload
from tests.journeys.people import Resident, read_receipt
from tests.journeys.screens import faults_here
from tests.journeys.test_phone import ALBUM, DONE, fill_in, photos_of, send
from tests.journeys.visitor import File, Visitor
from tests.live import LivePortal, new_address

pytestmark = pytest.mark.journey
LONGEST_MS = 45_000  # where the solver cannot be fetched, half a minute is waited
NO_WORKERS = "Object.defineProperty(window, 'Worker', { value: undefined });"
NO_DRAFTS = "Object.defineProperty(window, 'indexedDB', { value: undefined });"


@pytest.fixture
def crowd(city: LivePortal) -> Visitor:
    """An address from which as many have filed as may do so unasked."""
    visitor = Visitor(city.base_url, address=new_address())
    for n in range(FILINGS_OF_ADDRESS[0].amount):
        fields = [
            ("category", "air.dust"),
            ("description", f"路口{n}号工地的土堆没有盖，刮风就扬尘。"),
            ("address", f"人民路{n}号"),
            ("consent", CONSENT_VERSION),
        ]
        headers = {"Accept": "application/json", "Idempotency-Key": str(uuid4())}
        visitor.post("/report", fields, headers=headers).expect(HTTPStatus.CREATED)
    return visitor


@pytest.fixture
def statuses() -> list[int]:
    """How each POST /report of a watched page was answered."""
    return []


def watch(page: Page, statuses: list[int]) -> None:
    def note(answer: Response) -> None:
        if answer.request.method == "POST" and answer.url.endswith("/report"):
            statuses.append(answer.status)

    page.on("response", note)


def test_the_phone_proves_it_by_itself(
    city: LivePortal, browser: Browser, crowd: Visitor, statuses: list[int]
) -> None:
    with open_page(browser, city.base_url, phone=True, address=crowd.address) as page:
        watch(page, statuses)
        page.goto("/report")
        page.locator(ALBUM).set_input_files([payload(File("photos", "a.jpg", phone_jpeg(MUD)))])
        words = fill_in(page)
        send(page)
        expect(page).to_have_url(DONE, timeout=LONGEST_MS)
        expect(page.locator("#query-code")).to_be_visible()
    assert statuses == [429, 201]
    assert photos_of(city, words) == [1]


def test_what_was_written_without_network_is_proved_later(
    city: LivePortal, browser: Browser, crowd: Visitor, statuses: list[int]
) -> None:
    with open_page(browser, city.base_url, phone=True, address=crowd.address) as page:
        watch(page, statuses)
        page.goto("/report")
        words = fill_in(page)
        page.wait_for_timeout(2000)
        page.context.set_offline(True)
        send(page)
        expect(page.locator("[data-put-by]")).to_be_visible()
        page.context.set_offline(False)
        expect(page).to_have_url(DONE, timeout=LONGEST_MS)
    assert statuses == [429, 201]
    assert photos_of(city, words) == [0]


def test_a_photo_beyond_the_limit_is_proved_too(city: LivePortal, browser: Browser) -> None:
    crowd = Visitor(city.base_url, address=new_address())
    for n in range(PHOTOS_OF_ADDRESS[0].amount):
        photo = File("photo", f"{n}.jpg", phone_jpeg(MUD)[:900])
        crowd.post("/report/photos", files=[photo]).expect(HTTPStatus.CREATED)
    with open_page(browser, city.base_url, phone=True, address=crowd.address) as page:
        page.goto("/report")
        page.locator(ALBUM).set_input_files([payload(File("photos", "a.jpg", phone_jpeg(MUD)))])
        expect(page.locator("[name=photo_ids]")).to_have_count(1, timeout=LONGEST_MS)
        words = fill_in(page)
        send(page)
        expect(page).to_have_url(DONE, timeout=LONGEST_MS)
    assert photos_of(city, words) == [1]


def test_a_phone_that_cannot_solve_waits_its_ticket_out(
    city: LivePortal, browser: Browser, crowd: Visitor, statuses: list[int]
) -> None:
    with open_page(browser, city.base_url, phone=True, address=crowd.address) as page:
        watch(page, statuses)
        page.add_init_script(NO_WORKERS)
        page.route("**/report", lambda route: hurry(city, route))
        page.goto("/report")
        words = fill_in(page)
        send(page)
        expect(page).to_have_url(DONE, timeout=LONGEST_MS)
    assert statuses == [429, 201]
    assert photos_of(city, words) == [0]


def half_a_minute_passes(city: LivePortal) -> None:
    """On the demo's clock, which the running portal looks at twice a second."""
    file = city.instance / "clock"
    write_shift(file, read_shift(file) + timedelta(seconds=31))
    time.sleep(0.6)


def hurry(city: LivePortal, route: Route) -> None:
    """Half a minute passes at once when the portal asks for it."""
    answer = route.fetch()
    headers = {**answer.headers}
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        half_a_minute_passes(city)
        headers["retry-after"] = "1"
    route.fulfill(response=answer, headers=headers)


def test_where_no_draft_can_be_kept_one_press_is_enough(
    city: LivePortal, browser: Browser, crowd: Visitor, shots: Path
) -> None:
    with open_page(browser, city.base_url, phone=True, address=crowd.address) as page:
        page.add_init_script(NO_DRAFTS)
        page.goto("/report")
        words = fill_in(page)
        send(page)
        press = page.get_by_role("button", name="点这里验证并提交")
        expect(press).to_be_visible()
        expect(page.locator("#description")).to_have_value(words)
        expect(page.get_by_role("alert")).to_be_focused()
        Camera(shots).shoot(page, "crowded")
        assert not faults_here(page)
        press.click()
        expect(page).to_have_url(DONE, timeout=LONGEST_MS)
    assert photos_of(city, words) == [0]


def test_without_scripts_half_a_minute_is_enough(
    city: LivePortal, resident: Resident, crowd: Visitor
) -> None:
    resident.web = crowd
    words = f"沟里的水又黑又臭，编号{uuid4()}。"
    form = resident.filing_form(words)
    photo = File("photos", "a.jpg", phone_jpeg(MUD))
    asked = crowd.send(form, [photo], status=HTTPStatus.TOO_MANY_REQUESTS)
    assert "请等30秒" in asked.page.words
    assert "12345" in asked.page.words
    early = crowd.send(asked.page.form("/report"), status=HTTPStatus.TOO_MANY_REQUESTS)
    assert early.page.form("/report").value("altcha") == asked.page.form("/report").value("altcha")
    half_a_minute_passes(city)
    done = crowd.send(early.page.form("/report"), status=HTTPStatus.SEE_OTHER)
    assert read_receipt(crowd.follow(done)).number
    assert photos_of(city, words) == [1]
