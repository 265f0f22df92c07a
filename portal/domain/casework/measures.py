"""Measures as somebody says them, before they belong to a finding or to an assist's report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.domain.casework.models import MeasureKind


@dataclass(frozen=True)
class MeasureTaken:
    """One measure; amount in yuan for a fine, people for 追责."""

    kind: MeasureKind
    amount_yuan: int | None = None
    people: int | None = None
    note: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The same for a row."""
        return {
            "kind": self.kind,
            "amount_yuan": self.amount_yuan,
            "people": self.people,
            "note": self.note,
        }
