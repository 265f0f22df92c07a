"""Learned suggestions and earlier cases beside a report, and the page that judges them."""

from __future__ import annotations

import pytest
from flask import Flask

from portal.adapters.classifiers.bayes import ComplementBayes
from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.ports import Lesson
from portal.domain.reports.states import State
from portal.domain.reports.vault import Contact
from portal.domain.triage.advice import Target, keep
from tests.factories import at_state, file
from tests.web.desk.conftest import Enter

SMELL = "夜里有刺鼻的臭味，开窗难受。"
PHONE = Contact(phone="13800001111")


@pytest.fixture
def number(app: Flask, enter: Enter) -> str:
    """A report just in, and a model that knows two kinds."""
    enter(Role.TRIAGE)
    texts = ((SMELL, "air.odor"), ("工地半夜打桩，声音很吵。", "noise.construction"))
    with app.app_context():
        with transaction():
            learned = [Lesson(*texts[n % 2]) for n in range(200)]
            keep(Target.CATEGORY, ComplementBayes(), learned, now())
        return file(description=SMELL, at=now()).number


def test_triage_sees_guesses_with_the_words_that_led_to_them(enter: Enter, number: str) -> None:
    page = enter(Role.TRIAGE).page(f"/desk/reports/{number}").text
    assert "污染类型可能是" in page
    assert "大气污染 · 恶臭异味" in page
    assert "因为写了" in page
    assert "污染类型可能是" not in enter(Role.REVIEWER).page(f"/desk/reports/{number}").text


def test_earlier_cases_of_the_phone_and_the_place(app: Flask, enter: Enter, number: str) -> None:
    triage, reviewer = enter(Role.TRIAGE), enter(Role.REVIEWER)
    with app.app_context():
        first = at_state(State.RESOLVED, contact=PHONE).number
        second = file(contact=PHONE, at=now()).number
        other = file(contact=Contact(phone="13800002222"), at=now()).number
    page = triage.page(f"/desk/reports/{second}").text
    assert "同一电话以前反映的" in page
    assert "这个地点以前的" in page
    assert first in page
    assert "13800001111" not in page
    assert "同一电话以前反映的" not in triage.page(f"/desk/reports/{other}").text
    assert "以前" not in reviewer.page(f"/desk/reports/{second}").text


def test_accuracy_is_for_the_administrator_and_the_supervisor(enter: Enter, number: str) -> None:
    for role in (Role.ADMIN, Role.SUPERVISOR):
        page = enter(role).page("/desk/accuracy")
        assert page.status_code == 200
        assert "100%" in page.text
        assert "满200件才开始建议" in page.text
    assert enter(Role.TRIAGE).page("/desk/accuracy").status_code == 403
