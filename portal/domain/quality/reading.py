"""A month's file of readings: CSV with station, date, indicator, value, unit."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.core.errors import FieldFault, InvalidFieldsError
from portal.core.text import N_
from portal.domain.quality.indicators import factor_of, indicator_named
from portal.domain.quality.wording import COLUMNS, MONTH

MOST_ROWS = 20_000
_MOST_FAULTS = 50
_LONGEST_NAME = 60
_MONTH = re.compile(MONTH)
# <0.01, 0.01L, 未检出: below what the method can tell.
_BELOW = re.compile(r"[<＜]\s*([\d.]+)|([\d.]+)\s*L")


@dataclass(frozen=True)
class ReadingRow:
    """A reading as a file tells it; the value in the indicator's unit."""

    station: str
    indicator: str
    month: date
    value: float
    is_below: bool = False


class _RowError(ValueError):
    """A line cannot be read; its words say what to do."""


def read_readings(lines: Iterable[str]) -> list[ReadingRow]:
    """The rows of a file. Raises InvalidFieldsError naming every line at fault; none is taken then.

    A station, indicator and month that come twice are a fault: which one holds?
    """
    reader = csv.DictReader(lines)
    columns = _columns(reader.fieldnames or [])
    faults: dict[str, list[FieldFault]] = {}
    rows: dict[tuple[str, str, date], ReadingRow] = {}
    for line, given in enumerate(reader, start=2):
        if line > MOST_ROWS + 1 or len(faults) >= _MOST_FAULTS:
            break
        try:
            row = _row({name: given.get(column) or "" for name, column in columns.items()})
        except _RowError as fault:
            faults[f"line {line}"] = [FieldFault("unreadable", str(fault))]
            continue
        if rows.setdefault((row.station, row.indicator, row.month), row) is not row:
            words = N_("这个站点、指标和月份前面已经有了。")
            faults[f"line {line}"] = [FieldFault("twice", words)]
    if faults:
        raise InvalidFieldsError(faults)
    if not 1 <= len(rows) < MOST_ROWS:
        raise InvalidFieldsError.one("file", "empty", N_("文件里没有数据，或者超过两万行。"))
    return list(rows.values())


def _columns(header: Iterable[str]) -> Mapping[str, str]:
    """Which column of the file is which. Raises InvalidFieldsError when one is missing."""
    known = {name.strip().lower(): name for name in header if name}
    found = {
        ours: known[name] for ours, names in COLUMNS.items() for name in names if name in known
    }
    if len(found) < len(COLUMNS):
        words = N_("第一行要写列名：站点、日期、指标、数值、单位。")
        raise InvalidFieldsError.one("file", "columns", words)
    return found


def _row(given: Mapping[str, str]) -> ReadingRow:
    station = " ".join(given["station"].split())
    if not 1 <= len(station) <= _LONGEST_NAME:
        raise _RowError(N_("站点没有写，或者超过60个字。"))
    indicator = indicator_named(given["indicator"])
    if indicator is None:
        raise _RowError(N_("不认识这个指标。"))
    factor = factor_of(indicator, given["unit"])
    if factor is None:
        raise _RowError(N_("单位不对，要和指标相配，比如PM2.5用μg/m³。"))
    value, is_below = _value(given["value"])
    return ReadingRow(
        station, indicator.code, _month(given["date"]), round(value * factor, 6), is_below
    )


def _month(text: str) -> date:
    found = _MONTH.fullmatch(text.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        raise _RowError(N_("日期要写成2026-10或2026年10月。"))
    return date(int(found[1]), int(found[2]), 1)


def _value(text: str) -> tuple[float, bool]:
    """The number, and whether it is only known to lie below it."""
    plain = text.strip()
    below = _BELOW.fullmatch(plain)
    try:
        value = float(below[1] or below[2]) if below else float(plain)
    except ValueError as fault:
        raise _RowError(N_("数值要是数字；未检出的写成<0.01或0.01L。")) from fault
    if not (math.isfinite(value) and 0 <= value < 1e9):
        raise _RowError(N_("数值要是数字；未检出的写成<0.01或0.01L。"))
    return value, below is not None
