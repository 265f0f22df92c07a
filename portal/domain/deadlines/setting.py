"""Setting the city's terms: a new version from a day on, within the law, or taking it back.

Running clocks keep the term they were started with; a version in force is replaced by a later one
and never rewritten, so that every old clock can still say which term it had.
"""

from __future__ import annotations

from datetime import date, datetime

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.calendar.coming import demand_coming
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.limits import LEGAL_LIMITS, day_beyond_law
from portal.domain.deadlines.models import DeadlineRule
from portal.domain.deadlines.queries import forget_rules
from portal.domain.deadlines.services import NewRule, save_rule
from portal.domain.timeline.services import Happening, record_event

SUBJECT = "deadline_rule"


class BeyondLawError(InvalidFieldsError):
    """The term is longer (or a right of residents shorter) than the law permits.

    `law` names it and `on` is the first day from which the term would break it.
    """

    def __init__(self, law: str, on: date) -> None:
        fault = InvalidFieldsError.one("amount", "beyond_law", N_("超出法定期限，不能这样定。"))
        super().__init__(fault.faults)
        self.law, self.on = law, on


def check_term(new: NewRule, at: datetime) -> None:
    """Whether a term may be set. Raises InvalidFieldsError (past day, range), BeyondLawError."""
    calendar = work_calendar()
    if new.effective_on < calendar.local_date(at):
        words = N_("生效日期不能早于今天：已经开始的时限不改。")
        raise InvalidFieldsError.one("effective_on", "past", words)
    beyond = day_beyond_law(new.clock, new.amount, new.unit, calendar, new.effective_on)
    if beyond is not None:
        raise BeyondLawError(LEGAL_LIMITS[new.clock].law, beyond)


def set_term(new: NewRule, *, by: Actor, at: datetime) -> DeadlineRule:
    """Set a term from a day on. Raises NotAllowedError, InvalidFieldsError, BeyondLawError."""
    _demand(by)
    check_term(new, at)
    rule = save_rule(new)
    rule.set_at, rule.set_by_id = at, by.staff_id
    db.session.flush()
    _record(rule, "term_set", by, at)
    return rule


def take_back_term(rule_id: int, *, by: Actor, at: datetime) -> None:
    """Take back a version before its first day. Raises NotFoundError, InvalidFieldsError."""
    _demand(by)
    rule = db.session.get(DeadlineRule, rule_id)
    if rule is None:
        raise NotFoundError
    demand_coming(rule.effective_on, at)
    _record(rule, "term_taken_back", by, at)
    db.session.delete(rule)
    db.session.flush()
    forget_rules()


def _demand(by: Actor) -> None:
    if not by.may(Permission.EDIT_TERMS):
        raise NotAllowedError(N_("时限由督办员定。"))


def _record(rule: DeadlineRule, kind: str, by: Actor, at: datetime) -> None:
    data = {
        "clock": rule.clock,
        "deadline_class": rule.deadline_class,
        "amount": rule.amount,
        "unit": rule.unit,
        "effective_on": rule.effective_on.isoformat(),
    }
    record_event(Happening(SUBJECT, rule.id, kind, at, by.kind, by.user_id, data=data))
