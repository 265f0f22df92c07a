"""From filing to struck off over plain HTTP: a resident and staff whose scripts are off."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from tests.journeys import stages
from tests.journeys.album import GRASS, MUD, RUST, phone_jpeg, real_heic, webp
from tests.journeys.people import (
    Office,
    Receipt,
    Resident,
    decisions_in,
    photos_decidable,
    read_due,
)
from tests.journeys.stages import INTERNAL_TEXT, PUBLIC_TEXT, REPLY
from tests.journeys.visitor import File, Visitor, until
from tests.live import LivePortal

pytestmark = pytest.mark.journey
BOX = (0.25, 0.25, 0.5, 0.25)
WORDS = "工地没有洒水，渣土车一过满街扬尘，窗户都不敢开。"
PHONE = "13912345678"


def test_a_report_goes_all_the_way_without_scripts(
    city: LivePortal, resident: Resident, office: Office
) -> None:
    receipt = _file(resident)
    _handle(office, receipt.number)
    withheld = _release(office, receipt.number)
    before, after = stages.public_photos(city, receipt.number)
    assert before.is_black(*BOX)
    assert not before.is_black(0.0, 0.0, 0.2, 0.2)
    assert after.is_of(GRASS)
    assert not before.exif
    assert not after.exif
    Visitor(city.base_url).get(withheld, status=404)
    _strike_off(city, office, receipt.number)
    _read_in_public(city, receipt.number)
    _track(resident, receipt)


def _file(resident: Resident) -> Receipt:
    heic = real_heic()
    second = (
        File("photos", "IMG_5195.HEIC", heic, "image/heic")
        if heic
        else File("photos", "second.webp", webp(RUST), "image/webp")
    )
    form = resident.filing_form(WORDS, contact_phone=PHONE)
    form.fill(consent_contact=form.choices("consent_contact")[0])
    receipt = resident.send(form, [File("photos", "IMG_0001.jpg", phone_jpeg(MUD)), second])
    assert receipt.number in resident.web.page("/report/done").words
    return receipt


def _handle(office: Office, number: str) -> None:
    """From triage to resolved: a contact, a site check, one rework."""
    assert office.lists("triage", "to-accept", number)
    stages.accept(office, number)
    lead = stages.dispatch(office, number)
    assert lead == "zj", "the routing table gives dust to 住建局"
    stages.sign(office, number, lead)
    clerk = f"clerk-{lead}"
    page = office.page(clerk, number)
    assert PHONE not in page.words
    office.note(clerk, number, "contacts", "已致电，举报人说下午最严重。")
    office.note(clerk, number, "checks", "现场裸土未覆盖，喷淋未开。")
    stages.propose(office, number, lead, [stages.after_photo()])
    stages.submit(office, number, lead)
    office.take("reviewer", number, "rework", reason="请补充洒水记录。")
    assert office.state(number) == "handling"
    stages.propose(office, number, lead)
    stages.submit(office, number, lead)
    stages.resolve(office, number)


def _release(office: Office, number: str) -> str:
    """Release the first photo with a black box and the last; returns the withheld one's address."""
    form = photos_decidable(office, number, 3)
    first, second, third = decisions_in(form)
    picture = _picture_of(office, number, second)
    decisions = {first: "release", second: "withhold", third: "release"}
    answers: dict[str, Any] = {f"photo_decisions[{p}]": said for p, said in decisions.items()}
    answers[f"boxes[{first}]"] = ",".join(str(side) for side in BOX)
    office.take("publisher", number, "publish", **answers)
    assert office.state(number) == "published"
    return picture


def _picture_of(office: Office, number: str, photo: str) -> str:
    """Where staff see this photo."""
    publisher = office.who("publisher")
    page = publisher.get(f"/desk/reports/{number}").text
    found = re.search(rf'id="photo-{photo}".*?(/media/\w+)/', page, re.DOTALL)
    assert found is not None
    address = f"{found[1]}/1600.jpg"
    publisher.get(address)
    return address


def _strike_off(city: LivePortal, office: Office, number: str) -> None:
    """Read when the notice ends, let the demo's clock pass it, strike off."""
    due = read_due(office.page("supervisor", number).words, stages.portal_time(city))
    told = office.facts("supervisor", number)["notice_ends_at"]
    assert datetime.fromisoformat(told) == due
    stages.move_past(city, office, due)
    assert office.lists("supervisor", "to-strike-off", number)
    office.take("supervisor", number, "deregister", acceptance_note="现场复核，已整改到位。")
    assert office.state(number) == "deregistered"


def _read_in_public(city: LivePortal, number: str) -> None:
    anybody = Visitor(city.base_url)
    page = until(
        "the struck-off case in public",
        lambda: next(
            (p for p in [anybody.page(f"/open/reports/{number}")] if "已销号" in p.words), None
        ),
    )
    assert PUBLIC_TEXT in page.words
    for private in (REPLY, INTERNAL_TEXT, WORDS, PHONE, PHONE[-4:], "请补充洒水记录"):
        assert private not in page.words
    assert number in anybody.page(f"/open/reports?q={number}").words


def _track(resident: Resident, receipt: Receipt) -> None:
    page = resident.open(receipt)
    assert "已销号" in page.words
    assert REPLY in page.words
    assert INTERNAL_TEXT not in page.words
    assert resident.state(receipt) == "deregistered"
