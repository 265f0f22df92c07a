"""Finished inspections in public: counts, results of published cases, nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.core.clock import local, now
from portal.core.db import db
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.inspections.models import (
    Inspection,
    PublicInspection,
    PublicInspectionLine,
    Result,
)
from portal.domain.inspections.planning import Plan, plan_inspection
from portal.domain.inspections.queries import lines_of
from portal.domain.inspections.running import (
    Found,
    SignOff,
    add_line,
    close_inspection,
    record_result,
    start_inspection,
)
from portal.domain.reports.tracking import report_by_number
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.services import NewOrder, issue_order, lift_order
from tests.factories import file, staff, writing
from tests.web.transparency.conftest import PRIVATE, Cases

NOTE = "黑心作坊的老板说没空。"
INSIDE = (NOTE, "内部：来电三次", "总体不好", "逐一约谈", "a seed")


def boss() -> Actor:
    return staff(Role.SUPERVISOR)


@pytest.fixture
def week(app: Flask, cases: Cases) -> int:
    """An inspection of both cases, signed off; the published one was not put right."""
    with app.app_context():
        row = start(cases)
        with writing():
            for number, result in (
                (cases.published, Result.NOT_PUT_RIGHT),
                (cases.listed, Result.AS_REPORTED),
            ):
                report = report_by_number(number)
                assert report is not None
                (line,) = lines_of(report)
                record_result(line, Found(result, NOTE), by=boss(), at=now())
            close_inspection(row, SignOff("总体不好", "逐一约谈"), by=boss(), at=now())
        return row.id


def start(cases: Cases) -> Inspection:
    monday = local(now()).date()
    monday -= timedelta(days=monday.weekday())
    with writing():
        row = plan_inspection(monday, Plan([boss().staff_id], 0), "a seed", by=boss(), at=now())
        for number in (cases.published, cases.listed):
            report = report_by_number(number)
            assert report is not None
            if all(line.report_id != report.id for line in row.lines):
                add_line(row, report, "内部：来电三次", by=boss())
        start_inspection(row, by=boss(), at=now())
    return row


def test_nothing_before_the_sign_off(app: Flask, client: FlaskClient, cases: Cases) -> None:
    assert "还没有完成的督查" in client.get("/open/inspections").text
    with app.app_context():
        start(cases)
    page = client.get("/open/inspections").text
    assert "还没有完成的督查" in page
    assert cases.published not in page


def test_counts_and_the_result_of_the_published_case(
    client: FlaskClient, cases: Cases, week: int
) -> None:
    page = client.get("/open/inspections").text
    assert "清单2件" in page
    assert "1件没整改好" in page
    assert f"/open/reports/{cases.published}" in page
    assert "没有整改到位" in page
    row = page.partition(f"/open/reports/{cases.listed}")[2].partition("</a>")[0]
    assert cases.listed in row
    assert "已交办" in row
    assert "和反映的一样" not in row, "of a listed case no more than its listed line"


def test_the_counts_do_not_tell_of_the_one_case_that_is_not_published(
    app: Flask, client: FlaskClient, cases: Cases, week: int
) -> None:
    """Two were listed; the result of one is shown: the other's must not follow by subtraction."""
    page = client.get("/open/inspections").text
    assert "另有1件的现场结果要等案件公开" in page
    assert "和反映的一样" not in page
    assert "2件没整改好" not in page
    assert "督办员加入" not in page, "why the few were listed is not told either"
    with app.app_context(), writing():
        copy = db.session.get_one(PublicInspection, week)
        copy.results = {"as_reported": 5, "not_put_right": 1}
        for _n in range(4):
            line = PublicInspectionLine(inspection_id=week, report_id=file("noise.social").id)
            line.result = Result.AS_REPORTED
            db.session.add(line)
    page = client.get("/open/inspections").text
    assert "6件没整改好" in page, "of many it is told how many there were"
    assert "要等案件公开" not in page


def test_a_public_order_tells_the_result_of_a_published_case_only(
    app: Flask, client: FlaskClient, cases: Cases
) -> None:
    """A lifted order: when, why, and what came of it; not the unit's answer."""
    with app.app_context(), writing():
        for number in (cases.published, cases.listed):
            report, at = report_by_number(number), now()
            assert report is not None
            new = NewOrder(
                OrderLevel.PUBLIC, "限期整治。", local(at).date(), "排口", "韦明", "副市长"
            )
            order = issue_order(report, new, by=boss(), at=at)
            lift_order(order, "验收合格。", by=boss(), at=at)
    page = client.get("/open/orders").text
    assert page.count("验收合格。") == 2
    assert f"/open/reports/{cases.published}" in page
    assert "办理结果" in page
    assert "责令改正" in page
    assert "已交办" in page
    assert cases.listed not in page
    assert not [words for words in PRIVATE if words in page]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_and_no_word_from_inside(
    app: Flask, client: FlaskClient, cases: Cases, week: int, lang: str
) -> None:
    client.set_cookie("lang", lang)
    page = client.get("/open/inspections").text
    with app.app_context():
        name = boss().name
    leaked = [words for words in (*PRIVATE, *INSIDE, name) if words and words in page]
    assert not leaked
