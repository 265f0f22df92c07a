"""`flask demo`: the demo city and its clock."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.config import Settings, parse_shift
from portal.core.clock import read_shift, write_shift

demo_cli = AppGroup("demo", help="The demo city.")


@demo_cli.command("clock", context_settings={"ignore_unknown_options": True})
@click.argument("shift")
def move_clock(shift: str) -> None:
    """Move the demo's clock by SHIFT, such as +11d, 3h or 90m; everyone must log in again."""
    settings: Settings = current_app.extensions["portal.settings"]
    file = settings.instance_path / "clock"
    try:
        moved = read_shift(file) + parse_shift(shift)
    except ValueError as fault:
        raise click.ClickException(str(fault)) from fault
    write_shift(file, moved)
    click.echo(f"The demo's clock is {moved} ahead.")
