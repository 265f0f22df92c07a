"""Every command, under its contract name."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from portal.cli.audit import audit_cli, keys_cli
from portal.cli.figures import figures_cli
from portal.cli.imports import (
    import_calendar_command,
    import_grids_command,
    import_quality_command,
)
from portal.cli.maps import map_cli
from portal.cli.suggestions import suggestions_cli
from portal.cli.users import user_cli
from portal.cli.workflow import workflow_cli
from portal.cli.writers import api_cli
from portal.core.clock import local, now
from portal.core.db import transaction
from portal.domain.calendar.services import seed_calendar
from portal.domain.categories.services import seed_categories
from portal.domain.deadlines.services import seed_rules
from portal.domain.departments.services import seed_departments
from portal.domain.figures.scorecard import seed_weights
from portal.domain.publication import listing
from portal.domain.publication.map_recount import is_behind, rebuild_map
from portal.domain.quality.limits import seed_limits
from portal.domain.reports import search as reports
from portal.domain.routing.services import seed_routing
from portal.domain.supervision.rules import seed_pressure
from portal.domain.triage.texts import seed_texts
from portal.domain.writers.services import seed_demo_writers

_AT_ONCE = 2000  # a transaction of a second or two, between which others may write


def register(app: Flask) -> None:
    """Hang the commands on `flask`."""
    keys_cli.add_command(api_cli)
    for command in (
        prepare,
        worker,
        check_config,
        import_grids_command,
        import_calendar_command,
        import_quality_command,
        user_cli,
        workflow_cli,
        audit_cli,
        figures_cli,
        keys_cli,
        map_cli,
        suggestions_cli,
    ):
        app.cli.add_command(command)
    if app.extensions["portal.settings"].demo or app.testing:
        from portal.cli.demo.commands import demo_cli  # noqa: PLC0415 - never in production

        app.cli.add_command(demo_cli)


@click.command()
@with_appcontext
def prepare() -> None:
    """Bring the database up to date and add the data every city starts from."""
    upgrade()
    with transaction():
        seed_departments()
        seed_categories()
        seed_calendar()
        seed_rules()
        seed_routing()
        seed_weights(now())
        seed_texts(now())
        seed_limits()
        seed_pressure(local(now()).date())
        if current_app.extensions["portal.settings"].demo:
            seed_demo_writers(now())
    current_app.extensions["portal.log_keys"].signers()
    for keep in (reports.keep_missing_words, listing.keep_missing_words):
        _until_nothing_is_left(keep)
    if is_behind():
        rebuild_map(now())


def _until_nothing_is_left(keep: Callable[[int], int]) -> None:
    """A portal that had no search before, or rows that came in bulk, become findable."""
    left = True
    while left:
        with transaction():
            left = keep(_AT_ONCE) == _AT_ONCE


@click.command()
def worker() -> None:
    """Deliver the outbox, seal the log, make photo versions and run clocks, until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    app.extensions["portal.sealing"].watch(app)
    app.extensions["portal.queue"].consumer().run()


@click.command("check-config")
def check_config() -> None:
    """Say whether the settings can be used; every fault at once."""
    click.echo("The settings can be used.")
