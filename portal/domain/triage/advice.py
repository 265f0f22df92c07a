"""Suggested categories and departments: learning, asking, and holding advice against decisions.

The model is kept as data and replaced as a whole. What was advised is written down when somebody
decides, from the same text and model: looking at a page writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, db
from portal.core.enums import stored
from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.departments.models import Department
from portal.domain.ports import Classifier, Lesson, Weights
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.triage.learning import LEAST_SAMPLES, MOST_SHOWN, Guess, guesses

_HELD_OUT = 5  # every fifth report is kept for the test
_MOST_LESSONS = 50_000
_COUNTED_DAYS = 90


class Target(StrEnum):
    """What is suggested."""

    CATEGORY = "category"
    DEPARTMENT = "department"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {Target.CATEGORY: N_("污染类型"), Target.DEPARTMENT: N_("主办单位")}[self]


class LearnedModel(Base):
    """学到的模型, one per target: weights as data, and how it did on reports it had not seen."""

    __tablename__ = "learned_model"

    target: Mapped[Target] = mapped_column(stored(Target), primary_key=True)
    trained_at: Mapped[datetime]
    samples: Mapped[int]
    tested: Mapped[int]
    top_1: Mapped[int]  # of `tested`, right at the first place
    top_3: Mapped[int]
    weights: Mapped[dict[str, Any]]


class Advice(Base):
    """建议记录: what was suggested for a report, and what was decided."""

    __tablename__ = "advice"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    target: Mapped[Target] = mapped_column(stored(Target), primary_key=True)
    trained_at: Mapped[datetime]
    guesses: Mapped[list[Any]]  # codes, the likeliest first
    decision: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]  # of the decision among the guesses, from 1; 0 when it was none of them
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Trained:
    """How a training went. `is_on` tells whether there were enough reports to suggest from."""

    target: Target
    samples: int
    tested: int = 0
    top_1: int = 0
    top_3: int = 0

    @property
    def is_on(self) -> bool:
        """Whether this is suggested from."""
        return self.samples >= LEAST_SAMPLES


@dataclass(frozen=True)
class Score:
    """How often advice was taken: decisions, those at the first place, those among the three."""

    decided: int
    top_1: int
    top_3: int


def suggest_label(target: Target, report: Report) -> list[Guess]:
    """The three likeliest labels for a report; empty while too little was learned."""
    trained_at = db.session.scalar(
        select(LearnedModel.trained_at).where(LearnedModel.target == target)
    )
    if trained_at is None:
        return []
    return guesses(_weights(target, trained_at), report.description, _more(target, report.category))


def train(target: Target, classifier: Classifier, at: datetime) -> Trained:
    """Learn anew from the closed reports and keep the model; none is kept from too few."""
    return keep(target, classifier, lessons(target), at)


def keep(
    target: Target, classifier: Classifier, learned: Sequence[Lesson], at: datetime
) -> Trained:
    """Hold every fifth lesson out, test on those, then learn from all."""
    if len(learned) < LEAST_SAMPLES:
        row = db.session.get(LearnedModel, target)
        if row is not None:
            db.session.delete(row)
        return Trained(target, len(learned))
    top_1, top_3, tested = hold_out(classifier, learned)
    weights = classifier.learn(learned)
    _weights.cache_clear()
    db.session.merge(
        LearnedModel(
            target=target,
            trained_at=at,
            samples=len(learned),
            tested=tested,
            top_1=top_1,
            top_3=top_3,
            weights={"labels": list(weights.labels), "terms": dict(weights.terms)},
        )
    )
    return Trained(target, len(learned), tested, top_1, top_3)


def hold_out(classifier: Classifier, learned: Sequence[Lesson]) -> tuple[int, int, int]:
    """Right at the first place, right among the three, tested: on lessons the model never saw."""
    held = learned[::_HELD_OUT]
    model = classifier.learn([one for n, one in enumerate(learned) if n % _HELD_OUT])
    top_1 = top_3 = 0
    for lesson in held:
        labels = [guess.label for guess in guesses(model, lesson.text, lesson.more)]
        top_1 += labels[:1] == [lesson.label]
        top_3 += lesson.label in labels
    return top_1, top_3, len(held)


def lessons(target: Target) -> list[Lesson]:
    """The closed reports, the newest first: what was said, and what was decided in the end."""
    query = (
        _closed(Report.description, Category, Department.code)
        .order_by(Report.first_resolved_at.desc(), Report.id.desc())
        .limit(_MOST_LESSONS)
    )
    return [
        Lesson(text, category.code if target is Target.CATEGORY else code, _more(target, category))
        for text, category, code in db.session.execute(query)
    ]


def lesson_count() -> int:
    """How many closed reports there are to learn from."""
    return db.session.scalar(_closed(func.count(Report.id))) or 0


def _closed(*columns: Any) -> Select[Any]:
    """The reports whose kind and lead are settled for good."""
    return (
        select(*columns)
        .select_from(Report)
        .join(Category, Category.id == Report.category_id)
        .join(Department, Department.id == Report.lead_department_id)
        .where(
            Report.first_resolved_at.is_not(None),
            Report.state != State.MERGED,
            Category.parent_id.is_not(None),
        )
    )


def note_decision(target: Target, report_id: int, at: datetime) -> None:
    """Write down, once for a report, what was advised and what was decided."""
    report = db.session.get(Report, report_id)
    if report is None or db.session.get(Advice, (report_id, target)) is not None:
        return
    trained_at = db.session.scalar(
        select(LearnedModel.trained_at).where(LearnedModel.target == target)
    )
    labels = [guess.label for guess in suggest_label(target, report)]
    decision = _decision(target, report)
    if trained_at is None or not labels or not decision:
        return
    place = labels.index(decision) + 1 if decision in labels else 0
    db.session.add(
        Advice(
            report_id=report_id,
            target=target,
            trained_at=trained_at,
            guesses=labels,
            decision=decision,
            place=place,
            at=at,
        )
    )


def models() -> dict[Target, LearnedModel]:
    """The models in use."""
    return {row.target: row for row in db.session.scalars(select(LearnedModel))}


def score(target: Target, at: datetime) -> Score:
    """How often the advice of the last 90 days was taken; one statement."""
    since = at - timedelta(days=_COUNTED_DAYS)
    query = (
        select(Advice.place, func.count())
        .where(Advice.target == target, Advice.at > since)
        .group_by(Advice.place)
    )
    counts = {row[0]: row[1] for row in db.session.execute(query)}
    right = sum(counts.get(place, 0) for place in range(1, MOST_SHOWN + 1))
    return Score(sum(counts.values()), counts.get(1, 0), right)


def misses(target: Target, at: datetime, most: int = 10) -> list[tuple[str, int]]:
    """What was decided most often without having been suggested, with how often."""
    since = at - timedelta(days=_COUNTED_DAYS)
    query = (
        select(Advice.decision, func.count())
        .where(Advice.target == target, Advice.at > since, Advice.place == 0)
        .group_by(Advice.decision)
        .order_by(func.count().desc(), Advice.decision)
        .limit(most)
    )
    return [(decision, count) for decision, count in db.session.execute(query)]


def _decision(target: Target, report: Report) -> str:
    if target is Target.CATEGORY:
        return "" if report.category.is_top else report.category.code
    return report.lead_department.code if report.lead_department else ""


def _more(target: Target, category: Category) -> tuple[str, ...]:
    """Who handles a case hangs on its kind as well."""
    return (f"#{category.code}",) if target is Target.DEPARTMENT else ()


@lru_cache(maxsize=4)
def _weights(target: Target, _trained_at: datetime) -> Weights:
    """The model as trained at a moment, read once by each process."""
    row = db.session.get_one(LearnedModel, target)
    return Weights(row.weights["labels"], row.weights["terms"])
