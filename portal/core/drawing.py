"""Drawing lots that anybody can draw again.

A number's place in the order is the SHA-256 of seed and number, so whoever has the seed and the
numbers gets the same choice, in any language, without this program.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def chosen_of(numbers: Sequence[str], size: int, seed: str) -> frozenset[str]:
    """The `size` numbers that `seed` puts first."""

    def place(number: str) -> str:
        return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()

    return frozenset(sorted(numbers, key=place)[:size])
