"""What is handed out for checking, in the form docs/log.md describes."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from portal.core.signing import head_text, signed_note
from portal.domain.openlog.models import LogHead, LogKey, Seal
from portal.domain.openlog.queries import key_named, latest_head
from portal.domain.openlog.tree import Tree
from portal.domain.reports.content import moment
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent

RECEIPT_VERSION = 1


def head_json(head: LogHead) -> dict[str, Any]:
    """A head; `at` is written exactly as it was signed."""
    return {
        "origin": head.origin,
        "size": head.size,
        "root": head.root,
        "at": head.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "key_id": head.key_id,
        "signature": head.signature,
    }


def key_json(key: LogKey) -> dict[str, Any]:
    """A public key with the endorsement of the one before."""
    return {
        "key_id": key.key_id,
        "public": key.public,
        "since": key.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "endorsed_by": key.endorsed_by,
        "endorsement": key.endorsement,
    }


def note_of(head: LogHead, key: LogKey) -> str:
    """A head as a signed note."""
    text = head_text(head.origin, head.size, bytes.fromhex(head.root), head.at)
    public, signature = bytes.fromhex(key.public), bytes.fromhex(head.signature)
    return signed_note(text, head.origin, public, signature)


def proof_of(seal: Seal, head: LogHead) -> dict[str, Any]:
    """That a leaf stands under a head: its data, its path and the head with its key.

    Raises ValueError when the head is older than the seal.
    """
    key = key_named(head.key_id)
    return {
        "leaf": seal.leaf,
        "index": seal.seq,
        "entry": seal.entry,
        "path": [step.hex() for step in Tree().inclusion(seal.seq, head.size)],
        "head": head_json(head),
        "key": key_json(key) if key else None,
    }


def published(seal: Seal | None) -> LogHead | None:
    """The newest head, when it reaches this seal."""
    head = latest_head()
    return head if seal is not None and head is not None and seal.seq < head.size else None


def receipt_of(report: Report, filed: TimelineEvent, leaf: str) -> dict[str, Any]:
    """The receipt anew, for whoever has opened the case with its code; never the codes."""
    content = filed.data.get("content", {})
    return {
        "version": RECEIPT_VERSION,
        "number": report.number,
        "received_at": moment(report.received_at),
        "photo_count": len(content.get("photos", ())),
        "nonce": report.content_nonce,
        "content_commitment": report.content_commitment,
        "leaf": leaf,
    }
