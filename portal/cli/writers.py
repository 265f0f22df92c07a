"""`flask keys api`: keys of other systems that file over Open311."""

from __future__ import annotations

import getpass

import click
from flask.cli import AppGroup

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.reports.models import Channel
from portal.domain.writers.models import CHANNELS
from portal.domain.writers.queries import writer_by_name, writers
from portal.domain.writers.services import NewWriter, add_writer, revoke_writer

api_cli = AppGroup("api", help="Systems that file over Open311 (docs/open311.md).")
_CHANNELS = [channel.value for channel in CHANNELS]


@api_cli.command("add")
@click.argument("name")
@click.option("--channel", default="open311", show_default=True, type=click.Choice(_CHANNELS))
@click.option("--per-hour", default=600, show_default=True, help="Filings and updates an hour.")
@click.option(
    "--window",
    default=60,
    show_default=True,
    help="Minutes within which the same place, kind and words are one report; 0: never.",
)
@click.option("--tokens", is_flag=True, help="Answer with a token in place of the number.")
def add(name: str, channel: str, per_hour: int, window: int, tokens: bool) -> None:
    """Let the system NAME write, and print its key, once."""
    new = NewWriter(name, Channel(channel), per_hour, window, tokens)
    try:
        with transaction():
            key = add_writer(new, created_by=getpass.getuser(), at=now())
    except InvalidFieldsError as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(key)


@api_cli.command("list")
def show() -> None:
    """Every system: its channel, limits, and since when it may or may not write."""
    for row in writers():
        since = f"{local(row.created_at):%Y-%m-%d} by {row.created_by}"
        gone = f", revoked {local(row.revoked_at):%Y-%m-%d}" if row.revoked_at else ""
        limits = f"{row.per_hour}/h, {row.window_minutes} min"
        wants = ", tokens" if row.gives_token else ""
        demo = ", demo only" if row.is_demo else ""
        click.echo(f"{row.name}: {row.channel}, {limits}{wants}{demo}, since {since}{gone}")


@api_cli.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """From now on the system NAME cannot write; what it filed stays."""
    with transaction():
        writer = writer_by_name(name)
        if writer is None:
            raise click.ClickException("no such system")
        revoke_writer(writer, now())
