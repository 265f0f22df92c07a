"""The draft of next Monday's inspection, made by itself so that no week is forgotten."""

from __future__ import annotations

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.ids import random_key
from portal.domain.inspections.planning import plan_by_itself, week_to_plan


def plan_due() -> int:
    """Plan the week whose draft is due and missing; returns how many. Asked every minute."""
    monday = week_to_plan(now())
    if monday is None:
        return 0
    with transaction():
        plan_by_itself(monday, random_key(), now())
    return 1
