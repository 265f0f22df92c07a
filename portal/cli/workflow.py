"""`flask workflow diagram`: docs/workflow.md, drawn from the table so that it cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click
from flask.cli import with_appcontext

from portal.domain.deadlines.clocks import Clock
from portal.domain.reports.histories import history_faults
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW, Step

_HEAD = """\
# The workflow of a report

Drawn by `flask workflow diagram > docs/workflow.md` from `portal/domain/reports/table.py`, which is
what the desk, the services and the tests obey; a test compares this file with the table.

"""
_MOST_TOLD = 50
_BACK = "where it came from"
# `answer` and `unmerge` go back: the table leaves their target open, these are the ways there are.
_WAYS_BACK = {
    Action.ANSWER: WORKFLOW[Action.ASK].sources,
    Action.UNMERGE: frozenset({State.SUBMITTED, State.ACCEPTED}),
}
_COLUMNS = ("action", "from", "to", "who", "form fields", "guards", "clocks")


@click.group("workflow")
def workflow_cli() -> None:
    """Show the workflow of a report."""


@workflow_cli.command()
def diagram() -> None:
    """Print docs/workflow.md: a Mermaid state diagram and the table."""
    click.echo(document(), nl=False)


@workflow_cli.command()
@with_appcontext
def verify() -> None:
    """Walk every history again through the table; fails when one is no way through it."""
    found = 0
    for fault in history_faults():
        found += 1
        if found <= _MOST_TOLD:
            click.echo(fault)
    if found:
        raise click.ClickException(f"{found} histories are no way through the workflow")
    click.echo("workflow: every history leads to where its report stands")


def document() -> str:
    """The whole of docs/workflow.md."""
    picture = "\n".join(_mermaid())
    return f"{_HEAD}```mermaid\n{picture}\n```\n\n" + "\n".join(_rows()) + "\n"


def _mermaid() -> Iterator[str]:
    yield "stateDiagram-v2"
    for state in State:
        yield f"    {state}: {state.label}<br/>{state}"
    for (source, target), actions in _edges().items():
        yield f"    {source} --> {target}: {' / '.join(actions)}"


def _edges() -> dict[tuple[str, str], list[str]]:
    """Arrows with the actions that take them, so that two actions share one arrow."""
    edges: dict[tuple[str, str], list[str]] = {}
    for action, step in WORKFLOW.items():
        for source in _in_order(step.sources) or ["[*]"]:
            for target in _targets(action, step):
                edges.setdefault((source, target), []).append(action)
    return edges


def _targets(action: Action, step: Step) -> list[str]:
    return [step.target] if step.target else _in_order(_WAYS_BACK[action])


def _rows() -> Iterator[str]:
    yield _line(_COLUMNS)
    yield _line("---" for _ in _COLUMNS)
    for action, step in WORKFLOW.items():
        yield _line(
            (
                f"`{action}` {action.label}",
                " ".join(_in_order(step.sources)) or "–",
                step.target or _BACK,
                ", ".join(_who(step)),
                ", ".join(step.required),
                ", ".join(_guards(step)),
                "; ".join(_clocks(step)),
            )
        )


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _in_order(states: Iterable[State]) -> list[str]:
    known = frozenset(states)
    return [state for state in State if state in known]


def _who(step: Step) -> Iterator[str]:
    if step.by_reporter:
        yield "reporter"
    yield from sorted(step.roles)
    if step.by_system:
        yield "system"


def _guards(step: Step) -> Iterator[str]:
    yield from sorted(step.guards)
    if step.system_guards:
        yield "system: " + ", ".join(sorted(step.system_guards))


def _clocks(step: Step) -> Iterator[str]:
    """What the step does to the clocks, in words."""
    if step.closes:
        yield "closes all"
    yield from _named("stops", step.stops)
    if step.pauses:
        yield "pauses all"
    if step.resumes:
        yield "resumes all"
    yield from _named("starts", step.starts)
    yield from _named("starts once", step.starts_once)
    yield from _named("runs on", step.restarts)
    for nth, clocks in enumerate(step.starts_nth, start=1):
        yield from _named(f"time {nth} starts", clocks)
    for state, clocks in step.starts_at.items():
        yield from _named(f"in {state} starts", clocks)


def _named(verb: str, clocks: Iterable[Clock]) -> Iterator[str]:
    names = " ".join(clock.upper() for clock in Clock if clock in frozenset(clocks))
    if names:
        yield f"{verb} {names}"
