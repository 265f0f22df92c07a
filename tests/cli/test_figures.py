"""`flask figures`: agreeing, finding a fault, putting it right."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import update

from portal.cli.figures import figures_cli
from portal.core.db import db, transaction
from portal.domain.figures.models import FigureCell
from portal.domain.reports.states import State
from tests.factories import at_state, city, drain


def test_verify_finds_what_rebuild_puts_right(app: Flask) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        city()
        at_state(State.HANDLING)
        drain()
    right = runner.invoke(figures_cli, ["verify"])
    assert (right.exit_code, right.output) == (0, "figures: 1 reports agree with the sums\n")
    with app.app_context(), transaction():
        db.session.execute(update(FigureCell).where(FigureCell.measure == "open").values(count=7))
    wrong = runner.invoke(figures_cli, ["verify"])
    assert wrong.exit_code == 1
    assert "open/0: 7, counted 1" in wrong.output
    assert runner.invoke(figures_cli, ["rebuild"]).output == "figures: 1 reports counted anew\n"
    assert runner.invoke(figures_cli, ["verify"]).exit_code == 0


def test_verify_notices_what_lapsed_unheard(app: Flask) -> None:
    """The cases of the test lie in the past: their terms have run out by now."""
    runner = app.test_cli_runner()
    with app.app_context():
        city()
        at_state(State.ACCEPTED)
        at_state(State.SUBMITTED)
    waiting = runner.invoke(figures_cli, ["verify"])
    assert waiting.exit_code == 0
    assert "2 wait for the worker" in waiting.output
