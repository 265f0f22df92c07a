"""`flask map`: making the sums of the public map anew, and checking them against a count."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.core.clock import now
from portal.domain.publication.map_recount import catch_up, map_faults, rebuild_map

map_cli = AppGroup("map", help="The public map, and whether its counts are right.")
_MOST_TOLD = 50


@map_cli.command("rebuild")
def rebuild_command() -> None:
    """Place every public case anew, then make all sums. Pages stay up meanwhile."""
    click.echo(f"map: {rebuild_map(now())} cases placed anew")


@map_cli.command("verify")
def verify_command() -> None:
    """Count the public cases of every square and town; fails when a sum differs."""
    at = now()
    catch_up(at)
    found = map_faults(at)
    for fault in found[:_MOST_TOLD]:
        click.echo(fault)
    if found:
        raise click.ClickException(f"{len(found)} sums differ; `flask map rebuild` puts them right")
    click.echo("map: every sum agrees with the public cases")
