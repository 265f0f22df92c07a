"""How the system itself stands, for those who run, guard or audit it: they handle no cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import login_failures_since, session_count, staff_counts
from portal.domain.openlog.queries import sealed_count
from portal.domain.timeline.models import DeliveryState
from portal.domain.timeline.queries import delivery_counts, event_count_since, oldest_waiting
from portal.web import filters

_DAY = timedelta(days=1)
Fact = tuple[str, Any]


def system_facts(who: Actor, at: datetime) -> list[Fact]:
    """(label, words) of what each of these roles looks at first; empty for everybody else."""
    found: list[Fact] = []
    if Role.ADMIN in who.roles:
        found += _running(at)
    if Role.SECURITY in who.roles:
        found += _people(at)
    if Role.AUDITOR in who.roles:
        found += _records(at)
    return found


def _running(at: datetime) -> list[Fact]:
    counts, oldest = delivery_counts(), oldest_waiting(at)
    waiting = counts.get(DeliveryState.PENDING, 0) + counts.get(DeliveryState.CLAIMED, 0)
    return [
        (_("送不出去的后台任务"), counts.get(DeliveryState.DEAD, 0)),
        (_("排队的后台任务"), waiting),
        (_("最早的一个等到现在"), filters.near(oldest) if oldest else _("没有在等的")),
    ]


def _people(at: datetime) -> list[Fact]:
    active, disabled = staff_counts()
    return [
        (_("在用的账号"), active),
        (_("停用的账号"), disabled),
        (_("现在的登录"), session_count()),
        (_("24小时内登录失败"), login_failures_since(at - _DAY)),
    ]


def _records(at: datetime) -> list[Fact]:
    return [
        (_("24小时内的办理记录"), event_count_since(at - _DAY)),
        (_("已封存的记录"), sealed_count()),
    ]
