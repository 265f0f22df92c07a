"""A resident takes the receipt home and holds it against the public log, in a real browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.people import Receipt, Resident
from tests.journeys.screens import wear
from tests.journeys.visitor import until
from tests.live import LivePortal

pytestmark = pytest.mark.journey


def downloaded(page: Page, link: str) -> Any:
    """The JSON file behind a link."""
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return json.loads(download.value.path().read_text(encoding="utf-8"))


def seal(city: LivePortal) -> None:
    """Sign a head now; while the demo loads, it alone may seal."""

    def sealed() -> bool:
        try:
            return "head signed" in city.flask("audit", "seal")
        except subprocess.CalledProcessError:
            return False

    until("a signed head", sealed, 180)


@pytest.fixture
def mine(page_phone: Page, resident: Resident) -> tuple[Receipt, dict[str, Any]]:
    """A report just filed: its codes, and the receipt as a file."""
    receipt = resident.file("河边作坊夜里排放刺鼻气味，开窗睡不着。")
    wear(page_phone, resident.web)
    page_phone.goto("/report/done")
    file: dict[str, Any] = downloaded(page_phone, "下载回执文件")
    return receipt, file


def test_a_receipt_is_checked_in_the_browser(
    page_phone: Page, city: LivePortal, mine: tuple[Receipt, dict[str, Any]], tmp_path: Path
) -> None:
    page, (receipt, content) = page_phone, mine
    assert content["number"] == receipt.number
    assert receipt.query_code.replace("-", "") not in json.dumps(content).replace("-", "")
    seal(city)
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    page.goto("/open/log")
    page.set_input_files("#file", str(file))
    verdict = page.locator("[data-verdict]")
    expect(verdict).to_contain_text("查到了：封存在第")
    expect(verdict).to_be_focused()
    assert verdict.locator(".steps li").count() == 4
    seal(city)
    page.get_by_role("button", name="核对").click()
    expect(verdict).to_contain_text("您上次看到的账本，原样保留在这一本里")
    page.locator("[name=receipt]").fill(json.dumps({**content, "number": "SP261122000123K"}))
    page.get_by_role("button", name="核对").click()
    expect(verdict).to_contain_text("编号、内容或日期，跟封存时不一样")
    expect(verdict).to_contain_text("对不上")


def test_the_tracking_page_hands_out_the_proof(
    page_phone: Page, city: LivePortal, resident: Resident, mine: tuple[Receipt, dict[str, Any]]
) -> None:
    page, (receipt, content) = page_phone, mine
    seal(city)
    resident.open(receipt)
    wear(page, resident.web)
    page.goto(f"/track/{receipt.number}")
    expect(page.get_by_text("已封存在第")).to_be_visible()
    told = downloaded(page, "下载封存证明")
    assert told["receipt"] == content
    assert told["proof"]["leaf"] == content["leaf"]
    page.goto("/open/log")
    page.locator("[name=receipt]").fill(json.dumps(told))
    page.get_by_role("button", name="核对").click()
    expect(page.locator("[data-verdict]")).to_contain_text("查到了：封存在第")
