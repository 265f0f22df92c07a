"""Through which door figures are read: where their lists are, and what stays hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.domain.figures.queries import Value
from portal.web.figures.scope import Scope


def _nothing(_kind: Kind, _value: Value) -> bool:
    return False


@dataclass(frozen=True)
class Reader:
    """`list_url` leads to the reports behind a figure; `hides` says which numbers are not told."""

    list_url: Callable[[Scope, str, Months | None], str]
    hides: Callable[[Kind, Value], bool] = _nothing
