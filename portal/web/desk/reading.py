"""What there is to read about a report: its story tells which tables hold something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from portal.domain.reports.models import Report

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """A report with the kinds of its events, which say what there is to read."""

    report: Report
    kinds: frozenset[str]

    def has(self, *kinds: str) -> bool:
        """Whether one of these happened."""
        return not self.kinds.isdisjoint(kinds)

    def of(self, read: Callable[[Report], list[T]], *kinds: str) -> list[T]:
        """What `read` finds, asked only if one of `kinds` happened."""
        return read(self.report) if self.has(*kinds) else []
