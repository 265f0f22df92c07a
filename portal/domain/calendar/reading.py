"""A calendar as the city gets it: a CSV file with the columns on, kind, name."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date

from portal.core.errors import FieldFault, InvalidFieldsError
from portal.core.text import N_
from portal.domain.calendar.models import DayKind
from portal.domain.calendar.services import DayRow

_KINDS = {
    "holiday": DayKind.HOLIDAY,
    "working": DayKind.WORKING,
    N_("放假"): DayKind.HOLIDAY,
    N_("休"): DayKind.HOLIDAY,
    N_("上班"): DayKind.WORKING,
    N_("班"): DayKind.WORKING,
}
_LONGEST_NAME = 40
MOST_DAYS = 400


def read_days(lines: Iterable[str]) -> list[DayRow]:
    """The rows of a calendar file. Raises InvalidFieldsError naming every line at fault."""
    faults: dict[str, list[FieldFault]] = {}
    rows: list[DayRow] = []
    for line, given in enumerate(csv.DictReader(lines), start=2):
        try:
            on = date.fromisoformat(given["on"].strip())
            kind = _KINDS[given["kind"].strip()]
        except (KeyError, ValueError, AttributeError, TypeError):
            words = N_("日期要写成2027-01-31，类别写“放假”或“上班”。")
            faults[f"line {line}"] = [FieldFault("unreadable", words)]
        else:
            rows.append(DayRow(on, kind, (given.get("name") or "").strip()[:_LONGEST_NAME]))
    if faults:
        raise InvalidFieldsError(faults)
    if not 1 <= len(rows) <= MOST_DAYS:
        raise InvalidFieldsError.one("file", "empty", N_("文件里没有日期，或者太多了。"))
    return rows
