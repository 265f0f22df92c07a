"""Marking and cutting text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

# How people open a letter: it tells a reader of a list nothing.
_GREETING = re.compile(r"^(?:[^，。！：,!:]{0,8}(?:好|反映|举报|投诉|同志|领导))[，。！：,!:\s]+")
_SENTENCE_ENDS = re.compile(r"[。；！？\n;!?]")
_SHORTEST_TITLE, _LONGEST_TITLE = 4, 30

# Control characters but tab and line feed: nobody types them, and PostgreSQL refuses NUL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_STARTS_A_FORMULA = "=+-@\t\r\n\u2212"  # the last is a minus sign, which some take as well
_LETTERS = re.compile(r"[\u3400-\u9fffa-z]+")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[0-9a-z]+")


def N_(message: str) -> str:  # noqa: N802 - gettext's name for a marker
    """Mark `message` for translation without translating it here."""
    return message


def clean(value: str) -> str:
    """Text with one kind of line end, without control characters, trimmed."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def inert(text: str) -> str:
    """`text` as a cell no spreadsheet takes for a formula, full-width signs included (OWASP)."""
    first = unicodedata.normalize("NFKC", text[:1])
    return f"'{text}" if first in _STARTS_A_FORMULA and first else text


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


def short_title(text: str) -> str:
    """What `text` is about in at most 30 characters: its first sentence, without the greeting."""
    told = _GREETING.sub("", text.strip(), count=1) or text.strip()
    heads = (part.strip() for part in _SENTENCE_ENDS.split(told))
    head = next((part for part in heads if len(part) >= _SHORTEST_TITLE), told)
    return head if len(head) <= _LONGEST_TITLE else head[: _LONGEST_TITLE - 1] + "…"


def ngrams(text: str, sizes: Iterable[int]) -> Iterator[str]:
    """Overlapping runs of characters of each of `sizes`, without digits, space and punctuation.

    Numbers are left out on purpose: what is compared or learned must not be somebody's phone.
    """
    runs = _LETTERS.findall(text.lower())
    for size in sizes:
        for run in runs:
            yield from (run[n : n + size] for n in range(len(run) - size + 1))
