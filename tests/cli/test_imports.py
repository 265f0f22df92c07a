"""Loading grids and holidays from files on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from portal.cli.imports import import_calendar_command, import_grids_command
from portal.domain.calendar.queries import is_announced, work_calendar
from portal.domain.grids.queries import grids, locate
from tests.factories import square


def geojson(tmp_path: Path, *, parent: str = "999901") -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(square(30.2, 112.2, side)),
            "properties": properties,
        }
        for side, properties in (
            (0.8, {"code": "999901", "level": "county", "name": "示例市"}),
            (0.4, {"code": "999901001", "level": "town", "name": "东河镇", "parent": parent}),
        )
    ]
    file = tmp_path / "grids.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return file


def test_grids_are_imported(app: Flask, tmp_path: Path) -> None:
    result = app.test_cli_runner().invoke(import_grids_command, [str(geojson(tmp_path))])
    assert (result.exit_code, result.output) == (0, "2 grids imported\n")
    with app.app_context():
        found = locate(30.4, 112.4)
        assert found is not None
        assert found.name_zh == "东河镇"


def test_a_fault_takes_nothing(app: Flask, tmp_path: Path) -> None:
    file = geojson(tmp_path, parent="888888")
    result = app.test_cli_runner().invoke(import_grids_command, [str(file)])
    assert result.exit_code == 1
    assert "999901001" in result.output
    with app.app_context():
        assert grids() == []


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json"])
def test_what_is_no_geojson_is_refused(app: Flask, tmp_path: Path, text: str) -> None:
    file = tmp_path / "grids.geojson"
    file.write_text(text)
    result = app.test_cli_runner().invoke(import_grids_command, [str(file)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_a_calendar_is_imported(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    rows = ["on,kind,name", "2027-01-01,放假,元旦", "2027-01-03,working,元旦"]
    file.write_text("\ufeff" + "\r\n".join(rows), encoding="utf-8")
    result = app.test_cli_runner().invoke(import_calendar_command, [str(file)])
    assert (result.exit_code, result.output) == (0, "2 days imported\n")
    with app.app_context():
        assert is_announced(2027)
        assert not work_calendar().is_working_day(date(2027, 1, 1))
        assert work_calendar().is_working_day(date(2027, 1, 3))


def test_every_line_at_fault_is_named(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(
        "on,kind,name\n2027-13-01,holiday,x\n2027-01-01,party,x\n2027-01-02,holiday,x\n"
    )
    result = app.test_cli_runner().invoke(import_calendar_command, [str(file)])
    assert result.exit_code == 1
    assert "line 2" in result.output
    assert "line 3" in result.output
    with app.app_context():
        assert not is_announced(2027)
