"""Random keys and codes that people read aloud."""

from __future__ import annotations

import re
import secrets

from stdnum.iso7064 import mod_37_36

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
_CONFUSED = str.maketrans({"I": "1", "L": "1", "O": "0"})
_FULL_WIDTH = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20}
_NUMBER = re.compile(r"SP\d{12}[0-9A-Z]")


def random_key() -> str:
    """A 128-bit random key, 32 hexadecimal digits: a capability, never derived from a row id."""
    return secrets.token_hex(16)


def new_code() -> str:
    """A fresh 80-bit query or reward code: 16 Crockford base32 characters without separators."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def show_code(code: str) -> str:
    """`code` in groups of four, as printed on the receipt."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """What a person typed as a code, normalised; None when it cannot be one.

    Forgives case, spaces, hyphens, full-width characters and the look-alikes I, L and O.
    """
    code = re.sub(r"[\s\-]", "", typed.translate(_FULL_WIDTH).upper()).translate(_CONFUSED)
    return code if len(code) == CODE_LENGTH and set(code) <= set(CROCKFORD) else None


def compose_number(day: str, serial: int) -> str:
    """The report number for `day` (yymmdd) and `serial`, with an ISO 7064 mod 37,36 check."""
    body = f"SP{day}{serial:06d}"
    return body + str(mod_37_36.calc_check_digit(body))


def read_number(typed: str) -> str | None:
    """What a person typed as a report number, normalised; None when it cannot be one."""
    number = re.sub(r"[\s\-]", "", typed.translate(_FULL_WIDTH).upper())
    return number if _NUMBER.fullmatch(number) and mod_37_36.is_valid(number) else None
