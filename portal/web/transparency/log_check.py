"""Checking a receipt on the server, for whoever has no script; the same steps as logcheck.js."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from portal.core.errors import InvalidFieldsError
from portal.core.ids import read_number
from portal.core.merkle import leaf_hash, root_by_inclusion
from portal.core.signing import head_text, is_signed
from portal.domain.openlog.entries import case_pseudonym
from portal.domain.openlog.models import LogHead, Seal
from portal.domain.openlog.proofs import published
from portal.domain.openlog.queries import key_named
from portal.domain.openlog.tree import Tree
from portal.web.transparency.log_data_views import find_seal

LONGEST = 20_000  # characters of a receipt; ours have five hundred


class Outcome(StrEnum):
    """What a step came to."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"  # could not be checked with what was given


@dataclass(frozen=True)
class Step:
    """One line of the check: which, and what came of it."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class Check:
    """Every step, and where the leaf stands (counted from 1, as people do)."""

    steps: list[Step]
    place: int | None = None
    size: int | None = None

    @property
    def outcome(self) -> Outcome:
        """Failed when any step did; open when the leaf waits for its head."""
        if any(step.outcome is Outcome.FAILED for step in self.steps):
            return Outcome.FAILED
        reached = {step.name for step in self.steps}
        return Outcome.PASSED if "path" in reached else Outcome.OPEN


@dataclass(frozen=True)
class Receipt:
    """What was handed in: the whole receipt, or its leaf (and number) alone."""

    leaf: str
    number: str = ""
    nonce: str = ""
    commitment: str = ""
    day: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it opens what the log says under a pseudonym."""
        return bool(self.nonce and self.number and self.commitment)


def read_receipt(form: Mapping[str, str]) -> Receipt:
    """The receipt in a form: its JSON, else number and leaf typed. Raises InvalidFieldsError."""
    text = form.get("receipt", "").strip()
    if not text:
        return Receipt(form.get("leaf", ""), read_number(form.get("number", "")) or "")
    try:
        found = json.loads(text[:LONGEST])
        told = found.get("receipt", found)
        said = {name: _text(told[name]) for name in _NAMES}
        bytes.fromhex(said["nonce"])
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        message = _("这不是回执文件里的内容。请从文件的第一个字到最后一个字整段粘贴。")
        raise InvalidFieldsError.one("receipt", "invalid", message) from None
    return Receipt(
        said["leaf"],
        said["number"],
        said["nonce"],
        said["content_commitment"],
        said["received_at"][:10],
    )


_NAMES = ("leaf", "number", "nonce", "content_commitment", "received_at")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a receipt holds words")
    value.encode()  # raises ValueError for half a character, which JSON can spell
    return value


def check_receipt(receipt: Receipt) -> Check:
    """Take every step that can be taken. Raises InvalidFieldsError for what is no leaf."""
    seal = find_seal(receipt.leaf)
    if seal is None:
        return Check([Step("found", Outcome.FAILED)])
    head = published(seal)
    if head is None:
        return Check([Step("found", Outcome.PASSED), Step("waits", Outcome.OPEN)], seal.seq + 1)
    steps = [
        Step("found", Outcome.PASSED),
        Step("match", _match(receipt, seal)),
        Step("path", _path(seal, head)),
        Step("signed", _signed(head)),
    ]
    return Check(steps, seal.seq + 1, head.size)


def _match(receipt: Receipt, seal: Seal) -> Outcome:
    """Number, content and day are those that the leaf commits to."""
    if not receipt.is_whole:
        return Outcome.OPEN
    entry: dict[str, Any] = json.loads(seal.entry)
    expected = {
        "kind": "file",
        "case": case_pseudonym(receipt.number, receipt.nonce),
        "content": receipt.commitment,
        "on": receipt.day,
    }
    is_same = all(entry.get(name) == value for name, value in expected.items())
    return _outcome(is_same and leaf_hash(seal.entry.encode()).hex() == receipt.leaf)


def _path(seal: Seal, head: LogHead) -> Outcome:
    path = Tree().inclusion(seal.seq, head.size)
    root = root_by_inclusion(bytes.fromhex(seal.leaf), seal.seq, head.size, path)
    return _outcome(root is not None and root.hex() == head.root)


def _signed(head: LogHead) -> Outcome:
    key = key_named(head.key_id)
    text = head_text(head.origin, head.size, bytes.fromhex(head.root), head.at)
    is_true = key and is_signed(text, bytes.fromhex(head.signature), bytes.fromhex(key.public))
    return _outcome(bool(is_true))


def _outcome(is_right: bool) -> Outcome:
    return Outcome.PASSED if is_right else Outcome.FAILED
