"""The default terms of domain.md section 4, within the outer limits of the law.

Sources: 环保举报热线工作管理办法 (60 days to resolve, 30 more with approval), 信访工作条例
(15 days to accept), 政府信息公开条例 (20 working days to publish), 北京市接诉即办工作条例 (contact,
sign and return in hours), practice of 中央生态环境保护督察 (notice, look-back). Staff change them.
"""

from __future__ import annotations

from datetime import date

from portal.domain.deadlines.clocks import Clock, DeadlineClass, Unit

EFFECTIVE_ON = date(2020, 1, 1)

DEFAULT_RULES: tuple[tuple[Clock, DeadlineClass | None, int, Unit], ...] = (
    (Clock.ACCEPT, None, 2, Unit.WORKING_DAYS),
    (Clock.NEED_INFO, None, 5, Unit.WORKING_DAYS),
    (Clock.APPEAL, None, 30, Unit.CALENDAR_DAYS),
    (Clock.DISPATCH, None, 1, Unit.WORKING_DAYS),
    (Clock.SIGN, None, 4, Unit.WORKING_HOURS),
    (Clock.RETURN, None, 1, Unit.WORKING_DAYS),
    (Clock.RULING, None, 1, Unit.WORKING_DAYS),
    (Clock.CONTACT, DeadlineClass.URGENT, 2, Unit.HOURS),
    (Clock.CONTACT, None, 24, Unit.HOURS),
    (Clock.RESOLVE, DeadlineClass.URGENT, 24, Unit.HOURS),
    (Clock.RESOLVE, DeadlineClass.ORDINARY, 15, Unit.CALENDAR_DAYS),
    (Clock.RESOLVE, DeadlineClass.COMPLEX, 30, Unit.CALENDAR_DAYS),
    # A report whose class is unknown is an ordinary one.
    (Clock.RESOLVE, None, 15, Unit.CALENDAR_DAYS),
    # An assist signs as fast as the lead and reports in two thirds of the lead's time.
    (Clock.PART_SIGN, None, 4, Unit.WORKING_HOURS),
    (Clock.PART, DeadlineClass.URGENT, 16, Unit.HOURS),
    (Clock.PART, DeadlineClass.ORDINARY, 10, Unit.CALENDAR_DAYS),
    (Clock.PART, DeadlineClass.COMPLEX, 20, Unit.CALENDAR_DAYS),
    (Clock.PART, None, 10, Unit.CALENDAR_DAYS),
    (Clock.REVIEW, None, 2, Unit.WORKING_DAYS),
    (Clock.PUBLISH, None, 5, Unit.WORKING_DAYS),
    (Clock.NOTICE, None, 10, Unit.CALENDAR_DAYS),
    (Clock.LOOKBACK, None, 30, Unit.CALENDAR_DAYS),
    (Clock.LOOKBACK_SECOND, None, 90, Unit.CALENDAR_DAYS),
    (Clock.RATING, None, 15, Unit.CALENDAR_DAYS),
    (Clock.DISPUTE, None, 30, Unit.CALENDAR_DAYS),
    (Clock.DISPUTE_ANSWER, None, 30, Unit.CALENDAR_DAYS),
    (Clock.FEEDBACK, None, 10, Unit.CALENDAR_DAYS),
    (Clock.CORRECTION, None, 15, Unit.WORKING_DAYS),
    (Clock.EXPOSURE, None, 365, Unit.CALENDAR_DAYS),
    # Being named in public weighs more than one sentence of a case: it is answered sooner.
    (Clock.EXPOSURE_ANSWER, None, 10, Unit.WORKING_DAYS),
    (Clock.REWARD_TELL, None, 5, Unit.WORKING_DAYS),
    (Clock.REWARD_CLAIM, None, 30, Unit.WORKING_DAYS),
    (Clock.REWARD_DECIDE, None, 10, Unit.WORKING_DAYS),
)
