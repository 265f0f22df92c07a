"""Two rules of the desk that no page may soften: stale forms and foreign reports."""

from __future__ import annotations

import pytest

from tests.journeys import stages
from tests.journeys.people import Office, Resident

pytestmark = pytest.mark.journey


def test_a_stale_form_shows_both_versions(resident: Resident, office: Office) -> None:
    receipt = resident.file("路边一直有人焚烧垃圾，烟很呛。")
    mine = office.form("triage", receipt.number, "decline")
    mine.fill(
        reason_code=mine.choices("reason_code")[-1],
        text="请写清楚具体的门牌号码。",
        where_to="拨打12345转城管",
    )
    stages.accept(office, receipt.number, by="triage2")
    answer = office.who("triage").send(mine, status=409)
    assert "请写清楚具体的门牌号码。" in answer.page.words
    assert "已受理" in answer.page.words
    assert office.state(receipt.number) == "accepted"


def test_a_department_sees_only_its_own(resident: Resident, office: Office) -> None:
    receipt = resident.file("搅拌站卸料时灰尘很大，路都看不清。")
    stages.accept(office, receipt.number)
    lead = stages.dispatch(office, receipt.number)
    stranger = office.who("clerk-ly")
    stranger.get(f"/desk/reports/{receipt.number}", status=404)
    stranger.json(f"/desk/reports/{receipt.number}", status=404)
    office.try_to("clerk-ly", receipt.number, "sign", {"version": "1"}, 404)
    office.try_to(f"head-{lead}", receipt.number, "sign", {"version": "1"}, 403)
    assert not office.lists("clerk-ly", "all", receipt.number)
    assert office.state(receipt.number) == "dispatched"
