"""The kinds of notices, and which event each of them puts in writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.core.text import N_
from portal.domain.reports.states import Action
from portal.domain.timeline.models import TimelineEvent


class NoticeKind(StrEnum):
    """What a notice tells 文书种类."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    EXTENSION = "extension"
    REPLY = "reply"

    @property
    def label(self) -> str:
        """The Chinese name on screen and on paper."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    NoticeKind.ACCEPTANCE: N_("受理告知书"),
    NoticeKind.REFUSAL: N_("不予受理告知书"),
    NoticeKind.EXTENSION: N_("延期告知书"),
    NoticeKind.REPLY: N_("答复意见书"),
}
EXTENSION_GRANTED = "extension_granted"
_WRITTEN = {
    Action.ACCEPT: NoticeKind.ACCEPTANCE,
    Action.DECLINE: NoticeKind.REFUSAL,
    EXTENSION_GRANTED: NoticeKind.EXTENSION,
    Action.RESOLVE: NoticeKind.REPLY,
}


@dataclass(frozen=True)
class Notice:
    """One notice: what it tells, and the event behind it."""

    kind: NoticeKind
    event: TimelineEvent

    @property
    def at(self) -> datetime:
        """When what it tells was decided."""
        return self.event.at


def notices_among(events: Sequence[TimelineEvent]) -> list[Notice]:
    """The notices that a report's `events` owe its reporter, oldest first."""
    return [Notice(_WRITTEN[e.kind], e) for e in events if e.kind in _WRITTEN]
