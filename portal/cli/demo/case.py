"""What the steps of one walk remember from each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from portal.cli.demo.plans import Plan
from portal.cli.demo.shots import Shot

Shots = list[Shot]


@dataclass
class Case:
    """A planned report on its way through the services."""

    plan: Plan
    rng: Random = field(init=False)
    report_id: int = 0
    triage: str = "triage"
    """Who decides at triage: after a refusal it is the other officer."""
    accused: frozenset[int] = frozenset()
    """Departments the report itself accuses: they must get no part in it."""
    lead: str = ""
    rightful: str = ""
    """The department that routing names; what is dispatched wrongly ends up there."""

    def __post_init__(self) -> None:
        self.rng = self.plan.rng

    def steps_after(self, at: datetime) -> list[str]:
        """Return the names of the steps still to come after ``at``."""
        return [step for step, when in self.plan.times.steps if when > at]
