"""Subscriber `advice`: holds suggestions against decisions; and every night, learns anew."""

from __future__ import annotations

from collections.abc import Callable

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.ports import Classifier
from portal.domain.reports.states import Action
from portal.domain.timeline.models import TimelineEvent
from portal.domain.triage.advice import Target, Trained, note_decision, train

_DECIDES = {Action.ACCEPT: Target.CATEGORY, Action.DISPATCH: Target.DEPARTMENT}


def note_advice(event: TimelineEvent) -> Callable[[], None] | None:
    """Write down once what would have been suggested and what was decided."""
    target, report_id, at = _DECIDES[Action(event.kind)], event.subject_id, event.at

    def write() -> None:
        note_decision(target, report_id, at)

    return write


def learn_anew(classifier: Classifier) -> list[Trained]:
    """Learn every target from the closed reports, each in a transaction of its own."""
    found = []
    for target in Target:
        with transaction():
            found.append(train(target, classifier, now()))
    return found
