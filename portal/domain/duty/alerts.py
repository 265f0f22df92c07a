"""Raising alerts, and their steps: the officer at once and at 15 minutes, a leader at 30."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, func, select

from portal.core.db import db
from portal.core.errors import NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.models import User
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.accounts.services import actor_of
from portal.domain.casework.scope import is_visible, visible_among
from portal.domain.categories.classes import DeadlineClass
from portal.domain.duty.models import Alert, AlertReason, AlertStep, UrgentWord
from portal.domain.duty.roster import shift_at
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event

LEADER_AFTER = 30
MINUTES = (0, 15, LEADER_AFTER)  # issue: the officer within 5, again at 15, a leader at 30
_WATCHERS = frozenset({Role.TRIAGE, Role.SUPERVISOR})


@dataclass(frozen=True)
class Call:
    """One message that is due: which alert, to whom, for which of its steps."""

    alert_id: int
    number: str
    recipient_id: int | None
    minutes: tuple[int, ...]

    @property
    def key(self) -> str:
        """The same for every attempt, so that a receiver drops a duplicate."""
        return f"alert-{self.alert_id}-{self.minutes[-1]}-{self.recipient_id or 0}"


def raise_alert(report: Report, at: datetime) -> Alert | None:
    """Raise an alert for an emergency that nobody has looked at; once per report.

    `at` is when the report was filed: after an outage its steps are caught up with.
    """
    if report.state != State.SUBMITTED or alert_of(report) is not None:
        return None
    word = word_in(f"{report.description} {report.occurred_note or ''}")
    is_urgent = report.category.deadline_class == DeadlineClass.URGENT
    if not is_urgent and not word:
        return None
    reason = AlertReason.CATEGORY if is_urgent else AlertReason.WORD
    alert = Alert(report_id=report.id, reason=reason, word=word, raised_at=at)
    db.session.add(alert)
    db.session.flush()
    return alert


def calls_due(at: datetime) -> list[Call]:
    """What must be sent now. Steps missed in an outage become one message per person."""
    found: list[Call] = []
    shift = shift_at(at)
    for alert in open_alerts():
        sent = {step.minute for step in alert.steps}
        due = [m for m in MINUTES if m not in sent and at >= alert.raised_at + _minutes(m)]
        early = tuple(m for m in due if m < LEADER_AFTER)
        late = tuple(m for m in due if m >= LEADER_AFTER)
        officer, leader = (shift.officer, shift.leader) if shift else (None, None)
        calls = ((early, (officer, leader)), (late, (leader, officer)))
        number = alert.report.number
        found += [
            Call(alert.id, number, _first_who_hears(alert, people), minutes)
            for minutes, people in calls
            if minutes
        ]
    return found


def mark_sent(call: Call, at: datetime) -> None:
    """Remember that these steps were sent; a step already on record stays as it is."""
    for minute in call.minutes:
        if db.session.get(AlertStep, (call.alert_id, minute)) is None:
            step = AlertStep(
                alert_id=call.alert_id, minute=minute, sent_at=at, recipient_id=call.recipient_id
            )
            db.session.add(step)
    db.session.flush()


def acknowledge(alert_id: int, *, by: Actor, at: datetime) -> Alert:
    """Stop the alert: `by` has it in hand. A second time changes nothing.

    Raises NotFoundError out of scope, NotAllowedError for whom it does not concern.
    """
    query = select(Alert).join(Report).where(Alert.id == alert_id, is_visible(by))
    alert = db.session.scalar(query)
    if alert is None:
        raise NotFoundError
    if not _concerns(alert, by, at):
        raise NotAllowedError(N_("这条提醒由值班的人确认。"))
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_id = at, by.staff_id
        said = Happening(SUBJECT, alert.report_id, "alert_acknowledged", at, by.kind, by.user_id)
        record_event(said)
    return alert


def alerts_for(who: Actor, at: datetime) -> list[Alert]:
    """The open alerts that `who` must see on every page, the oldest first."""
    if not who.may(Permission.SEE_ALL):
        return []
    query = select(Alert).join(Report).where(Alert.acknowledged_at.is_(None), is_visible(who))
    found = list(db.session.scalars(query.order_by(Alert.raised_at)))
    return [alert for alert in found if _concerns(alert, who, at)]


def unacknowledged() -> ScalarSelect[int]:
    """How many alerts nobody has acknowledged, to be counted together with something else."""
    query = select(func.count()).select_from(Alert).where(Alert.acknowledged_at.is_(None))
    return query.scalar_subquery()


def open_alerts() -> list[Alert]:
    """Every alert nobody has acknowledged, the oldest first."""
    query = select(Alert).where(Alert.acknowledged_at.is_(None)).order_by(Alert.raised_at)
    return list(db.session.scalars(query))


def recent_alerts(who: Actor, limit: int = 20) -> list[Alert]:
    """The newest alerts whose reports `who` sees."""
    query = select(Alert).join(Report).where(is_visible(who))
    return list(db.session.scalars(query.order_by(Alert.raised_at.desc()).limit(limit)))


def alert_of(report: Report) -> Alert | None:
    """The report's alert."""
    return db.session.scalar(select(Alert).where(Alert.report_id == report.id))


def word_in(text: str) -> str:
    """The first urgent word that stands in `text`; empty when none does."""
    return next((word for word in urgent_words() if word in text), "")


def urgent_words() -> list[str]:
    """The words that raise an alert."""
    return list(db.session.scalars(select(UrgentWord.word).order_by(UrgentWord.word)))


def set_urgent_words(words: Collection[str], *, by: Actor) -> Sequence[str]:
    """Replace the words; empty ones and those over 20 characters are left out."""
    if not by.may(Permission.KEEP_ROSTER):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    wanted = sorted({word.strip() for word in words if 1 < len(word.strip()) <= 20})
    for row in db.session.scalars(select(UrgentWord)):
        db.session.delete(row)
    db.session.flush()
    db.session.add_all([UrgentWord(word=word) for word in wanted])
    db.session.flush()
    return wanted


def _concerns(alert: Alert, who: Actor, at: datetime) -> bool:
    """Triage and supervisors always; the officer on duty; the leader from half an hour on."""
    if who.roles & _WATCHERS:
        return True
    shift = shift_at(at)
    if shift is None:
        return False
    is_late = at >= alert.raised_at + _minutes(LEADER_AFTER)
    return who.user_id == shift.officer_id or (is_late and who.user_id == shift.leader_id)


def _first_who_hears(alert: Alert, people: Iterable[User | None]) -> int | None:
    """The first who works here and sees the report: nobody of a unit that it accuses is told.

    None when nobody is left: the message then goes to the desk's own address.
    """
    for person in people:
        if person is None or not person.is_active:
            continue
        if visible_among(actor_of(person), [alert.report_id]):
            return person.id
    return None


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)
