"""What can be said about one kind of pollution: by residents, and by those who looked into it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """The words of one level-2 category.

    ``saw`` holds clauses with ``{p}`` for the place and ``{f}`` for an invented firm; ``more``
    details that may follow; ``found`` and ``done`` what a check showed and what was put right.
    """

    code: str
    issue: str
    firms: tuple[str, ...]
    saw: tuple[str, ...]
    more: tuple[str, ...]
    found: tuple[str, ...]
    done: tuple[str, ...]
    basis: str
