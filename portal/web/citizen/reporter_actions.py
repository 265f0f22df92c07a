"""What a reporter may do with a report that is already filed, by the names of its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.timeline.models import TimelineEvent

_CLOSED_TO_WORDS = frozenset({State.DECLINED, State.WITHDRAWN, State.DEREGISTERED})
# Before dispatch it really is withdrawn; afterwards the wish is passed on (domain.md section 3).
_WITHDRAWABLE = frozenset(State) - {
    State.DECLINED,
    State.WITHDRAWN,
    State.MERGED,
    State.RESOLVED,
    State.PUBLISHED,
    State.WITHHELD,
    State.DEREGISTERED,
}


def allowed(report: Report, events: Sequence[TimelineEvent], at: datetime) -> list[str]:
    """`info`, `photos`, `withdraw`, `appeal`: those open at `at`."""
    state = State(report.state)
    kinds = [event.kind for event in events]
    names = [] if state in _CLOSED_TO_WORDS else ["info", "photos"]
    if state in _WITHDRAWABLE and "withdraw_noted" not in kinds:
        names.append("withdraw")
    if state is State.DECLINED and Action.APPEAL not in kinds:
        declined_at = [event.at for event in events if event.kind == Action.DECLINE]
        if declined_at and at <= term_for(Clock.APPEAL, None, declined_at[-1]).due_at:
            names.append("appeal")
    return names
