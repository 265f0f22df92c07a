"""What an exposure says in public: the four texts that are proposed, corrected and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.domain.exposures.models import Exposure
from portal.domain.publication.redaction import redact_personal


@dataclass(frozen=True)
class Wording:
    """Title, whom it names, what they did, and the decision or the approved fact it rests on."""

    title: str
    party: str
    text: str
    basis: str

    def redacted(self) -> Wording:
        """The same without phone and ID numbers."""
        return Wording(*(redact_personal(words.strip()) for words in asdict(self).values()))

    def facts(self) -> dict[str, Any]:
        """As it is kept in a column."""
        return asdict(self)


def words_of(row: Exposure) -> Wording:
    """What an exposure says now."""
    return Wording(row.title, row.party, row.text, row.basis)


def wording_from(facts: Mapping[str, Any]) -> Wording:
    """`Wording.facts` read back."""
    return Wording(**facts)


def write_words(row: Exposure, words: Wording) -> None:
    """Let an exposure say this."""
    row.title, row.party, row.text, row.basis = words.title, words.party, words.text, words.basis
