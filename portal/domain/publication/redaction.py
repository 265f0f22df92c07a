"""Taking phone and ID numbers out of words that go public (个人信息保护法 28)."""

from __future__ import annotations

import re

_GAP = r"[-\s.·\u2010-\u2015\uff0d]?"  # how people space numbers, full-width hyphens included
# Longest first: an ID number would otherwise be cut as a phone number inside it.
_ID_NUMBER = re.compile(
    rf"(?<!\d)\d{{6}}{_GAP}(?:18|19|20)\d\d{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?!\d)"
)
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
# Area codes as in core.contact; the local part has seven or eight digits.
_AREA = r"0(?:10|2\d|[3-9]\d\d)"
_LANDLINE = re.compile(
    rf"(?<!\d)(?:{_AREA}|[(\uff08]{_AREA}[)\uff09]){_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
)
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
