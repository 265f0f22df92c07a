"""What one report counts as: a bit each. Figures are shares of these, lists are filtered by them.

The numbers are stored: never change one, only add behind the last.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from portal.domain.deadlines.clocks import Clock


class Measure(IntFlag):
    """One yes or no about a report 计数项.

    A *filing* 件 is what somebody sent; parts split off it are none. A *problem* 实质问题 was taken
    on and stands on its own: not merged into another, not withdrawn, not declined. Problems are
    exactly what the public list shows.
    """

    RECEIVED = 1 << 0  # a filing
    DECIDED = 1 << 1  # a filing that was accepted or declined
    ACCEPTED = 1 << 2  # a filing that was accepted
    WAITING = 1 << 3  # not yet decided
    DECLINED = 1 << 4
    WITHDRAWN = 1 << 5
    MERGED = 1 << 6
    UNLISTED = 1 << 7  # a filing that is no problem: the four above together
    PROBLEM = 1 << 8
    PART = 1 << 9  # a problem split off a filing
    OPEN = 1 << 10  # a problem in hand
    OVERDUE = 1 << 11  # in hand, and past the term that presses
    CLOSED = 1 << 12  # resolved, and not reopened since
    RESOLVED = 1 << 13  # resolved at least once: the first outcome stays in the figures
    FOUND = 1 << 14  # the first outcome said verified or partly
    DISPATCHED = 1 << 15
    RETURNED = 1 << 16
    REVIEWED = 1 << 17  # submitted for review at least once
    REWORKED = 1 << 18
    REOPENED = 1 << 19
    REBOUND = 1 << 20  # reopened because it came back
    DEREGISTERED = 1 << 21
    EXTENDED = 1 << 22
    REPEAT = 1 << 23  # of a case closed near by: what triage keeps
    # Of each stage: its term was decided (the step taken, or the time over), and it was kept.
    ACCEPT_DUE = 1 << 24
    ACCEPT_MET = 1 << 25
    DISPATCH_DUE = 1 << 26
    DISPATCH_MET = 1 << 27
    SIGN_DUE = 1 << 28
    SIGN_MET = 1 << 29
    CONTACT_DUE = 1 << 30
    CONTACT_MET = 1 << 31
    RESOLVE_DUE = 1 << 32
    RESOLVE_MET = 1 << 33
    REVIEW_DUE = 1 << 34
    REVIEW_MET = 1 << 35
    PUBLISH_DUE = 1 << 36
    PUBLISH_MET = 1 << 37

    @property
    def code(self) -> str:
        """How a cell of the rollup names it."""
        return (self.name or "").lower()


NOTHING = Measure(0)


@dataclass(frozen=True)
class Stage:
    """A step with a term 环节: its clock, and the two bits its terms end in."""

    clock: Clock
    due: Measure
    met: Measure


STAGES = (
    Stage(Clock.ACCEPT, Measure.ACCEPT_DUE, Measure.ACCEPT_MET),
    Stage(Clock.DISPATCH, Measure.DISPATCH_DUE, Measure.DISPATCH_MET),
    Stage(Clock.SIGN, Measure.SIGN_DUE, Measure.SIGN_MET),
    Stage(Clock.CONTACT, Measure.CONTACT_DUE, Measure.CONTACT_MET),
    Stage(Clock.RESOLVE, Measure.RESOLVE_DUE, Measure.RESOLVE_MET),
    Stage(Clock.REVIEW, Measure.REVIEW_DUE, Measure.REVIEW_MET),
    Stage(Clock.PUBLISH, Measure.PUBLISH_DUE, Measure.PUBLISH_MET),
)
# Not a bit but a span: how many days the first outcome took, kept as a histogram.
DAYS = "days"
