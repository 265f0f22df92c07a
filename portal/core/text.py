"""Marking and cutting text."""

from __future__ import annotations

import re

_RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


def N_(message: str) -> str:  # noqa: N802 - gettext's name for a marker
    """Mark `message` for translation without translating it here."""
    return message


def bigrams(text: str) -> str:
    """Space-joined index terms: overlapping pairs of Han characters, whole Latin words and numbers.

    Chinese is written without spaces; pairs find two-character words, which trigram indexes cannot.
    A lone Han character is a term by itself.
    """
    terms: list[str] = []
    for run in _RUNS.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            terms.append(run)
        else:
            terms.extend(run[i : i + 2] for i in range(len(run) - 1))
    return " ".join(terms)
