"""The supervisor imports a month of readings; the public page shows it at once."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from portal.core.db import db
from portal.domain.accounts.permissions import Role
from portal.domain.quality.models import QualityReading
from tests.web.desk.conftest import Desk, Enter

GOOD = "站点,日期,指标,数值,单位\n城东站,2026-10,PM2.5,42,μg/m3\n城东站,2026-10,臭氧,90,μg/m3\n"
BAD = GOOD + "城东站,2026-10,PM10,很多,μg/m3\n城东站,2026-10,噪声,1,dB\n"


def upload(desk: Desk, text: str, encoding: str = "utf-8", *, as_json: bool = False) -> int:
    sent = (io.BytesIO(text.encode(encoding)), "十月.csv")
    return desk.send("/desk/quality", file=sent, as_json=as_json).status_code


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_file_is_taken_and_corrected(enter: Enter, encoding: str) -> None:
    desk = enter(Role.SUPERVISOR)
    assert "导入以后" in desk.page("/desk/quality").text
    assert upload(desk, GOOD, encoding) == 303
    assert "新的2条，更正0条，没变0条" in desk.page("/desk/quality").text
    assert upload(desk, GOOD.replace("42", "30"), encoding) == 303
    page = desk.page("/desk/quality").text
    assert "新的0条，更正1条，没变1条" in page
    assert page.count("十月.csv") == 2
    assert "<b>30</b>" in desk.page("/open/quality").text


def test_every_line_at_fault_is_named_and_nothing_taken(app: Flask, enter: Enter) -> None:
    desk = enter(Role.SUPERVISOR)
    sent = (io.BytesIO(BAD.encode()), "十月.csv")
    answer = desk.send("/desk/quality", file=sent)
    assert answer.status_code == 422
    assert "第4行：数值要是数字" in answer.text
    assert "第5行：不认识这个指标" in answer.text
    assert 'href="#quality-file"' in answer.text
    assert upload(desk, BAD, as_json=True) == 422
    assert desk.send("/desk/quality").status_code == 422
    with app.app_context():
        assert db.session.query(QualityReading).count() == 0


@pytest.mark.parametrize("role", [Role.TRIAGE, Role.HEAD, Role.ADMIN, Role.LEADER])
def test_nobody_else_imports(enter: Enter, role: Role) -> None:
    desk = enter(role)
    assert desk.page("/desk/quality").status_code == 403
    assert upload(desk, GOOD) == 403
