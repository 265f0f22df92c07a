"""A table sent from a spreadsheet: its text, and what is wrong with its lines."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from portal.core.errors import FieldFault, InvalidFieldsError

_MOST_LINES = 20


def sent_text(most: int, too_large: str) -> str:
    """The uploaded file as text: UTF-8, or GBK as spreadsheets in China save it.

    `most` in bytes. Raises InvalidFieldsError, with `too_large` for what is longer.
    """
    sent = request.files.get("file")
    data = sent.stream.read(most + 1) if sent and sent.filename else b""
    if not data:
        raise InvalidFieldsError.one("file", "missing", _("请选一个文件。"))
    if len(data) > most:
        raise InvalidFieldsError.one("file", "too_large", too_large)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidFieldsError.one("file", "unreadable", _("读不懂这个文件，请存成CSV再试。"))


def lines_told(fault: InvalidFieldsError) -> list[str]:
    """Every line at fault, with its number."""
    told = [_line(name, one) for name, group in fault.faults.items() for one in group]
    return told[:_MOST_LINES]


def _line(name: str, fault: FieldFault) -> str:
    number = name.removeprefix("line ")
    words = _(fault.message)
    return _("第%(n)s行：%(what)s", n=number, what=words) if number != name else words
