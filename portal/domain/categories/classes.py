"""How urgent a kind of pollution is, and which set of terms it gets."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import N_


class DeadlineClass(StrEnum):
    """Which terms a report gets 时限类别; proposed by its category, fixed at acceptance."""

    URGENT = "urgent"
    ORDINARY = "ordinary"
    COMPLEX = "complex"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _CLASS_LABELS[self]


class Urgency(StrEnum):
    """How fast somebody should look 紧急程度; orders the queue of what came in."""

    ROUTINE = "routine"
    PRESSING = "pressing"
    IMMEDIATE = "immediate"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _URGENCY_LABELS[self]


_CLASS_LABELS = {
    DeadlineClass.URGENT: N_("紧急"),
    DeadlineClass.ORDINARY: N_("一般"),
    DeadlineClass.COMPLEX: N_("复杂"),
}
_URGENCY_LABELS = {
    Urgency.ROUTINE: N_("常规"),
    Urgency.PRESSING: N_("较急"),
    Urgency.IMMEDIATE: N_("立即"),
}
