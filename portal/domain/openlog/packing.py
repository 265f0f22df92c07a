"""Keeping a leaf's data in a third of its length: hashes as bytes, and no names.

What is published stays the line of JSON that entries.py writes; packing keeps every letter of it.
"""

from __future__ import annotations

import re

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

_HASH = r'"([0-9a-f]{64})"'
_ENTRY = re.compile(
    rf'\{{(?:"case":{_HASH},)?(?:"content":{_HASH},)?"event":{_HASH}'
    r'(?:,"kind":"([a-z_]+)","on":"(\d{4})-(\d\d)-(\d\d)")?,"v":1\}',
    re.ASCII,
)
_CASE, _CONTENT, _STEP, _AS_IT_IS = 1, 2, 4, 128
_WIDTH = 32


def pack(entry: str) -> bytes:
    """A leaf's data as it is kept: a byte that says what follows, hashes, day, kind."""
    found = _ENTRY.fullmatch(entry)
    if found is None:
        return bytes([_AS_IT_IS]) + entry.encode()
    case, content, event, kind, *day = found.groups()
    hashes = [bytes.fromhex(each) for each in (event, case, content) if each]
    parts = (_CASE if case else 0) | (_CONTENT if content else 0) | (_STEP if kind else 0)
    step = int("".join(day)).to_bytes(4) + kind.encode() if kind else b""
    return bytes([parts]) + b"".join(hashes) + step


def unpack(packed: bytes) -> str:
    """The leaf's data; of what `pack` never wrote, something that has no leaf's hash."""
    if not packed or packed[0] & _AS_IT_IS:
        return packed[1:].decode(errors="replace")
    parts, at = packed[0], 1 + _WIDTH
    event, case, content, step = packed[1:at].hex(), "", "", ""
    if parts & _CASE:
        case, at = f'"case":"{packed[at : at + _WIDTH].hex()}",', at + _WIDTH
    if parts & _CONTENT:
        content, at = f'"content":"{packed[at : at + _WIDTH].hex()}",', at + _WIDTH
    if parts & _STEP:
        day = f"{int.from_bytes(packed[at : at + 4]):08d}"
        kind = packed[at + 4 :].decode(errors="replace")
        step = f',"kind":"{kind}","on":"{day[:4]}-{day[4:6]}-{day[6:]}"'
    return f'{{{case}{content}"event":"{event}"{step},"v":1}}'


class Packed(TypeDecorator[str]):
    """A column of packed entries, lines of JSON for whoever reads it."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Pack what is written."""
        return None if value is None else pack(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Unpack what is read."""
        return None if value is None else unpack(value)
