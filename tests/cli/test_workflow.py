"""The committed diagram is the one the table draws."""

from __future__ import annotations

import re

from flask import Flask

from portal.domain.reports.states import State
from tests.domain.reports.specification import table
from tests.house import ROOT


def test_the_committed_diagram_is_current(app: Flask) -> None:
    drawn = app.test_cli_runner().invoke(args=["workflow", "diagram"])
    committed = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    assert drawn.output == committed, "flask workflow diagram > docs/workflow.md"


def test_the_diagram_shows_every_step_of_the_document() -> None:
    """Arrows, read back from the picture, against the document's own table."""
    text = (ROOT / "docs" / "workflow.md").read_text(encoding="utf-8")
    arrows = {
        (source, name, target)
        for source, target, names in re.findall(r"^    (\S+) --> (\S+): (.+)$", text, re.MULTILINE)
        for name in names.split(" / ")
    }
    open_ended = {(s, n) for s, n, _ in arrows if n in {"answer", "unmerge"}}
    assert open_ended == {("need_info", "answer"), ("merged", "unmerge")}
    expected = {
        (source, action.value, row.target)
        for action, row in table().items()
        for source in row.sources or ["[*]"]
        if row.target
    }
    assert {a for a in arrows if (a[0], a[1]) not in open_ended} == expected
    assert set(re.findall(r"^    (\w+): ", text, re.MULTILINE)) == set(State)
