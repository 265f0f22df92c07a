"""What holds from a day on can be taken back until that day, and never after."""

from __future__ import annotations

from datetime import date, datetime

from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.queries import work_calendar


def demand_coming(effective_on: date, at: datetime) -> None:
    """Whether a rule may still be taken back. Raises InvalidFieldsError from its first day on."""
    if effective_on <= work_calendar().local_date(at):
        words = N_("已经生效的不能撤回，请另定新的。")
        raise InvalidFieldsError.one("effective_on", "in_force", words)
