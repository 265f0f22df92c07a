"""Phone numbers and names: one spelling to index, one way to mask."""

from __future__ import annotations

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212().·/]+")
_EXTENSION = re.compile(r"(?:转|ext\.?|x|#|,).*$", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9]\d{9}")
# 010 and 02x are the three-digit area codes, all others have four digits; local part 7 or 8 digits.
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d\d)[2-8]\d{6,7}")
_SERVICE = re.compile(r"[48]00\d{7}")
_ABROAD = re.compile(r"\+[1-9]\d{6,14}")
_CHINA = re.compile(r"(?:\+|00)86")
_SHORT_MASK = 4


def normalise_phone(typed: str) -> str | None:
    """The one spelling of a phone number, or None when it cannot be one.

    `+86 138-0013-8000`, full-width digits and `0086…` all give 13800138000; a landline keeps its
    area code (`(0716) 812 3456` → 07168123456) and loses an extension; a foreign number is `+…`.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    text = _SEPARATORS.sub("", _EXTENSION.sub("", text))
    if _CHINA.match(text):
        text = _CHINA.sub("", text, count=1)
        # Written internationally, the area code loses its 0.
        if not _MOBILE.fullmatch(text) and not text.startswith("0"):
            text = text if _SERVICE.fullmatch(text) else f"0{text}"
    elif text.startswith("86") and _MOBILE.fullmatch(text[2:]):
        text = text[2:]
    elif text.startswith("00"):
        text = f"+{text[2:]}"
    is_phone = any(p.fullmatch(text) for p in (_MOBILE, _LANDLINE, _SERVICE, _ABROAD))
    return text if is_phone and text.isascii() else None


def mask_phone(phone: str) -> str:
    """138****0000 for a mobile; other numbers keep three digits and the last four."""
    if len(phone) <= _SHORT_MASK + 3:
        return "*" * len(phone)
    return f"{phone[:3]}****{phone[-4:]}"


def mask_name(name: str) -> str:
    """张** whatever the length, so that the mask does not tell it."""
    name = name.strip()
    return f"{name[0]}**" if name else ""


def mask_email(address: str) -> str:
    """z***@example.com."""
    local, at, domain = address.strip().partition("@")
    return f"{local[:1]}***{at}{domain}" if local and at else "***"
