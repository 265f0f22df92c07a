"""Loading what the city keeps elsewhere: `flask import-grids` and `flask import-calendar`."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.core.db import transaction
from portal.core.errors import FieldFault, InvalidFieldsError
from portal.domain.calendar.models import DayKind
from portal.domain.calendar.services import DayRow, import_days
from portal.domain.grids.services import import_grids, read_grid_features

_KINDS = {
    "holiday": DayKind.HOLIDAY,
    "working": DayKind.WORKING,
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "上班": DayKind.WORKING,
    "班": DayKind.WORKING,
}
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-grids")
@click.argument("file", type=_FILE)
@with_appcontext
def import_grids_command(file: Path) -> None:
    """Add or update grids from a GeoJSON FeatureCollection in WGS-84.

    Properties: code, level (county, town, village), name or name_zh; optional name_en, parent
    (code), owner_name, phone, department (code), inhabitants. All rows are taken, or none.
    """
    try:
        collection = json.loads(file.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise click.ClickException(f"{file}: not JSON: {error}") from error
    if not isinstance(collection, dict):
        raise click.ClickException(f"{file}: not a FeatureCollection")
    try:
        rows = read_grid_features(collection)
        with transaction():
            count = import_grids(rows)
    except InvalidFieldsError as error:
        raise click.ClickException(_listed(error)) from error
    click.echo(f"{count} grids imported")


@click.command("import-calendar")
@click.argument("file", type=_FILE)
@with_appcontext
def import_calendar_command(file: Path) -> None:
    """Add or update special days from a CSV file with the columns on, kind, name.

    `on` is YYYY-MM-DD, `kind` holiday (放假, 休) or working (上班, 班). Every year the file names
    counts as announced afterwards. All rows are taken, or none.
    """
    try:
        rows = _read_days(file)
        with transaction():
            count = import_days(rows)
    except InvalidFieldsError as error:
        raise click.ClickException(_listed(error)) from error
    click.echo(f"{count} days imported")


COMMANDS = (import_grids_command, import_calendar_command)


def _read_days(file: Path) -> list[DayRow]:
    """The rows of a calendar file. Raises InvalidFieldsError naming every line at fault."""
    faults: dict[str, list[FieldFault]] = {}
    rows: list[DayRow] = []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        for line, given in enumerate(csv.DictReader(stream), start=2):
            try:
                on = date.fromisoformat(given["on"].strip())
                kind = _KINDS[given["kind"].strip()]
            except (KeyError, ValueError, AttributeError) as error:
                fault = FieldFault("unreadable", f"line {line}: {error!r}")
                faults[f"line {line}"] = [fault]
            else:
                rows.append(DayRow(on, kind, (given.get("name") or "").strip()))
    if faults or not rows:
        raise InvalidFieldsError(faults or {"file": [FieldFault("empty", "no days in the file")]})
    return rows


def _listed(error: InvalidFieldsError) -> str:
    """Every fault on a line of its own."""
    return "\n".join(fault.message for group in error.faults.values() for fault in group)
