"""Loading what the city keeps elsewhere: grids, the calendar, air and water readings."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.actor import ActorKind
from portal.domain.calendar.changing import Changer, import_calendar
from portal.domain.calendar.reading import read_days
from portal.domain.grids.services import import_grids, read_grid_features
from portal.domain.quality.reading import read_readings
from portal.domain.quality.services import import_readings

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
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = read_days(stream)
        with transaction():
            import_calendar(rows, Changer(ActorKind.SYSTEM, None, now()))
    except InvalidFieldsError as error:
        raise click.ClickException(_listed(error)) from error
    click.echo(f"{len(rows)} days imported")


@click.command("import-quality")
@click.argument("file", type=_FILE)
@with_appcontext
def import_quality_command(file: Path) -> None:
    """Add or correct air and water readings from a CSV file.

    Columns station, date, indicator, value, unit (站点, 日期, 指标, 数值, 单位); UTF-8 or GBK. A
    date is 2026-10 or 2026年10月. All rows are taken, or none.
    """
    try:
        rows = read_readings(StringIO(_text(file), newline=""))
        with transaction():
            taken = import_readings(rows, file.name, by=None, at=now())
    except InvalidFieldsError as error:
        raise click.ClickException(_listed(error)) from error
    click.echo(f"{taken.new} readings new, {taken.changed} changed, {taken.same} known")


COMMANDS = (import_grids_command, import_calendar_command, import_quality_command)


def _text(file: Path) -> str:
    """As spreadsheets in China save it. Raises click.ClickException."""
    data = file.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise click.ClickException(f"{file}: neither UTF-8 nor GBK")


def _listed(error: InvalidFieldsError) -> str:
    """Every fault on a line of its own."""
    return "\n".join(
        f"{name}: {fault.message}" for name, group in error.faults.items() for fault in group
    )
