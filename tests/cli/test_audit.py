"""`flask audit` and `flask keys`: what an operator sees."""

from __future__ import annotations

import re

from flask import Flask

from portal.cli.audit import audit_cli, keys_cli
from portal.domain.reports.states import State
from tests.domain.openlog.ledger import tamper
from tests.factories import at_state, city


def test_verify_names_what_was_changed(app: Flask) -> None:
    runner = app.test_cli_runner()
    with app.app_context():
        city()
        report = at_state(State.ACCEPTED)
        number = report.number
    unsealed = runner.invoke(audit_cli, ["verify"])
    assert unsealed.exit_code == 1
    assert "never sealed" in unsealed.output
    sealed = runner.invoke(audit_cli, ["seal"]).output
    assert re.fullmatch(r"audit: \d+ events sealed, head signed\n", sealed)
    right = runner.invoke(audit_cli, ["verify"])
    assert right.exit_code == 0
    assert re.fullmatch(r"audit: \d+ sealed events agree, 2 heads hold\n", right.output)
    with app.app_context():
        tamper("UPDATE timeline_event SET kind = 'decline' WHERE kind = 'accept'")
    wrong = runner.invoke(audit_cli, ["verify"])
    assert wrong.exit_code == 1
    assert f"FAULT: decline of {number}, event" in wrong.output


def test_a_new_key_signs_with_the_blessing_of_the_old(app: Flask) -> None:
    runner = app.test_cli_runner()
    (first,) = runner.invoke(keys_cli, ["show"]).output.splitlines()
    assert first.endswith("signs")
    assert (
        oct(app.extensions["portal.settings"].instance_path.joinpath("log.keys").stat().st_mode)[
            -3:
        ]
        == "600"
    )
    with app.app_context():
        city()
        at_state(State.ACCEPTED)
    assert runner.invoke(audit_cli, ["seal"]).exit_code == 0
    said = runner.invoke(keys_cli, ["rotate"]).output
    second, before = runner.invoke(keys_cli, ["show"]).output.splitlines()
    assert second[:16] in said
    assert before.split()[:2] == first.split()[:2]
    assert runner.invoke(audit_cli, ["seal"]).exit_code == 0
    assert runner.invoke(audit_cli, ["verify"]).exit_code == 0
