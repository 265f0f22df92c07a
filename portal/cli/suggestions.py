"""`flask suggestions`: learning categories and departments from closed reports."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from portal.adapters.classifiers.bayes import ComplementBayes
from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.triage.advice import Target, train
from portal.domain.triage.learning import LEAST_SAMPLES

suggestions_cli = AppGroup("suggestions", help="What is suggested to triage.")


@suggestions_cli.command("train")
def train_command() -> None:
    """Learn anew now; the worker does it every night."""
    for target in Target:
        with transaction():
            one = train(target, ComplementBayes(), now())
        if one.is_on:
            click.echo(
                f"{one.target}: {one.samples} closed reports; held out {one.tested}, "
                f"first {one.top_1 / one.tested:.0%}, among three {one.top_3 / one.tested:.0%}"
            )
        else:
            click.echo(f"{one.target}: off, {one.samples} closed reports of {LEAST_SAMPLES}")
