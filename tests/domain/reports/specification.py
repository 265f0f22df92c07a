"""domain.md section 3, typed in by hand: what the table in the code is held against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from portal.domain.deadlines.clocks import Clock
from portal.domain.reports.states import Action, Guard, State
from tests.factories import PATHS

# action | from | to | who | guards. Reopening by reviewers waits for the room that owns disputes,
# as the document says. The system reopens on a failed look-back only: see SYSTEM_GUARDS.
_TABLE = """
file        |                                                  | submitted        | reporter triage grid system |
ask         | submitted accepted                               | need_info        | triage                      | ask_left
answer      | need_info                                        | *                | reporter system             |
accept      | submitted                                        | accepted         | triage                      | other_triage
decline     | submitted need_info                              | declined         | triage                      | other_triage
appeal      | declined                                         | submitted        | reporter                    | appeal_open
withdraw    | submitted need_info accepted                     | withdrawn        | reporter                    |
merge       | submitted accepted dispatched returned handling  | merged           | triage supervisor           | main_fit
unmerge     | merged                                           | *                | triage supervisor           |
split       | accepted                                         | accepted         | triage                      | parts_fit
dispatch    | accepted returned                                | dispatched       | triage                      | lead_fit first_return
sign        | dispatched                                       | handling         | clerk                       | lead_clerk
return      | dispatched                                       | returned         | head                        | lead_head return_open
rule        | returned                                         | dispatched       | supervisor                  | lead_fit second_return
propose     | handling                                         | head_review      | clerk                       | lead_clerk finding_complete contact_on_record
send_back   | head_review                                      | handling         | head                        | lead_head
submit      | head_review                                      | submitted_review | head                        | lead_head not_proposer
rework      | submitted_review                                 | handling         | reviewer                    | third_person
stage_close | submitted_review                                 | stage_closed     | reviewer                    | third_person plan_dated
resume      | stage_closed                                     | handling         | reviewer system             |
resolve     | submitted_review                                 | resolved         | reviewer                    | third_person
publish     | resolved                                         | published        | publisher                   | not_drafter photos_decided
withhold    | resolved                                         | withheld         | publisher                   | not_drafter
deregister  | published withheld                               | deregistered     | supervisor                  | notice_over no_objection not_reviewer
reopen      | resolved published withheld deregistered         | handling         | supervisor system           |
"""  # noqa: E501

# What the portal itself must prove on top.
SYSTEM_GUARDS = {Action.REOPEN: frozenset({Guard.LOOKBACK_FAILED})}

# What a step stops and starts; `*` stops everything. The reporter of these reports left a phone.
_CLOCKS = """
file        |                   | accept
ask         |                   | need_info
answer      | need_info         |
accept      | accept            | dispatch
decline     | *                 |
appeal      |                   | accept
withdraw    | *                 |
merge       | *                 |
split       |                   |
sign        | sign              |
return      | sign              | dispatch
rule        | ruling            | sign
propose     |                   |
send_back   |                   |
submit      |                   | review
rework      | review            |
stage_close | review resolve    | milestone
resume      | milestone         | resolve
resolve     | review resolve    | publish rating
publish     | publish           | notice
withhold    | publish           | notice
deregister  | notice            | lookback lookback_second
reopen      | *                 | resolve
"""

# Contracts.md: what everybody may read in a case's timeline.
PUBLIC = frozenset(
    Action(name)
    for name in "accept dispatch sign stage_close resume resolve publish withhold deregister "
    "reopen".split()
)

# Contracts.md, Desk: the fields each step's form must bring.
FIELDS = {
    "ask": "question",
    "accept": "track deadline_class category grid_code",
    "decline": "reason_code text where_to",
    "merge": "main_number",
    "split": "parts",
    "dispatch": "lead assists note",
    "return": "legal_basis proposed_department",
    "rule": "lead reasons",
    "propose": "finding measures after_photos reply public_text",
    "send_back": "reason",
    "rework": "reason",
    "stage_close": "plan milestones",
    "publish": "photo_decisions place_rounding",
    "withhold": "ground_code",
    "deregister": "acceptance_note",
    "reopen": "reason_code",
    "appeal": "reason",
}


@dataclass(frozen=True)
class Row:
    """One line of the document. `target` None: back to where it came from."""

    sources: frozenset[State]
    target: State | None
    who: frozenset[str]
    guards: frozenset[Guard]


@dataclass(frozen=True)
class Start:
    """A way to a state; `back` is where `answer` and `unmerge` lead from there."""

    state: State
    path: tuple[Action, ...]
    back: State | None = None
    first_dispatch: bool = True

    def __str__(self) -> str:
        return f"{self.state}-after-{self.path[-2] if self.path[1:] else 'filing'}"


def _cells(text: str) -> list[list[str]]:
    return [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]


@cache
def table() -> dict[Action, Row]:
    """The document's table."""
    return {
        Action(name): Row(
            frozenset(State(s) for s in sources.split()),
            None if target == "*" else State(target),
            frozenset(who.split()),
            frozenset(Guard(g) for g in guards.split()),
        )
        for name, sources, target, who, guards in _cells(_TABLE)
    }


def starts() -> list[Start]:
    """Every state by its shortest way, and those that lead to different places by each way."""
    undispatched = {State.RETURNED}
    ways = [Start(s, path, first_dispatch=s not in undispatched) for s, path in PATHS.items()]
    ways = [w for w in ways if w.state not in {State.NEED_INFO, State.MERGED}]
    a = Action
    return [
        *ways,
        Start(State.NEED_INFO, (a.ASK,), State.SUBMITTED),
        Start(State.NEED_INFO, (a.ACCEPT, a.ASK), State.ACCEPTED),
        Start(State.MERGED, (a.MERGE,), State.SUBMITTED),
        Start(State.MERGED, (a.ACCEPT, a.MERGE), State.ACCEPTED),
        Start(State.MERGED, (a.ACCEPT, a.DISPATCH, a.SIGN, a.MERGE), State.ACCEPTED),
        # Not in the document: one that waits for a ruling waits for it again (ADR 0015).
        Start(
            State.MERGED,
            (a.ACCEPT, a.DISPATCH, a.RETURN, a.DISPATCH, a.RETURN, a.MERGE),
            State.RETURNED,
        ),
    ]


def clocks_after(start: Start, action: Action, running: frozenset[Clock]) -> frozenset[Clock]:
    """The clocks that must run once `action` was taken from `start` with `running` ones."""
    if action is Action.UNMERGE:
        waits = {State.SUBMITTED: Clock.ACCEPT, State.RETURNED: Clock.RULING}
        return frozenset({waits.get(start.back or State.ACCEPTED, Clock.DISPATCH)})
    if action is Action.DISPATCH:
        fresh = {Clock.RESOLVE, Clock.CONTACT} if start.first_dispatch else set()
        return (running - {Clock.DISPATCH}) | {Clock.SIGN} | fresh
    changes = {Action(n): (stops, begun) for n, stops, begun in _cells(_CLOCKS)}
    stops, begun = changes[action]
    left = frozenset() if stops == "*" else running - {Clock(c) for c in stops.split()}
    return left | {Clock(c) for c in begun.split()}
