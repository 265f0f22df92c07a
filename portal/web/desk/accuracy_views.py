"""How good the suggestions are 建议准确率, for those who run the system and those who supervise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.core.clock import now
from portal.domain.accounts.permissions import Permission
from portal.domain.triage.advice import LearnedModel, Target, lesson_count, misses, models, score
from portal.domain.triage.learning import LEAST_SAMPLES
from portal.web.access import require
from portal.web.desk.door import bp
from portal.web.desk.learned import label_words


@bp.get("/accuracy")
@require(Permission.ENTER_DESK, Permission.SEE_ACCURACY)
def accuracy() -> ResponseReturnValue:
    """What was learned, how it did on reports it had not seen, and how often it was followed."""
    known, at = models(), now()
    rows = [_row(target, known.get(target), at) for target in Target]
    return render_template(
        "desk/accuracy.html", rows=rows, least=LEAST_SAMPLES, closed=lesson_count()
    )


def _row(target: Target, model: LearnedModel | None, at: datetime) -> dict[str, Any]:
    taken = score(target, at)
    return {
        "target": target,
        "model": model,
        "held_out": _shares(model.tested, model.top_1, model.top_3) if model else None,
        "taken": _shares(taken.decided, taken.top_1, taken.top_3),
        "decided": taken.decided,
        "misses": [(label_words(target, code), n) for code, n in misses(target, at)],
    }


def _shares(whole: int, top_1: int, top_3: int) -> tuple[int, int] | None:
    """Per cent at the first place and among the three; None without anything to divide by."""
    return (round(100 * top_1 / whole), round(100 * top_3 / whole)) if whole else None
