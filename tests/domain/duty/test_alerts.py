"""Emergencies reach whoever is on duty: at once, at 15 minutes, a leader at 30; day and night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.domain.accounts.permissions import Role
from portal.domain.duty.alerts import (
    acknowledge,
    alert_of,
    alerts_for,
    raise_alert,
    set_urgent_words,
    urgent_words,
)
from portal.domain.duty.models import Alert
from portal.domain.duty.roster import (
    NewShift,
    add_shift,
    copy_week,
    gaps_between,
    midnight,
    shift_at,
    shifts_between,
)
from portal.domain.ports import ChannelError, Message
from portal.domain.reports.models import AccusedDepartment, Report
from portal.domain.reports.states import Action
from portal.jobs.duty import Alarm
from tests.factories import START, drain, file, make_department, staff, take, user

pytestmark = pytest.mark.usefixtures("db_city")
MINUTE = timedelta(minutes=1)
NIGHT = START.replace(hour=18)  # 02:00 in the city
URGENT = "water.drinking"
HOUR = timedelta(hours=1)


class Recorder:
    """A channel that keeps what it was handed."""

    name = "recorder"

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.is_broken = False

    def send(self, message: Message) -> None:
        """Keep it, or fail."""
        if self.is_broken:
            raise ChannelError("down")
        self.sent.append(message)

    @property
    def told(self) -> list[str]:
        """Whom it reached, in order."""
        return [message.address.removeprefix("staff:") for message in self.sent]


@pytest.fixture(autouse=True)
def present() -> Iterator[None]:
    yield
    clock.configure(timedelta(), None, "Asia/Shanghai")


def go_to(moment: datetime) -> None:
    clock.configure(timedelta(), None, "Asia/Shanghai")
    clock.configure(moment - clock.now(), None, "Asia/Shanghai")


def on_duty(since: datetime, until: datetime) -> None:
    officer, leader = user(Role.REVIEWER, username="watch"), user(Role.LEADER, username="boss")
    with transaction():
        add_shift(NewShift(since, until, officer.id, leader.id), by=staff(Role.SUPERVISOR))


def emergency(at: datetime = START, **filing: str) -> Report:
    """A report of an urgent kind, delivered as the worker does."""
    report = file(filing.pop("category", URGENT), at=at, **filing)
    go_to(at)
    drain()
    return report


def sounded(alarm: Alarm, at: datetime) -> int:
    go_to(at)
    return alarm.sound()


@pytest.mark.parametrize("filed_at", [START, NIGHT], ids=["day", "night"])
def test_what_nobody_acknowledges_takes_all_three_steps(filed_at: datetime) -> None:
    on_duty(filed_at - HOUR, filed_at + 6 * HOUR)
    channel = Recorder()
    alarm, report = Alarm(channel), emergency(filed_at)
    for minute in range(61):
        sounded(alarm, filed_at + minute * MINUTE)
    assert channel.told == ["watch", "watch", "boss"]
    assert len({message.idempotency_key for message in channel.sent}) == 3
    alert = alert_of(report)
    assert alert is not None
    after = [(step.minute, (step.sent_at - filed_at) // MINUTE) for step in alert.steps]
    assert [minute for minute, _ in after] == [0, 15, 30]
    assert all(0 <= sent - minute <= 1 for minute, sent in after)


def test_an_acknowledged_alert_stops() -> None:
    on_duty(START - HOUR, START + 6 * HOUR)
    channel = Recorder()
    alarm, report = Alarm(channel), emergency()
    sounded(alarm, START + MINUTE)
    alert = alert_of(report)
    assert alert is not None
    with transaction():
        acknowledge(alert.id, by=staff(Role.REVIEWER, username="watch"), at=START + 5 * MINUTE)
    assert sounded(alarm, START + 60 * MINUTE) == 0
    assert channel.told == ["watch"]
    with transaction():
        again = acknowledge(alert.id, by=staff(Role.TRIAGE), at=START + 9 * MINUTE)
    assert again.acknowledged_at == START + 5 * MINUTE


@pytest.mark.parametrize(
    ("accused", "told"),
    [
        ((), ["watch", "watch", "boss"]),
        (("watch",), ["boss", "boss", "boss"]),
        (("boss",), ["watch", "watch", "watch"]),
        (("watch", "boss"), ["desk", "desk", "desk"]),
    ],
)
def test_nobody_of_an_accused_unit_is_told(accused: tuple[str, ...], told: list[str]) -> None:
    """Their unit was accused after they were put on the roster."""
    people = {
        name: user(role, username=name, department="sl" if name in accused else "")
        for name, role in (("watch", Role.REVIEWER), ("boss", Role.LEADER))
    }
    with transaction():
        new = NewShift(START - HOUR, START + HOUR, people["watch"].id, people["boss"].id)
        add_shift(new, by=staff(Role.SUPERVISOR))
    channel, report = Recorder(), emergency()
    with transaction():
        foe = make_department("sl").id
        db.session.add(AccusedDepartment(report_id=report.id, department_id=foe))
    for minute in (1, 16, 31):
        sounded(Alarm(channel), START + minute * MINUTE)
    assert channel.told == told


def test_an_outage_is_caught_up_with_once_for_each_person() -> None:
    on_duty(START - HOUR, START + 6 * HOUR)
    channel = Recorder()
    report = file(URGENT, at=START)
    go_to(START + 50 * MINUTE)
    drain()
    assert sounded(Alarm(channel), START + 50 * MINUTE) == 2
    assert sounded(Alarm(channel), START + 55 * MINUTE) == 0
    assert channel.told == ["watch", "boss"]
    alert = alert_of(report)
    assert alert is not None
    assert [step.minute for step in alert.steps] == [0, 15, 30]
    assert alert.raised_at == START


def test_a_broken_channel_is_tried_again() -> None:
    on_duty(START - HOUR, START + 6 * HOUR)
    channel = Recorder()
    alarm, _report = Alarm(channel), emergency()
    channel.is_broken = True
    assert sounded(alarm, START + MINUTE) == 0
    channel.is_broken = False
    assert sounded(alarm, START + 2 * MINUTE) == 1


def test_a_delivery_that_comes_twice_raises_one_alert() -> None:
    report = emergency()
    with transaction():
        assert raise_alert(report, START) is None
    assert db.session.query(Alert).count() == 1


def test_words_raise_an_alert_and_ordinary_reports_do_not() -> None:
    words = emergency(category="air.odor", description="厂区管道泄漏，气味呛人。")
    plain = emergency(category="air.odor", description="夜里有味道，开窗睡不着。")
    assert (alert := alert_of(words)) is not None
    assert alert.word == "泄漏"
    assert alert_of(plain) is None
    with transaction():
        set_urgent_words(["味道", " ", "死鱼"], by=staff(Role.SUPERVISOR))
    assert set(urgent_words()) == {"味道", "死鱼"}
    with transaction():
        assert raise_alert(plain, START) is not None


def test_what_somebody_took_up_already_raises_nothing() -> None:
    report = file(URGENT)
    take(report, Action.ACCEPT)
    drain()
    assert alert_of(report) is None


def test_a_gap_in_the_roster_still_sounds_at_the_desk() -> None:
    channel = Recorder()
    report = emergency()
    sounded(Alarm(channel), START + 31 * MINUTE)
    assert channel.told == ["desk", "desk"]
    assert [a.report_id for a in alerts_for(staff(Role.TRIAGE), START)] == [report.id]


def test_who_sees_it_and_who_may_acknowledge() -> None:
    on_duty(START - HOUR, START + 6 * HOUR)
    report = emergency()
    alert = alert_of(report)
    assert alert is not None
    watch, boss = staff(Role.REVIEWER, username="watch"), staff(Role.LEADER, username="boss")
    early, late = START + MINUTE, START + 31 * MINUTE
    assert [len(alerts_for(who, early)) for who in (watch, boss)] == [1, 0]
    assert [len(alerts_for(who, late)) for who in (watch, boss)] == [1, 1]
    assert alerts_for(staff(Role.CLERK), late) == []
    with pytest.raises(NotAllowedError), transaction():
        acknowledge(alert.id, by=staff(Role.PUBLISHER), at=late)
    with pytest.raises(NotFoundError), transaction():
        acknowledge(alert.id, by=staff(Role.CLERK), at=late)
    accused = make_department("cg")
    with transaction():
        db.session.add(AccusedDepartment(report_id=report.id, department_id=accused.id))
    inside = staff(Role.TRIAGE, department="cg", username="inside")
    assert alerts_for(inside, late) == []


def test_a_week_is_copied_once_and_its_gaps_are_known() -> None:
    monday = START.date()
    start = midnight(monday)
    on_duty(start, start + 2 * timedelta(days=1))
    keeper, later = staff(Role.SUPERVISOR), monday + timedelta(days=7)
    with transaction():
        assert copy_week(later, by=keeper) == 1
        assert copy_week(later, by=keeper) == 0
    copied = shifts_between(midnight(later), midnight(later) + timedelta(days=7))
    assert [shift.officer.username for shift in copied] == ["watch"]
    week = start + timedelta(days=7)
    assert gaps_between(start, week) == [(start + timedelta(days=2), week)]
    assert shift_at(start + timedelta(days=3)) is None
    with pytest.raises(InvalidFieldsError):
        on_duty(start + HOUR, start + 2 * HOUR)


def test_only_the_supervisor_keeps_the_roster(db_city: scoped_session[Session]) -> None:
    with pytest.raises(NotAllowedError), transaction():
        copy_week(START.date(), by=staff(Role.TRIAGE))
