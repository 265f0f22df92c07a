"""`flask figures`: counting everything anew, and checking what is kept against a recount."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.domain.figures.recount import recount
from portal.domain.figures.rollup import lapsed, refresh_reports, sum_up
from portal.domain.reports.models import Report

figures_cli = AppGroup("figures", help="What is counted, and whether it is right.")
_BATCH = 500


@figures_cli.command("rebuild")
def rebuild_command() -> None:
    """Compute the figures of every report anew, then all sums. Pages stay up meanwhile."""
    click.echo(f"figures: {rebuild_figures(now())} reports counted anew")


@figures_cli.command("verify")
def verify_command() -> None:
    """Count everything again by another road; fails when a figure differs."""
    found = recount(_caught_up())
    for fault in found.faults:
        click.echo(fault)
    if found.differing:
        raise click.ClickException(
            f"{found.differing} figures differ; `flask figures rebuild` puts them right"
        )
    waiting = f", {found.owed} wait for the worker" if found.owed else ""
    click.echo(f"figures: {found.reports} reports agree with the sums{waiting}")


def rebuild_figures(at: datetime) -> int:
    """Compute all facts in short transactions and all sums in one; returns how many reports."""
    last = db.session.scalar(select(func.max(Report.id))) or 0
    db.session.rollback()
    counted = 0
    for low in range(1, last + 1, _BATCH):
        with transaction():
            ids = list(
                db.session.scalars(
                    select(Report.id).where(Report.id.between(low, low + _BATCH - 1))
                )
            )
            refresh_reports(ids, at)
        counted += len(ids)
    with transaction():
        sum_up()
    return counted


def _caught_up() -> datetime:
    """A moment at which nothing has lapsed unnoticed."""
    at = now()
    while due := lapsed(at):
        with transaction():
            refresh_reports(due, at)
    return at
