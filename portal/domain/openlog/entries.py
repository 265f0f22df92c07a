"""What a leaf of the public log says (docs/log.md, ADR 21).

A leaf is one line of JSON with sorted keys and no spaces. Every leaf holds `event`, a commitment to
the whole event under a nonce kept beside it. Steps that decide where a case stands also say in
clear which step and on which day, under `case`, a pseudonym that only the receipt's holder can
tie to a number; the leaf of a filing adds `content`, the commitment printed on the receipt.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from portal.core.clock import local
from portal.core.merkle import leaf_hash
from portal.domain.openlog.models import MARK
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.models import TimelineEvent

VERSION = 1
OPEN_STEPS = frozenset(
    {
        Action.FILE,
        Action.ACCEPT,
        Action.DECLINE,
        Action.APPEAL,
        Action.WITHDRAW,
        Action.MERGE,
        Action.UNMERGE,
        Action.SPLIT,
        Action.STAGE_CLOSE,
        Action.RESUME,
        Action.RESOLVE,
        Action.PUBLISH,
        Action.WITHHOLD,
        Action.DEREGISTER,
        Action.REOPEN,
    }
)
"""The steps told in clear; what happens between them is sealed as well, but says nothing."""


@dataclass(frozen=True)
class CaseSalt:
    """What a case's leaves are made of besides its events; an empty nonce has been destroyed."""

    number: str
    nonce: str
    commitment: str
    is_part: bool

    @classmethod
    def of(cls, report: Report) -> CaseSalt:
        """Of a report as it stands."""
        return cls(
            report.number,
            report.content_nonce,
            report.content_commitment,
            report.parent_id is not None,
        )


def entry_of(event: TimelineEvent, case: CaseSalt | None) -> str:
    """The leaf's data for an event, with the case it belongs to, if it belongs to one."""
    entry: dict[str, Any] = {"v": VERSION, "event": event_commitment(event)}
    return canonical({**entry, **open_part(event, case)})


def open_part(event: TimelineEvent, case: CaseSalt | None) -> dict[str, str]:
    """What the leaf says in clear; nothing, unless the step decides where a case stands."""
    if event.subject_kind != SUBJECT or event.kind not in OPEN_STEPS:
        return {}
    told = {"kind": str(event.kind), "on": local(event.at).date().isoformat()}
    if case is not None and case.nonce:
        told["case"] = case_pseudonym(case.number, case.nonce)
        # A part cut out of a filing carries its parent's content, which is sealed already.
        if event.kind == Action.FILE and not case.is_part:
            told["content"] = case.commitment
    return told


def leaf_of(event: TimelineEvent, report: Report) -> str:
    """The leaf's hash, known as soon as the event is: what the receipt carries."""
    return hash_of(entry_of(event, CaseSalt.of(report)))


def hash_of(entry: str) -> str:
    """The hash of a leaf with this data, hexadecimal."""
    return leaf_hash(entry.encode()).hex()


def mark_of(leaf: str) -> bytes:
    """By which a leaf is found: the beginning of its hash."""
    return bytes.fromhex(leaf[: 2 * MARK])


def case_pseudonym(number: str, nonce: str) -> str:
    """Under which name a case stands in the log: its holders know both parts, others neither."""
    return salted(f"case\n{number}", nonce)


def event_commitment(event: TimelineEvent) -> str:
    """HMAC under the event's own nonce of everything the event says."""
    return salted(canonical(_said(event)), event.nonce or "")


def salted(text: str, nonce: str) -> str:
    """HMAC-SHA256 of `text` under a nonce of 32 hexadecimal digits, in hexadecimal."""
    return hmac.new(bytes.fromhex(nonce), text.encode(), hashlib.sha256).hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """JSON that every program writes the same way."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _said(event: TimelineEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "subject": [event.subject_kind, event.subject_id],
        "kind": event.kind,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [event.actor_kind, event.actor_id],
        "department": event.department_id,
        "public": event.is_public,
        "data": event.data,
    }
