"""Who proves which guard. A room that owns a fact registers the one function that proves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from portal.core.errors import ConflictError, NotAllowedError
from portal.domain.reports.states import Guard

P = ParamSpec("P")

PROVERS: dict[Guard, list[str]] = {}


class GuardError(ConflictError):
    """A fact the step needs does not hold; `detail` says which and what to do."""

    code = "guard"


class SeparationError(NotAllowedError):
    """The same person may not do both steps (三员分立, 职责分离)."""

    code = "separation"


def proves(guard: Guard) -> Callable[[Callable[P, None]], Callable[P, Guard]]:
    """Turn a check that raises into a prover of `guard`; exactly one function may claim each."""

    def mark(check: Callable[P, None]) -> Callable[P, Guard]:
        PROVERS.setdefault(guard, []).append(f"{check.__module__}.{check.__qualname__}")

        def prove(*args: P.args, **kwargs: P.kwargs) -> Guard:
            check(*args, **kwargs)
            return guard

        prove.__doc__, prove.__name__ = check.__doc__, check.__name__
        return prove

    return mark
