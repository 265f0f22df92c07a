"""WORKFLOW, the table itself (domain.md section 3): read it top to bottom like the document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.domain.accounts.actor import Actor, ActorKind
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock
from portal.domain.reports.states import Action, Guard, State

Clocks = frozenset[Clock]
A, C, G, R, S = Action, Clock, Guard, Role, State


@dataclass(frozen=True)
class Step:
    """One row. `target` None means "where it came from" (Report.return_state).

    `required` names the form fields of contracts.md. `starts_nth` starts clocks by how often the
    action happened before; `starts_at` by the state reached; `closes` ends every clock.
    `system_guards` must be proved as well when the portal itself takes the step.
    """

    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role] = frozenset()
    by_reporter: bool = False
    by_system: bool = False
    required: tuple[str, ...] = ()
    guards: frozenset[Guard] = frozenset()
    system_guards: frozenset[Guard] = frozenset()
    starts: Clocks = frozenset()
    starts_once: Clocks = frozenset()
    starts_nth: tuple[Clocks, ...] = ()
    starts_at: Mapping[State, Clocks] = field(default_factory=dict)
    restarts: Clocks = frozenset()
    stops: Clocks = frozenset()
    pauses: bool = False
    resumes: bool = False
    closes: bool = False
    is_public: bool = False

    def admits(self, actor: Actor) -> bool:
        """Whether this kind of actor takes this step at all."""
        if actor.kind is ActorKind.REPORTER:
            return self.by_reporter
        if actor.kind is ActorKind.SYSTEM:
            return self.by_system
        return bool(self.roles & actor.roles)

    def guards_for(self, actor: Actor) -> frozenset[Guard]:
        """What must be proved when this actor takes the step."""
        is_ours = actor.kind is ActorKind.SYSTEM
        return self.guards | self.system_guards if is_ours else self.guards


_MERGEABLE = frozenset({S.SUBMITTED, S.ACCEPTED, S.DISPATCHED, S.RETURNED, S.HANDLING})

WORKFLOW: dict[Action, Step] = {
    A.FILE: Step(
        sources=frozenset(),
        target=S.SUBMITTED,
        roles=frozenset({R.TRIAGE, R.GRID}),
        by_reporter=True,
        by_system=True,
        starts=frozenset({C.ACCEPT}),
    ),
    A.ASK: Step(
        sources=frozenset({S.SUBMITTED, S.ACCEPTED}),
        target=S.NEED_INFO,
        roles=frozenset({R.TRIAGE}),
        required=("question",),
        guards=frozenset({G.ASK_LEFT}),
        pauses=True,
        starts=frozenset({C.NEED_INFO}),
    ),
    A.ANSWER: Step(
        sources=frozenset({S.NEED_INFO}),
        target=None,
        by_reporter=True,
        by_system=True,
        stops=frozenset({C.NEED_INFO}),
        resumes=True,
    ),
    A.ACCEPT: Step(
        sources=frozenset({S.SUBMITTED}),
        target=S.ACCEPTED,
        roles=frozenset({R.TRIAGE}),
        required=("track", "deadline_class", "category", "grid_code"),
        guards=frozenset({G.OTHER_TRIAGE}),
        stops=frozenset({C.ACCEPT}),
        starts=frozenset({C.DISPATCH}),
        is_public=True,
    ),
    A.DECLINE: Step(
        sources=frozenset({S.SUBMITTED, S.NEED_INFO}),
        target=S.DECLINED,
        roles=frozenset({R.TRIAGE}),
        required=("reason_code", "text", "where_to"),
        guards=frozenset({G.OTHER_TRIAGE}),
        closes=True,
    ),
    A.APPEAL: Step(
        sources=frozenset({S.DECLINED}),
        target=S.SUBMITTED,
        by_reporter=True,
        required=("reason",),
        guards=frozenset({G.APPEAL_OPEN}),
        starts=frozenset({C.ACCEPT}),
    ),
    A.WITHDRAW: Step(
        sources=frozenset({S.SUBMITTED, S.NEED_INFO, S.ACCEPTED}),
        target=S.WITHDRAWN,
        by_reporter=True,
        closes=True,
    ),
    A.MERGE: Step(
        sources=_MERGEABLE,
        target=S.MERGED,
        roles=frozenset({R.TRIAGE, R.SUPERVISOR}),
        required=("main_number",),
        guards=frozenset({G.MAIN_FIT}),
        closes=True,
    ),
    A.UNMERGE: Step(
        sources=frozenset({S.MERGED}),
        target=None,
        roles=frozenset({R.TRIAGE, R.SUPERVISOR}),
        starts_at={
            S.SUBMITTED: frozenset({C.ACCEPT}),
            S.ACCEPTED: frozenset({C.DISPATCH}),
            # Merged while it waited for a ruling: it waits for one again.
            S.RETURNED: frozenset({C.RULING}),
        },
    ),
    A.SPLIT: Step(
        sources=frozenset({S.ACCEPTED}),
        target=S.ACCEPTED,
        roles=frozenset({R.TRIAGE}),
        required=("parts",),
        guards=frozenset({G.PARTS_FIT}),
    ),
    A.DISPATCH: Step(
        sources=frozenset({S.ACCEPTED, S.RETURNED}),
        target=S.DISPATCHED,
        roles=frozenset({R.TRIAGE}),
        required=("lead", "assists", "note"),
        guards=frozenset({G.LEAD_FIT, G.FIRST_RETURN}),
        stops=frozenset({C.DISPATCH}),
        starts=frozenset({C.SIGN}),
        starts_once=frozenset({C.RESOLVE, C.CONTACT}),
        is_public=True,
    ),
    A.SIGN: Step(
        sources=frozenset({S.DISPATCHED}),
        target=S.HANDLING,
        roles=frozenset({R.CLERK}),
        guards=frozenset({G.LEAD_CLERK}),
        stops=frozenset({C.SIGN}),
        is_public=True,
    ),
    A.RETURN: Step(
        sources=frozenset({S.DISPATCHED}),
        target=S.RETURNED,
        roles=frozenset({R.HEAD}),
        required=("legal_basis", "proposed_department"),
        guards=frozenset({G.LEAD_HEAD, G.RETURN_OPEN}),
        stops=frozenset({C.SIGN}),
        starts_nth=(frozenset({C.DISPATCH}), frozenset({C.RULING})),
    ),
    A.RULE: Step(
        sources=frozenset({S.RETURNED}),
        target=S.DISPATCHED,
        roles=frozenset({R.SUPERVISOR}),
        required=("lead", "reasons"),
        guards=frozenset({G.LEAD_FIT, G.SECOND_RETURN}),
        stops=frozenset({C.RULING}),
        starts=frozenset({C.SIGN}),
    ),
    A.PROPOSE: Step(
        sources=frozenset({S.HANDLING}),
        target=S.HEAD_REVIEW,
        roles=frozenset({R.CLERK}),
        required=("finding", "measures", "after_photos", "reply", "public_text"),
        guards=frozenset({G.LEAD_CLERK, G.FINDING_COMPLETE, G.CONTACT_ON_RECORD}),
    ),
    A.SEND_BACK: Step(
        sources=frozenset({S.HEAD_REVIEW}),
        target=S.HANDLING,
        roles=frozenset({R.HEAD}),
        required=("reason",),
        guards=frozenset({G.LEAD_HEAD}),
    ),
    A.SUBMIT: Step(
        sources=frozenset({S.HEAD_REVIEW}),
        target=S.SUBMITTED_REVIEW,
        roles=frozenset({R.HEAD}),
        guards=frozenset({G.LEAD_HEAD, G.NOT_PROPOSER}),
        starts=frozenset({C.REVIEW}),
    ),
    A.REWORK: Step(
        sources=frozenset({S.SUBMITTED_REVIEW}),
        target=S.HANDLING,
        roles=frozenset({R.REVIEWER}),
        required=("reason",),
        guards=frozenset({G.THIRD_PERSON}),
        stops=frozenset({C.REVIEW}),
    ),
    A.STAGE_CLOSE: Step(
        sources=frozenset({S.SUBMITTED_REVIEW}),
        target=S.STAGE_CLOSED,
        roles=frozenset({R.REVIEWER}),
        required=("plan", "milestones"),
        guards=frozenset({G.THIRD_PERSON, G.PLAN_DATED}),
        stops=frozenset({C.REVIEW, C.RESOLVE}),
        starts=frozenset({C.MILESTONE}),
        is_public=True,
    ),
    A.RESUME: Step(
        sources=frozenset({S.STAGE_CLOSED}),
        target=S.HANDLING,
        roles=frozenset({R.REVIEWER}),
        by_system=True,
        stops=frozenset({C.MILESTONE}),
        restarts=frozenset({C.RESOLVE}),
        is_public=True,
    ),
    A.RESOLVE: Step(
        sources=frozenset({S.SUBMITTED_REVIEW}),
        target=S.RESOLVED,
        roles=frozenset({R.REVIEWER}),
        guards=frozenset({G.THIRD_PERSON}),
        stops=frozenset({C.REVIEW, C.RESOLVE}),
        starts=frozenset({C.PUBLISH, C.RATING}),
        is_public=True,
    ),
    A.PUBLISH: Step(
        sources=frozenset({S.RESOLVED}),
        target=S.PUBLISHED,
        roles=frozenset({R.PUBLISHER}),
        required=("photo_decisions", "place_rounding"),
        guards=frozenset({G.NOT_DRAFTER, G.PHOTOS_DECIDED}),
        stops=frozenset({C.PUBLISH}),
        starts=frozenset({C.NOTICE}),
        is_public=True,
    ),
    A.WITHHOLD: Step(
        sources=frozenset({S.RESOLVED}),
        target=S.WITHHELD,
        roles=frozenset({R.PUBLISHER}),
        required=("ground_code",),
        guards=frozenset({G.NOT_DRAFTER}),
        stops=frozenset({C.PUBLISH}),
        starts=frozenset({C.NOTICE}),
        is_public=True,
    ),
    A.DEREGISTER: Step(
        sources=frozenset({S.PUBLISHED, S.WITHHELD}),
        target=S.DEREGISTERED,
        roles=frozenset({R.SUPERVISOR}),
        required=("acceptance_note",),
        guards=frozenset({G.NOTICE_OVER, G.NO_OBJECTION, G.NOT_REVIEWER}),
        stops=frozenset({C.NOTICE}),
        starts=frozenset({C.LOOKBACK, C.LOOKBACK_SECOND}),
        is_public=True,
    ),
    A.REOPEN: Step(
        sources=frozenset({S.RESOLVED, S.PUBLISHED, S.WITHHELD, S.DEREGISTERED}),
        target=S.HANDLING,
        # A reviewer reopens on an upheld dispute: that comes with the room that owns disputes.
        roles=frozenset({R.SUPERVISOR}),
        by_system=True,
        required=("reason_code",),
        system_guards=frozenset({G.LOOKBACK_FAILED}),
        closes=True,
        starts=frozenset({C.RESOLVE}),
        is_public=True,
    ),
}
