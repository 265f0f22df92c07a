"""What was learned, beside a report: likely categories and departments, and what came in before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from portal.domain.categories.queries import category_by_code
from portal.domain.departments.queries import department_by_code
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.triage.advice import Target, suggest_label
from portal.domain.triage.earlier import earlier_at_place, earlier_of_phone
from portal.web.access import actor
from portal.web.desk.door import bp
from portal.web.desk.frame import name_of

_ASKED = {
    State.SUBMITTED: (Target.CATEGORY, Target.DEPARTMENT),
    State.ACCEPTED: (Target.DEPARTMENT,),
}


@bp.app_context_processor
def _names() -> dict[str, Any]:
    """For desk/_suggestions.html, wherever it stands."""
    return {"learned_of": learned_of, "before_of": before_of}


def learned_of(report: Report) -> list[dict[str, Any]]:
    """Likely labels while they are to be decided, each with the words that led to it."""
    if not _decides():
        return []
    found = []
    for target in _ASKED.get(State(report.state), ()):
        rows = [
            {"name": label_words(target, guess.label), "words": guess.words}
            for guess in suggest_label(target, report)
        ]
        if rows:
            found.append({"label": _(target.label), "rows": rows})
    return found


def before_of(report: Report) -> list[tuple[str, Sequence[Report]]]:
    """Earlier reports of the same phone and of the same place, for whoever takes reports on."""
    if not _decides() or report.state not in _ASKED:
        return []
    who = actor()
    groups = [
        (_("同一电话以前反映的"), earlier_of_phone(report, who)),
        (_("这个地点以前的"), earlier_at_place(report, who)),
    ]
    return [(words, rows) for words, rows in groups if rows]


def label_words(target: Target, code: str) -> str:
    """The name of what a code stands for."""
    if target is Target.CATEGORY:
        category = category_by_code(code)
        if category is None:
            return code
        parent = category.parent
        return f"{name_of(parent)} · {name_of(category)}" if parent else name_of(category)
    return name_of(department_by_code(code)) or code


def _decides() -> bool:
    return WORKFLOW[Action.MERGE].admits(actor())
