"""The clocks a report can have running, and the words around them."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import N_
from portal.domain.categories.classes import DeadlineClass

__all__ = [
    "CHARGED",
    "OF_PARTS",
    "PRESSING",
    "Clock",
    "Colour",
    "DeadlineClass",
    "EndReason",
    "Unit",
]


class Clock(StrEnum):
    """What a term is for (domain.md section 4)."""

    ACCEPT = "accept"
    NEED_INFO = "need_info"
    APPEAL = "appeal"
    DISPATCH = "dispatch"
    SIGN = "sign"
    RETURN = "return"
    RULING = "ruling"
    CONTACT = "contact"
    RESOLVE = "resolve"
    PART_SIGN = "part_sign"
    PART = "part"
    REVIEW = "review"
    MILESTONE = "milestone"
    PUBLISH = "publish"
    NOTICE = "notice"
    LOOKBACK = "lookback"
    LOOKBACK_SECOND = "lookback_second"
    RATING = "rating"
    DISPUTE = "dispute"
    DISPUTE_ANSWER = "dispute_answer"
    FEEDBACK = "feedback"
    CORRECTION = "correction"
    EXPOSURE = "exposure"
    EXPOSURE_ANSWER = "exposure_answer"
    REWARD_TELL = "reward_tell"
    REWARD_CLAIM = "reward_claim"
    REWARD_DECIDE = "reward_decide"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _CLOCK_LABELS[self]

    @property
    def is_window(self) -> bool:
        """Whether this is a span that runs out or a planned date: its end makes nobody late."""
        return self in _WINDOWS


class Unit(StrEnum):
    """What a term is counted in."""

    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _UNIT_LABELS[self]


class Colour(StrEnum):
    """How a deadline stands 预警等级. NONE has time enough, BLUE is near, the others are late."""

    NONE = "none"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _COLOUR_LABELS[self]


class EndReason(StrEnum):
    """Why a clock stands still for good."""

    DONE = "done"  # the step it was for was taken
    CLOSED = "closed"  # the report left the path: merged, withdrawn, declined
    SUPERSEDED = "superseded"  # the same clock was started anew


_CLOCK_LABELS = {
    Clock.ACCEPT: N_("受理时限"),
    Clock.NEED_INFO: N_("补充材料期"),
    Clock.APPEAL: N_("申诉期"),
    Clock.DISPATCH: N_("交办时限"),
    Clock.SIGN: N_("签收时限"),
    Clock.RETURN: N_("退回时限"),
    Clock.RULING: N_("审定时限"),
    Clock.CONTACT: N_("联系时限"),
    Clock.RESOLVE: N_("办理时限"),
    Clock.PART_SIGN: N_("协办签收时限"),
    Clock.PART: N_("协办时限"),
    Clock.REVIEW: N_("审核时限"),
    Clock.MILESTONE: N_("整改节点"),
    Clock.PUBLISH: N_("公开时限"),
    Clock.NOTICE: N_("公示期"),
    Clock.LOOKBACK: N_("回头看"),
    Clock.LOOKBACK_SECOND: N_("第二次回头看"),
    Clock.RATING: N_("评价期"),
    Clock.DISPUTE: N_("异议期"),
    Clock.DISPUTE_ANSWER: N_("异议答复时限"),
    Clock.FEEDBACK: N_("反馈时限"),
    Clock.CORRECTION: N_("更正答复时限"),
    Clock.EXPOSURE: N_("曝光期"),
    Clock.EXPOSURE_ANSWER: N_("曝光异议答复时限"),
    Clock.REWARD_TELL: N_("奖励告知时限"),
    Clock.REWARD_CLAIM: N_("奖励领取期"),
    Clock.REWARD_DECIDE: N_("奖励审定时限"),
}
_WINDOWS = frozenset(
    {
        Clock.NEED_INFO,
        Clock.APPEAL,
        Clock.NOTICE,
        Clock.LOOKBACK,
        Clock.LOOKBACK_SECOND,
        Clock.RATING,
        Clock.DISPUTE,
        Clock.REWARD_CLAIM,
        Clock.EXPOSURE,
    }
)
# Run for each assisting department by itself: they make that department late, not the case.
OF_PARTS = frozenset({Clock.PART_SIGN, Clock.PART})
# What can colour a queue.
PRESSING = frozenset(Clock) - _WINDOWS - OF_PARTS
# Kept by the unit that leads a case: their colours are followed by urges and orders.
CHARGED = frozenset({Clock.SIGN, Clock.CONTACT, Clock.RESOLVE, Clock.MILESTONE, Clock.FEEDBACK})
_UNIT_LABELS = {
    Unit.HOURS: N_("小时"),
    Unit.WORKING_HOURS: N_("工作小时"),
    Unit.WORKING_DAYS: N_("工作日"),
    Unit.CALENDAR_DAYS: N_("日"),
}
_COLOUR_LABELS = {
    Colour.NONE: N_("未到期"),
    Colour.BLUE: N_("临期"),
    Colour.YELLOW: N_("逾期"),
    Colour.RED: N_("严重逾期"),
}
