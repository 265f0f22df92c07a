"""The record of a look-back: why, every visit, what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import local
from portal.core.documents.parts import Paragraph
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock
from portal.domain.lookback.models import LookBack, LookBackReason, Outcome
from portal.domain.lookback.planning import plan_one, planned_for
from portal.domain.lookback.sampling import draw_month
from portal.domain.lookback.visiting import Seen, record_visit
from portal.domain.lookback.wording import write_record
from portal.domain.reports.states import State
from tests.factories import at_state, staff, writing


def words_of(row: LookBack) -> str:
    paper = write_record(row, {staff(Role.REVIEWER).staff_id: "莫问之"}, "督查办")
    return "\n".join(part.text for part in paper.parts if isinstance(part, Paragraph))


def test_every_visit_stands_in_it(db_city: scoped_session[Session]) -> None:
    report, by = at_state(State.DEREGISTERED), staff(Role.REVIEWER)
    at = report.state_since + timedelta(days=31)
    with writing():
        row = plan_one(report, Clock.LOOKBACK, LookBackReason.STARRED, report.state_since)
    with pytest.raises(LookupError):
        words_of(row)
    for outcome, note in ((Outcome.UNDETERMINED, "门锁着"), (Outcome.FAILED, "又在排放。")):
        with writing():
            record_visit(row, Seen(outcome, note), by=by, at=at)
    said = words_of(row)
    for words in (
        report.number, "重点件，必看", "1. ", "莫问之到现场：看不清，要再去一次。所见：门锁着。",
        "2. ", "又反弹了。所见：又在排放。没有拍照。没有记下位置。", "问题反弹，案件重新办理",
    ):  # fmt: skip
        assert words in said


def test_a_drawn_one_names_its_seed(db_city: scoped_session[Session]) -> None:
    report, by = at_state(State.DEREGISTERED), staff(Role.REVIEWER)
    month = local(report.state_since).date().replace(day=1)
    with writing():
        draw_month(month, "the seed", report.state_since + timedelta(days=40))
    (row,) = planned_for(report)
    with writing():
        record_visit(row, Seen(Outcome.PASSED), by=by, at=row.planned_at)
    said = words_of(row)
    for words in ("1件中抽取1件", "随机种子：the seed。", "没有反弹，整改有效。"):
        assert words in said
