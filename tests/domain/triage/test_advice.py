"""Suggestions learned from closed reports: how good, how private, when off, and what is logged."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.adapters.classifiers.bayes import ComplementBayes
from portal.cli.demo.plans import Planner
from portal.cli.demo.settle import settle_city
from portal.core.db import db, transaction
from portal.domain.ports import Lesson
from portal.domain.reports.states import Action, State
from portal.domain.triage.advice import (
    Advice,
    LearnedModel,
    Target,
    hold_out,
    keep,
    lessons,
    note_decision,
    score,
    suggest_label,
    train,
)
from portal.domain.triage.learning import LEAST_SAMPLES, guesses, joined
from tests.factories import START, at_state, drain, file, take

SMELL, NOISE = "夜里有刺鼻的臭味，开窗难受。", "工地半夜打桩，声音很吵。"


def told(count: int) -> list[Lesson]:
    """So many closed reports of two kinds."""
    texts = ((SMELL, "air.odor"), (NOISE, "noise.construction"))
    return [Lesson(*texts[n % 2]) for n in range(count)]


def test_the_words_that_led_to_a_guess_are_named() -> None:
    model = ComplementBayes().learn(told(40))
    best = guesses(model, "请管管，半夜打桩太吵了，电话13800001111")[0]
    assert best.label == "noise.construction"
    assert "半夜打桩" in best.words
    assert guesses(model, "???") == []


def test_words_grow_where_the_text_has_them() -> None:
    assert joined("半夜", "夜打桩", "半夜打桩") == "半夜打桩"
    assert joined("打桩", "半夜打", "半夜打桩") == "半夜打桩"
    assert joined("半夜", "打桩", "半夜打桩") == ""


def test_nothing_of_one_person_is_learned() -> None:
    personal = Lesson("我叫欧阳小娟，电话13912345678，住在翠竹苑", "air.odor")
    model = ComplementBayes().learn([*told(40), personal, personal])
    assert model.terms
    for term in model.terms:
        assert not re.search(r"[0-9]", term)
        assert term not in "欧阳小娟翠竹苑"


def test_the_demo_is_told_apart_by_its_words(
    session: scoped_session[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    settle_city()
    plans = Planner(900, 3, datetime(2026, 11, 22, tzinfo=UTC)).plans()
    learned = [Lesson(p.complaint.text, p.category) for p in plans if p.twin_of is None]
    top_1, top_3, tested = hold_out(ComplementBayes(), learned)
    kinds = len({lesson.label for lesson in learned})
    with capsys.disabled():
        print(f"\nsuggestions: {kinds} categories, {len(learned)} reports, held out {tested}: "
              f"first {top_1 / tested:.0%}, among three {top_3 / tested:.0%}")  # fmt: skip
    assert top_1 / tested >= 0.7
    assert top_3 / tested >= 0.85


def test_off_below_two_hundred(session: scoped_session[Session]) -> None:
    with transaction():
        few = keep(Target.CATEGORY, ComplementBayes(), told(LEAST_SAMPLES - 1), START)
    assert not few.is_on
    assert db.session.get(LearnedModel, Target.CATEGORY) is None
    with transaction():
        enough = keep(Target.CATEGORY, ComplementBayes(), told(LEAST_SAMPLES), START)
    assert enough.is_on
    assert enough.top_1 == enough.tested == LEAST_SAMPLES / 5
    with transaction():
        keep(Target.CATEGORY, ComplementBayes(), told(3), START)
    assert db.session.get(LearnedModel, Target.CATEGORY) is None


def test_only_closed_reports_are_learned_from(db_city: scoped_session[Session]) -> None:
    at_state(State.HANDLING)
    closed = at_state(State.RESOLVED)
    at_state(State.DECLINED)
    assert closed.lead_department
    labels = [(target, [one.label for one in lessons(target)]) for target in Target]
    assert labels == [
        (Target.CATEGORY, [closed.category.code]),
        (Target.DEPARTMENT, [closed.lead_department.code]),
    ]
    with transaction():
        assert not train(Target.CATEGORY, ComplementBayes(), START).is_on


def test_advice_is_held_against_the_decision_once(db_city: scoped_session[Session]) -> None:
    with transaction():
        keep(Target.CATEGORY, ComplementBayes(), told(LEAST_SAMPLES), START)
    report = file(description=SMELL)
    guess = suggest_label(Target.CATEGORY, report)[0]
    assert guess.label == "air.odor"
    drain()
    assert db.session.query(Advice).count() == 0
    take(report, Action.ACCEPT)
    drain()
    with transaction():
        note_decision(Target.CATEGORY, report.id, START)
    (row,) = db.session.query(Advice)
    assert (row.guesses[0], row.decision, row.place) == ("air.odor", report.category.code, 1)
    at = row.at + timedelta(days=1)
    assert score(Target.CATEGORY, at).top_1 == score(Target.CATEGORY, at).decided == 1
    assert score(Target.CATEGORY, at + timedelta(days=90)).decided == 0
    # No model of departments: nothing was suggested, so nothing is held against anything.
    take(report, Action.DISPATCH)
    drain()
    assert db.session.query(Advice).count() == 1
