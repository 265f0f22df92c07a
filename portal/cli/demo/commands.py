"""`flask demo`: the demo city and its clock."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.config import Settings, parse_shift
from portal.core.clock import read_shift, write_shift

demo_cli = AppGroup("demo", help="The demo city.")


@demo_cli.command("load")
@click.option(
    "--reports", default=300, show_default=True, envvar="DEMO_REPORTS", type=click.IntRange(0)
)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--when-empty", is_flag=True, help="Only fill an empty city, or finish an interrupted load."
)
def load(reports: int, seed: int, when_empty: bool) -> None:
    """Settle the demo city and fill it with REPORTS reports of the last 18 months."""
    # The scenes draw with numpy and Pillow: the web processes, which know this command, do not.
    from portal.cli.demo.bulk.load import fill_up  # noqa: PLC0415
    from portal.cli.demo.load import (  # noqa: PLC0415
        MOST_THROUGH_SERVICES,
        WALKED,
        Found,
        found_in,
        load_city,
    )

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    found, is_large = (
        found_in(app) if when_empty else Found.NOTHING,
        reports > MOST_THROUGH_SERVICES,
    )
    count = 0
    if found is not Found.REPORTS:
        walked = WALKED if is_large else reports
        is_part = found is Found.A_PART
        count = load_city(app, walked, seed, _say, resume=is_part, seal=not is_large)
    if is_large:
        count += fill_up(app, reports, seed, _say)
    if found is Found.REPORTS and not count:
        _say("the city has its reports already")
        return
    _say(f"the demo city is complete, {count} reports added")


def _say(line: str) -> None:
    click.echo(f"demo: {line}")


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
