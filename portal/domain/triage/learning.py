"""What a text is probably about, by weights learned from the city's closed reports. Pure.

A model is plain data: for each n-gram a weight per label. The worker learns it
(`adapters.classifiers`), any process reads it without a library. Digits never enter it, nor what
stands in fewer than LEAST_REPORTS reports: no name, number or address of one person is learned.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.core.text import ngrams
from portal.domain.ports import Weights

LEAST_SAMPLES = 200
LEAST_REPORTS = 3
MOST_SHOWN = 3
_SIZES = (2, 3)
_MOST_WORDS = 3
_LONGEST_WORD = 6


@dataclass(frozen=True)
class Guess:
    """A label that may be right, and the words of the text that led to it."""

    label: str
    words: tuple[str, ...]


def features(text: str, more: Sequence[str] = ()) -> Counter[str]:
    """The n-grams of a text, each counted once, and further tokens such as `#air.dust`."""
    return Counter({*ngrams(text, _SIZES), *more})


def guesses(model: Weights, text: str, more: Sequence[str] = ()) -> list[Guess]:
    """The three likeliest labels; empty when the model knows nothing that stands in the text."""
    known = [term for term in features(text, more) if term in model.terms]
    if not known:
        return []
    sums = [sum(model.terms[term][n] for term in known) for n in range(len(model.labels))]
    order = sorted(range(len(sums)), key=lambda n: (-sums[n], model.labels[n]))[:MOST_SHOWN]
    return [Guess(model.labels[n], _words(model, known, n, text)) for n in order]


def _words(model: Weights, known: Sequence[str], label: int, text: str) -> tuple[str, ...]:
    """The stretches of the text that speak most for a label, read as words."""
    count = len(model.labels)
    pull = {
        term: model.terms[term][label] - sum(model.terms[term]) / count
        for term in known
        if not term.startswith("#")
    }
    found: list[str] = []
    for term in sorted(pull, key=lambda one: (-pull[one] * len(one), one)):
        if pull[term] <= 0 or len(found) == _MOST_WORDS:
            break
        place = next((n for n, word in enumerate(found) if joined(word, term, text)), None)
        if place is None:
            if not any(set(term) & set(word) for word in found):
                found.append(term)
        else:
            found[place] = joined(found[place], term, text)
    return tuple(found)


def joined(word: str, term: str, text: str) -> str:
    """`word` and `term` as one longer word where the text has them overlapping; "" otherwise."""
    if term in word:
        return word
    for first, second in ((word, term), (term, word)):
        for shared in range(len(term) - 1, 0, -1):
            if first.endswith(second[:shared]):
                whole = first + second[shared:]
                if len(whole) <= _LONGEST_WORD and whole in text:
                    return whole
    return ""
