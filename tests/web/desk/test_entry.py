"""Taking a report down for a caller, and the pages around the work."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from flask import Flask

from portal.domain.accounts.permissions import Role
from portal.domain.reports.photos import photos_of
from portal.domain.reports.tracking import open_session, report_by_number
from portal.domain.reports.vault import masked_contact
from tests.factories import START, jpeg
from tests.web.desk.conftest import Enter

CALL: dict[str, Any] = {
    "channel": "phone",
    "category": "noise.social",
    "description": "楼下广场舞每晚吵到十一点，老人睡不着。",
    "address": "朝阳社区文化广场",
    "grid_code": "999901001001",
    "contact_name": "李阿姨",
    "contact_phone": "138 0013 8000",
}


def test_a_phone_call_becomes_a_report_with_a_code(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    assert desk.page("/desk/reports/new").status_code == 200
    entered = desk.send("/desk/reports/new", **CALL)
    assert entered.status_code == 200, entered.text
    shown = re.findall(r'class="code">([^<]+)<', entered.text)
    with app.app_context():
        report = report_by_number(shown[0])
        assert report is not None
        assert (report.channel, report.category.code) == ("phone", "noise.social")
        contact = masked_contact(report)
        assert contact is not None
        assert contact.phone == "138****8000"
        assert open_session(shown[0], shown[1], address="test", at=START)[1].id == report.id


def test_a_page_sent_twice_files_once(enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    once = {"once": "a-page-of-its-own", **CALL}
    assert desk.send("/desk/reports/new", **once).status_code == 200
    again = desk.send("/desk/reports/new", **once)
    assert (again.status_code, again.location) == (303, "/desk/queue/mine")
    listed = desk.json("/desk/queue/all").json
    assert listed is not None
    assert len(listed["reports"]) == 1


def test_what_is_wrong_is_said_and_the_rest_kept(enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    for wrong in (
        {"description": "短"},
        {"address": "", "grid_code": ""},
        {"category": "nonsense"},
        {"contact_phone": "12"},
    ):
        refused = desk.send("/desk/reports/new", **{**CALL, **wrong})
        assert refused.status_code == 422, wrong
        assert f'href="#new-{next(iter(wrong))}"' in refused.text
        assert "李阿姨" in refused.text


def test_only_who_files_for_residents_may(enter: Enter) -> None:
    assert enter(Role.REVIEWER).page("/desk/reports/new").status_code == 403
    assert enter(Role.GRID).page("/desk/reports/new").status_code == 200


def test_help_shows_the_table(enter: Enter) -> None:
    page = enter(Role.CLERK).page("/desk/help")
    assert page.status_code == 200
    assert "审定" in page.text


def test_the_style_guide_is_for_demos(enter: Enter) -> None:
    assert enter(Role.ADMIN).page("/desk/styleguide").status_code == 404


def test_an_order_is_entered_once_under_its_own_number(app: Flask, enter: Enter) -> None:
    """The number of the order is kept, shown and found; the same order again names the report."""
    desk = enter(Role.TRIAGE)
    order = {**CALL, "channel": "hotline", "external_number": "HL-20261122-0815"}
    entered = desk.send("/desk/reports/new", **order)
    number = re.findall(r'class="code">([^<]+)<', entered.text)[0]
    assert order["external_number"] in desk.page(f"/desk/reports/{number}").text
    found = desk.json("/desk/queue/all?q=HL-20261122-0815").json
    assert found is not None
    assert [row["number"] for row in found["reports"]] == [number]
    again = desk.send("/desk/reports/new", **order)
    assert again.status_code == 422
    assert number in again.text
    letter = desk.send("/desk/reports/new", **{**order, "channel": "letter"})
    assert letter.status_code == 200


def test_photos_of_a_letter_come_along_and_survive_a_fault(app: Flask, enter: Enter) -> None:
    desk = enter(Role.TRIAGE)
    picture: dict[str, Any] = {"photos": (BytesIO(jpeg()), "letter.jpg")}
    refused = desk.send("/desk/reports/new", **{**CALL, "description": "短", **picture})
    assert refused.status_code == 422
    (kept,) = re.findall(r'name="photo_ids\[\]" value="([^"]+)"', refused.text)
    entered = desk.send("/desk/reports/new", **CALL, **{"photo_ids[]": kept})
    number = re.findall(r'class="code">([^<]+)<', entered.text)[0]
    with app.app_context():
        report = report_by_number(number)
        assert report is not None
        assert [photo.kind for photo in photos_of(report)] == ["evidence"]
