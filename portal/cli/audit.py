"""`flask audit`: whether history is what the public log says; `flask keys`: what signs it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from portal.adapters.logkeys import LogKeyError, LogKeys
from portal.core.clock import local, now
from portal.core.signing import key_id
from portal.domain.openlog.audit import audit_log
from portal.domain.openlog.case_audit import audit_cases

audit_cli = AppGroup("audit", help="The public log: sealing, signing, checking.")
keys_cli = AppGroup("keys", help="Keys: of the public log, and of other systems.")


@audit_cli.command("verify")
def verify_command() -> None:
    """Recompute every leaf, block, head and report; fails when history was changed."""
    found = audit_log()
    faults = [*found.faults, *audit_cases(now())]
    for note in found.notes:
        click.echo(f"note: {note}")
    if found.more:
        click.echo(f"note: {found.more} more like these")
    for fault in faults:
        click.echo(f"FAULT: {fault}")
    if faults:
        raise click.ClickException(f"the history does not fit the log: {len(faults)} faults")
    erased = f", {found.erased} of them erased by an event that says so" if found.erased else ""
    click.echo(f"audit: {found.seals} sealed events agree{erased}, {found.heads} heads hold")


@audit_cli.command("seal")
def seal_command() -> None:
    """Seal what waits and sign a head now, without waiting for the worker."""
    sealing = current_app.extensions["portal.sealing"]
    sealed = sealing.run(everywhere=True)
    if not sealing.sign():
        raise click.ClickException("another process is sealing at the moment; try again")
    click.echo(f"audit: {sealed} events sealed, head signed")


@keys_cli.command("show")
def show_command() -> None:
    """Say which keys sign the log; for comparing with what others saw."""
    for place, signer in enumerate(_keys().signers()):
        words = "signs" if place == 0 else "before"
        click.echo(f"{key_id(signer.public)} {signer.public.hex()} {words}")


@keys_cli.command("rotate")
def rotate_command() -> None:
    """Make a new key for the log's heads; the old one endorses it with the next head."""
    try:
        _keys().rotate()
    except LogKeyError as fault:
        raise click.ClickException(str(fault)) from fault
    at = local(now()).isoformat(timespec="minutes")
    click.echo(f"{at}: {key_id(_keys().signers()[0].public)} signs from the next head on")


def _keys() -> LogKeys:
    found: LogKeys = current_app.extensions["portal.log_keys"]
    return found
