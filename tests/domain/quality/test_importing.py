"""Taking readings: all or nothing, corrected by a later file, held against limits kept as data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.cli.demo.measuring import measure_in_demo
from portal.cli.imports import import_quality_command
from portal.core.db import db
from portal.core.errors import NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.quality.indicators import INDICATORS, Medium
from portal.domain.quality.limits import limits_on, seed_limits
from portal.domain.quality.models import QualityLimit, QualityReading
from portal.domain.quality.queries import readings_version, stations
from portal.domain.quality.reading import ReadingRow
from portal.domain.quality.services import Taken, import_readings
from tests.factories import START, staff, writing

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
ROWS = [
    ReadingRow("城东站", "pm2_5", OCTOBER, 42.0),
    ReadingRow("城东站", "o3", OCTOBER, 90.0),
    ReadingRow("出境断面", "do", OCTOBER, 4.0),
]


def take(*rows: ReadingRow) -> Taken:
    with writing():
        return import_readings(rows, "十月.csv", by=None, at=START)


@pytest.mark.engine
def test_a_later_file_corrects_an_earlier_one(session: scoped_session[Session]) -> None:
    assert take(*ROWS) == Taken(3, 0, 0)
    before = readings_version()
    again = take(ReadingRow("城东站", "pm2_5", OCTOBER, 34.0), *ROWS[1:])
    assert again == Taken(0, 1, 2)
    assert readings_version() != before
    (reading,) = session.query(QualityReading).filter_by(indicator="pm2_5").all()
    assert reading.value == 34.0


@pytest.mark.engine
def test_stations_are_held_against_their_limits(session: scoped_session[Session]) -> None:
    with writing():
        seed_limits()
        seed_limits()
    take(*ROWS, ReadingRow("城东站", "pm2_5", NOVEMBER, 30.0))
    air, water = stations(date(2026, 1, 1), date(2026, 12, 1))
    assert (air.name, air.medium, air.month) == ("城东站", Medium.AIR, NOVEMBER)
    assert air.is_kept
    assert [m.value for m in air.series[0].months] == [42.0, 30.0]
    assert (water.medium, water.is_kept) == (Medium.WATER, False)
    assert [one.indicator.code for one in water.broken] == ["do"]
    assert set(limits_on(OCTOBER)) == set(INDICATORS)


def test_a_city_may_add_a_stricter_limit(session: scoped_session[Session]) -> None:
    with writing():
        seed_limits()
        strict = {"standard": "示例市2027", "basis": "年平均", "effective_on": NOVEMBER}
        db.session.add(QualityLimit(indicator="pm2_5", least=None, most=25.0, **strict))
    assert limits_on(OCTOBER)["pm2_5"].most == 35.0
    assert limits_on(NOVEMBER)["pm2_5"].most == 25.0


def test_who_may_import(session: scoped_session[Session]) -> None:
    with pytest.raises(NotAllowedError), writing():
        import_readings(ROWS, "十月.csv", by=staff(Role.TRIAGE), at=START)
    with writing():
        by = staff(Role.SUPERVISOR)
        assert import_readings(ROWS, "十月.csv", by=by, at=START).new == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_command_takes_what_spreadsheets_save(
    app: Flask, tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "十月.csv"
    unit = "μg/m3" if encoding == "gb18030" else "µg/m³"
    text = f"站点,日期,指标,数值,单位\r\n城东站,2026-10,PM2.5,42,{unit}\r\n"
    file.write_bytes(text.encode(encoding))
    result = app.test_cli_runner().invoke(import_quality_command, [str(file)])
    assert (result.exit_code, result.output) == (0, "1 readings new, 0 changed, 0 known\n")


def test_a_fault_takes_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("station,date,indicator,value,unit\nA,2026-10,CO,1,mg/m3\nA,x,CO,1,mg/m3\n")
    result = app.test_cli_runner().invoke(import_quality_command, [str(file)])
    assert result.exit_code == 1
    assert "line 3" in result.output
    with app.app_context():
        assert db.session.query(QualityReading).count() == 0


def test_the_demo_measures_the_same_every_time(session: scoped_session[Session]) -> None:
    def rows() -> list[tuple[str, str, date, float]]:
        found = session.query(QualityReading).order_by(
            QualityReading.station, QualityReading.indicator, QualityReading.month
        )
        return [(r.station, r.indicator, r.month, r.value) for r in found]

    count = measure_in_demo(7, START)
    first = rows()
    assert count == len(first) > 500
    assert measure_in_demo(7, START) == 0
    with writing():
        session.query(QualityReading).delete()
    measure_in_demo(7, START)
    assert rows() == first
