"""Taking phone and ID numbers out of words that go public (个人信息保护法 28)."""

from __future__ import annotations

import re

# Longest first: an ID number would otherwise be cut as a phone number inside it.
_ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:18|19|20)\d{9}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)")
REMOVED = "［已隐去］"  # not a text: it becomes part of the released Chinese text


def redact_personal(text: str) -> str:
    """`text` without mobile, landline and resident ID numbers, full-width digits included."""
    plain = text.translate({0xFF10 + i: 0x30 + i for i in range(10)})
    for pattern in (_ID_NUMBER, _MOBILE, _LANDLINE):
        plain = pattern.sub(REMOVED, plain)
    return plain if plain.count(REMOVED) else text


def has_personal_numbers(text: str) -> bool:
    """Whether `redact_personal` would take something out."""
    return REMOVED in redact_personal(text)
