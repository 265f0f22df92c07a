"""The turns besides the straight way, without scripts: refused, asked, returned, merged."""

from __future__ import annotations

import pytest

from tests.journeys import stages
from tests.journeys.people import Office, Resident

pytestmark = pytest.mark.journey


def test_a_refusal_is_appealed_once_and_another_officer_decides(
    resident: Resident, office: Office
) -> None:
    receipt = resident.file("隔壁餐馆的油烟直接排到楼道里。", category="air.cooking")
    number = receipt.number
    office.take(
        "triage",
        number,
        "decline",
        reason_code="other_authority",
        text="油烟问题由城管局直接受理。",
        where_to="市城管局，电话12319",
    )
    told = resident.open(receipt)
    assert "油烟问题由城管局直接受理。" in told.words
    assert "12319" in told.words
    resident.say(receipt, "appeal", reason="城管局说归环保管，请再看一次。")
    assert office.state(number) == "submitted"
    form = office.form("triage2", number, "accept")
    office.try_to("triage", number, "accept", dict(form.pairs()), 403)
    stages.accept(office, number, by="triage2")
    assert not resident.web.page(f"/track/{number}").offers(f"/track/{number}/appeal")


def test_a_question_pauses_the_report_until_it_is_answered(
    resident: Resident, office: Office
) -> None:
    receipt = resident.file("楼下仓库有股刺鼻的味道。", category="air.odor")
    number = receipt.number
    office.take("triage", number, "ask", question="是白天还是夜里气味更重？")
    assert office.state(number) == "need_info"
    told = resident.open(receipt)
    assert "是白天还是夜里气味更重？" in told.words
    page = resident.say(receipt, "info", text="夜里十一点以后最重。")
    assert "夜里十一点以后最重。" in page.words
    assert office.state(number) == "submitted"
    assert "夜里十一点以后最重。" in office.page("triage", number).words


def test_a_second_return_is_ruled(resident: Resident, office: Office) -> None:
    number = resident.file("渣土堆在河滩上，没有任何遮盖。", grid_code="").number
    stages.accept(office, number)
    lead = stages.dispatch(office, number)
    _return(office, number, lead, to="sl")
    again = office.form("triage", number, "dispatch")
    assert again.value("lead") == "sl", "what the return proposes is filled in"
    office.who("triage").send(again.fill(note="河滩归水利局管。"))
    _return(office, number, "sl", to=lead)
    assert not office.page("triage", number).offers(f"/desk/reports/{number}/actions/dispatch")
    assert office.lists("supervisor", "returned", number)
    office.take("supervisor", number, "rule", lead=lead, reasons="渣土来源是工地，由住建局办。")
    assert office.state(number) == "dispatched"
    ruled = office.page(f"head-{lead}", number)
    assert not ruled.offers(f"/desk/reports/{number}/actions/return")
    stages.sign(office, number, lead)


def test_a_duplicate_follows_its_main_report(resident: Resident, office: Office) -> None:
    main = resident.file("塘边鸭棚把粪水排进水渠。", category="water.livestock").number
    second = resident.file("鸭棚往水渠里排粪水，臭得很。", category="water.livestock")
    stages.accept(office, main)
    office.take("triage", second.number, "merge", main_number=main)
    assert office.state(second.number) == "merged"
    told = resident.open(second)
    assert "已并案" in told.words


def _return(office: Office, number: str, lead: str, to: str) -> None:
    office.take(
        f"head-{lead}",
        number,
        "return",
        legal_basis="市政府三定方案第三条",
        proposed_department=to,
    )
    assert office.state(number) == "returned"
