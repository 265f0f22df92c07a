"""更正与异议 on the desk over HTTP, to a case and to an exposure, without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from portal.core.clock import local, now
from portal.domain.accounts.permissions import Role
from portal.domain.exposures.services import NewExposure, approve_exposure, propose_exposure
from portal.domain.exposures.wording import Wording
from portal.domain.objections.filing import NewObjection, file_objection
from portal.domain.objections.models import ObjectionKind, Relation
from portal.domain.reports.states import State
from tests.factories import at_state, drain, staff, writing
from tests.web.desk.conftest import Enter

SAID = Wording("东河镇直排案", "东河造纸厂", "夜间直排，已经责令停产。", "示环罚〔2026〕7号")
WORDS = "我们是东河造纸厂，直排的是西河造纸厂。"


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A published case with an exposure that stands."""
    enter(Role.PUBLISHER)
    with app.app_context():
        report, at = at_state(State.PUBLISHED, at=now() - timedelta(days=20)), now()
        drain()
        with writing():
            new = NewExposure(SAID, local(at).date() + timedelta(days=90))
            row = propose_exposure(report, new, by=staff(Role.PUBLISHER), at=at)
            approve_exposure(row, by=staff(Role.PUBLISHER, username="publisher2"), at=at)
            for exposure in (None, row):
                relation = Relation.MISTAKEN if exposure else None
                kind = ObjectionKind.CORRECTION
                asked = NewObjection(kind, WORDS, exposure=exposure, relation=relation)
                file_objection(report, asked, at=at)
        return report.number


def test_an_exposure_is_hidden_and_put_right(app: Flask, enter: Enter, number: str) -> None:
    drafter, second = enter(Role.PUBLISHER), enter(Role.SUPERVISOR)
    page = drafter.page("/desk/objections/2").text
    for words in ("名字、地点相近，被认错了", "示环罚〔2026〕7号", WORDS):
        assert words in page
    assert "对曝光的异议" in drafter.page("/desk/objections").text
    assert drafter.send("/desk/objections/2/hide").status_code == 303
    assert "马上撤下" not in drafter.page("/desk/objections/2").text
    said = {"result": "upheld", "reasons": "确实认错了。", "title": "西河镇直排案"}
    said |= {"party": "西河造纸厂", "text": SAID.text, "basis": SAID.basis}
    for missing in ("reasons", "party", "result"):
        sent = drafter.send("/desk/objections/2/draft", **{**said, missing: ""}, as_json=False)
        assert sent.status_code == 422
        assert "西河镇直排案" in sent.text
    unchanged = {**said, "title": SAID.title, "party": SAID.party}
    assert drafter.send("/desk/objections/2/draft", **unchanged, as_json=False).status_code == 422
    assert drafter.send("/desk/objections/2/draft", **said, as_json=False).status_code == 303
    page = second.page("/desk/objections/2").text
    assert "<ins>西河造纸厂</ins>" in page
    assert second.send("/desk/objections/2/confirm").status_code == 303
    shown = second.page("/open/exposures/1").text
    assert "西河造纸厂" in shown
    assert "东河造纸厂" not in shown
    assert "确实认错了" in enter(Role.PUBLISHER).page("/desk/exposures/1").text


def test_a_case_is_hidden_and_shown_again(app: Flask, enter: Enter, number: str) -> None:
    drafter, second = enter(Role.PUBLISHER), enter(Role.SUPERVISOR)
    public = f"/open/reports/{number}"
    assert drafter.send("/desk/objections/1/hide", whole="1").status_code == 303
    with app.app_context():
        drain()
    assert "正在核实" in drafter.page(public).text
    said = {"result": "refused", "reasons": "核实过，属实。"}
    assert drafter.send("/desk/objections/1/draft", **said, as_json=False).status_code == 303
    assert second.send("/desk/objections/1/confirm", back="1").status_code == 303
    assert drafter.send("/desk/objections/1/draft", **said, as_json=False).status_code == 303
    assert second.send("/desk/objections/1/confirm").status_code == 303
    with app.app_context():
        drain()
    assert "正在核实" not in drafter.page(public).text
    assert "不成立" in drafter.page("/desk/objections?view=answered").text
