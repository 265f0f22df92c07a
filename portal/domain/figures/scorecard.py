"""The scorecard 考核: weighed points per unit, from rates and medians only; weights are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.figures.definitions import FIGURES, SMALL, TARGETABLE, Better, Unit
from portal.domain.figures.measures import Measure
from portal.domain.figures.models import FigureTarget, Kind, ScoreWeight
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Tally, Value, tallies, values_of
from portal.domain.figures.targets import TargetKey, is_met, target_for, targets_of

SCORED = (Kind.DEPARTMENT, Kind.TOWN)
# A median that takes no longer than this gets full points where no target says otherwise: the
# ordinary term of RESOLVE (domain.md section 4).
ORDINARY_DAYS = 15.0
MOST_WEIGHT = 100
_SEED_ON = date(2020, 1, 1)
_SEED: dict[Kind, dict[str, int]] = {
    Kind.DEPARTMENT: {
        "sign_on_time": 10,
        "contact_on_time": 10,
        "resolve_on_time": 30,
        "median_days": 10,
        "rework_rate": 10,
        "reopen_rate": 15,
        "satisfaction_rate": 15,
    },
    Kind.TOWN: {
        "closed_rate": 20,
        "resolve_on_time": 25,
        "median_days": 10,
        "reopen_rate": 15,
        "repeat_rate": 15,
        "satisfaction_rate": 15,
    },
}


@dataclass(frozen=True)
class NewWeights:
    """Weights as staff set them, by figure, in force from a day on."""

    kind: Kind
    weights: Mapping[str, int]
    effective_on: date
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """A figure on a scorecard: its value, its points of 100, its target and whether it is met."""

    value: Value
    points: float | None
    weight: int
    target: float | None
    is_met: bool | None


@dataclass(frozen=True)
class Score:
    """A unit's line. `rank` None: too few cases, or nothing to weigh."""

    key: int
    problems: int
    marks: tuple[Mark, ...]
    total: float | None
    rank: int | None

    @property
    def is_small(self) -> bool:
        """Whether too few cases stand behind it to rank it."""
        return self.problems < SMALL


def seed_weights(at: datetime) -> None:
    """Store the weights every city starts from; what staff changed stays."""
    known = set(db.session.scalars(select(ScoreWeight.kind)))
    for kind, weights in _SEED.items():
        if kind not in known:
            _add(NewWeights(kind, weights, _SEED_ON), None, at)


def set_weights(new: NewWeights, *, by: Actor, at: datetime) -> int:
    """Change weights from a day on; returns how many changed. What is scored later stays as it was.

    Raises NotAllowedError, InvalidFieldsError.
    """
    if not by.may(Permission.SET_WEIGHTS):
        raise NotAllowedError(N_("您的岗位不能改权重。"))
    if new.kind not in SCORED or not set(new.weights) <= {figure.code for figure in TARGETABLE}:
        raise InvalidFieldsError.one("weights", "unknown", N_("这个指标不能计分。"))
    if new.effective_on < local(at).date().replace(day=1):
        raise InvalidFieldsError.one(
            "effective_on", "past", N_("从本月起生效，已经考核过的不能改。")
        )
    if any(not 0 <= weight <= MOST_WEIGHT for weight in new.weights.values()):
        raise InvalidFieldsError.one("weights", "range", N_("权重在0到100之间。"))
    if not any({**weights_on(new.kind, new.effective_on), **new.weights}.values()):
        raise InvalidFieldsError.one("weights", "empty", N_("至少要有一个指标计分。"))
    known = weights_on(new.kind, new.effective_on)
    changed = {code: w for code, w in new.weights.items() if known.get(code, 0) != w}
    _add(NewWeights(new.kind, changed, new.effective_on, new.note), by.staff_id, at)
    return len(changed)


def _add(new: NewWeights, user_id: int | None, at: datetime) -> None:
    db.session.add_all(
        ScoreWeight(
            kind=new.kind,
            figure=code,
            weight=weight,
            effective_on=new.effective_on,
            note=new.note,
            set_at=at,
            set_by_id=user_id,
        )
        for code, weight in new.weights.items()
    )
    db.session.flush()


def weights_on(kind: Kind, on: date) -> dict[str, int]:
    """The weights in force on a local day, in the order of the definitions; 0 is left out."""
    query = select(ScoreWeight.figure, ScoreWeight.weight).where(
        ScoreWeight.kind == kind, ScoreWeight.effective_on <= on
    )
    rows = db.session.execute(query.order_by(ScoreWeight.effective_on, ScoreWeight.id))
    newest: dict[str, int] = dict(rows.all())
    return {code: newest[code] for code in FIGURES if newest.get(code)}


def weight_history(kind: Kind, limit: int = 50) -> list[ScoreWeight]:
    """Every change of the weights, the newest first."""
    query = select(ScoreWeight).where(ScoreWeight.kind == kind)
    return list(db.session.scalars(query.order_by(ScoreWeight.id.desc()).limit(limit)))


def scores(kind: Kind, months: Months, at: datetime) -> list[Score]:
    """Every unit with cases in the span, the best first; those not ranked stand last.

    Weights are those in force on the span's last day, or today while it runs.
    """
    weights = weights_on(kind, min(months.end, local(at).date()))
    targets = targets_of(months.last.year)
    needed = [FIGURES[code] for code in ("problems", *weights)]
    found = [
        _score(kind, key, tally, weights, targets)
        for key, tally in tallies(kind, months, None, needed).items()
        if key
    ]
    totals = [s.total for s in found if s.total is not None and not s.is_small]
    ranked = [_ranked(score, totals) for score in found]
    return sorted(ranked, key=lambda s: (s.rank is None, s.rank or 0, -(s.total or 0), s.key))


def _score(
    kind: Kind,
    key: int,
    tally: Tally,
    weights: Mapping[str, int],
    targets: dict[TargetKey, FigureTarget],
) -> Score:
    values = values_of(tally)
    marks = []
    for code, weight in weights.items():
        value = values[code]
        target = target_for(targets, kind, key, value.figure)
        marks.append(Mark(value, points_of(value, target), weight, target, is_met(value, target)))
    counting = [(mark.points, mark.weight) for mark in marks if mark.points is not None]
    whole = sum(weight for _, weight in counting)
    total = sum(points * weight for points, weight in counting) / whole if whole else None
    return Score(key, tally.of(Measure.PROBLEM), tuple(marks), total, None)


def _ranked(score: Score, totals: list[float]) -> Score:
    """Equal totals, as shown, share a rank."""
    if score.total is None or score.is_small:
        return score
    own = round(score.total, 1)
    rank = 1 + sum(round(total, 1) > own for total in totals)
    return Score(score.key, score.problems, score.marks, score.total, rank)


def points_of(value: Value, target: float | None) -> float | None:
    """0 to 100. A share counts as it is, or what is left to 100 where less is better.

    Days get full points up to the target (the ordinary term without one), then fewer in proportion.
    """
    number = value.number
    if number is None:
        return None
    if value.figure.unit is Unit.DAYS:
        allowed = ORDINARY_DAYS if target is None else target
        return 100.0 if number <= allowed else 100 * allowed / number
    return number if value.figure.better is Better.HIGH else 100 - number
