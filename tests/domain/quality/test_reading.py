"""Files of readings as offices have them: names, units, months, and what is below detection."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest

from portal.core.errors import InvalidFieldsError
from portal.domain.quality.indicators import INDICATORS, factor_of, indicator_named
from portal.domain.quality.limits import Limit
from portal.domain.quality.reading import ReadingRow, read_readings

OCTOBER = date(2026, 10, 1)


def read(*lines: str, header: str = "站点,日期,指标,数值,单位") -> list[ReadingRow]:
    return read_readings(StringIO("\n".join((header, *lines)), newline=""))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("城东站,2026-10,PM2.5,35,μg/m³", ("城东站", "pm2_5", 35.0, False)),
        ("城东站,2026年10月,ＰＭ２．５,0.035,mg/m3", ("城东站", "pm2_5", 35.0, False)),
        ("城东站,2026-10-31,CO,900,ug/m3", ("城东站", "co", 0.9, False)),
        ("出境断面,2026/10,氨氮,0.82,mg/L", ("出境断面", "nh3_n", 0.82, False)),
        ("出境断面,2026-10,挥发酚,<0.0003,mg/L", ("出境断面", "phenol", 0.0003, True)),
        ("出境断面,2026-10,石油类,0.01L,毫克/升", ("出境断面", "petroleum", 0.01, True)),
        ("出境断面,2026-10,pH,7.6,无量纲", ("出境断面", "ph", 7.6, False)),
        ("出境断面,2026-10,粪大肠菌群,3500,个/L", ("出境断面", "coliform", 3500.0, False)),
    ],
)
def test_what_offices_write(line: str, expected: tuple[str, str, float, bool]) -> None:
    (row,) = read(line)
    assert (row.station, row.indicator, row.value, row.is_below) == expected
    assert row.month == OCTOBER


@pytest.mark.parametrize(
    "line",
    [
        ",2026-10,PM2.5,35,μg/m³", "城东站,2026-13,PM2.5,35,μg/m³", "城东站,去年,PM2.5,35,μg/m³",
        "城东站,2026-10,噪声,55,dB", "城东站,2026-10,PM2.5,35,mg/L",
        "城东站,2026-10,PM2.5,nan,μg/m³",         "城东站,2026-10,PM2.5,-1,μg/m³",
        "城东站,2026-10,PM2.5,未测,μg/m³", "城东站,2026-10,PM2.5,35",
        f"{'很' * 61},2026-10,PM2.5,35,μg/m³", "城东站,2026-10,PM2.5,1e12,μg/m³",
    ],
)  # fmt: skip
def test_what_cannot_be_meant_names_its_line(line: str) -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        read("城东站,2026-10,PM10,60,μg/m³", line)
    assert list(refused.value.faults) == ["line 3"]


def test_a_reading_told_twice_is_a_fault() -> None:
    with pytest.raises(InvalidFieldsError) as refused:
        read("城东站,2026-10,PM2.5,35,μg/m³", "城东站,2026-10-01,细颗粒物,36,μg/m³")
    assert refused.value.faults["line 3"][0].code == "twice"


@pytest.mark.parametrize("header", ["", "站点,日期,指标,数值", "a,b,c,d,e"])
def test_a_file_without_its_columns_is_refused(header: str) -> None:
    with pytest.raises(InvalidFieldsError):
        read("城东站,2026-10,PM2.5,35,μg/m³", header=header)


def test_english_columns() -> None:
    (row,) = read("East,2026-10,pm10,60,ug/m3", header="Station, Date,INDICATOR,value,unit")
    assert row == ReadingRow("East", "pm10", OCTOBER, 60.0)


def test_every_indicator_knows_its_own_name_and_unit() -> None:
    for indicator in INDICATORS.values():
        assert indicator_named(indicator.label) is indicator
        assert factor_of(indicator, indicator.unit) == 1.0


@pytest.mark.parametrize(
    ("limit", "value", "times"),
    [
        (Limit(None, 35.0, "", ""), 35.0, 0.0),
        (Limit(None, 35.0, "", ""), 42.0, 0.2),
        (Limit(5.0, None, "", ""), 5.0, 0.0),
        (Limit(5.0, None, "", ""), 4.0, 0.2),
        (Limit(6.0, 9.0, "", ""), 9.9, 0.1),
        (Limit(6.0, 9.0, "", ""), 5.4, 0.1),
        (Limit(6.0, 9.0, "", ""), 6.0, 0.0),
    ],
)
def test_limits_are_kept_up_to_their_ends(limit: Limit, value: float, times: float) -> None:
    assert limit.times(value) == pytest.approx(times)
    assert limit.is_kept(value) is (times == 0)
