"""Rows for tests, and reports in any state.

`city()` once, then `at_state(State.RESOLVED)`, `walk(report, Action.ACCEPT, …)` or
`take(report, Action.DISPATCH, by=…, at=…)`; `staff(Role.CLERK, department="cg")` is an actor,
`user(…)` its row with PASSWORD. Everything goes through the services.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from portal.core.clock import local
from portal.core.db import db
from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import (
    Assigning,
    Returning,
    dispatch_report,
    return_report,
    rule_lead,
    sign_report,
)
from portal.domain.casework.closing import (
    Proposal,
    StagePlan,
    propose_closing,
    record_contact,
    resolve_report,
    resume_report,
    rework_report,
    send_back,
    stage_close_report,
    submit_report,
)
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind, Verdict
from portal.domain.casework.queries import contact_attempts_of
from portal.domain.casework.striking import ReopenReason, deregister_report, reopen_report
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.departments.queries import department_by_id
from portal.domain.publication.models import Rounding, WithholdGround
from portal.domain.publication.services import (
    PhotoDecision,
    Release,
    decidable_photos,
    publish_report,
    withhold_report,
)
from portal.domain.reports.acceptance import (
    Acceptance,
    DeclineReason,
    Refusal,
    accept_report,
    answer_question,
    appeal_decline,
    ask_reporter,
    decline_report,
    withdraw_report,
)
from portal.domain.reports.models import Photo, PhotoKind, Report, Track
from portal.domain.reports.states import Action, State
from portal.domain.timeline.queries import last_event
from portal.domain.triage.services import Part, merge_report, split_report, unmerge_report
from tests.city import (
    LEAD,
    OF_A_DEPARTMENT,
    OTHER_VILLAGE,
    PASSWORD,
    START,
    TOWN,
    VILLAGE,
    city,
    file,
    file_full,
    grid,
    jpeg,
    make_category,
    make_city,
    make_department,
    make_grid,
    photo,
    square,
    staff,
    user,
    writing,
)

__all__ = [
    "LEAD",
    "OTHER_VILLAGE",
    "PASSWORD",
    "PATHS",
    "START",
    "TOWN",
    "VILLAGE",
    "Turn",
    "actor_for",
    "at_state",
    "city",
    "drain",
    "file",
    "file_full",
    "grid",
    "jpeg",
    "make_category",
    "make_city",
    "make_department",
    "make_grid",
    "ordinary_acceptance",
    "ordinary_proposal",
    "photo",
    "square",
    "staff",
    "take",
    "user",
    "walk",
    "writing",
]

_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Turn:
    """One step about to be taken: by whom, when, on which version."""

    report: Report
    by: Actor
    at: datetime
    expected: int | None

    @property
    def form(self) -> dict[str, Any]:
        """What every service wants after its own arguments."""
        return {"expected": self.expected, "by": self.by, "at": self.at}


def take(
    report: Report,
    action: Action,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    expected: int | None = None,
) -> Any:
    """Take one step through its service, with ordinary contents; returns what the service does.

    By default the right person takes it, ten minutes after the last step (or, to strike off, when
    the notice is over), on the present version.
    """
    with writing():
        turn = Turn(
            report,
            by or actor_for(report, action),
            at or _next_moment(report, action),
            report.version if expected is None else expected,
        )
        return _STEPS[action](turn)


def walk(report: Report, *actions: Action) -> Report:
    """Take `actions` one after the other, in one transaction."""
    with writing():
        for action in actions:
            take(report, action)
    return report


def at_state(state: State, **filing: Any) -> Report:
    """A fresh report that went its shortest way to `state`; `filing` goes to `file_full`."""
    with writing():
        return walk(file(**filing), *PATHS[state])


def drain() -> int:
    """Deliver everything that is due, as the worker does, and read afresh what it wrote."""
    with current_app._get_current_object().app_context():  # type: ignore[attr-defined]
        tried: int = current_app.extensions["portal.outbox"]().drain()
    db.session.rollback()
    return tried


def actor_for(report: Report, action: Action) -> Actor:
    """Who takes `action` in an ordinary case."""
    if action in {Action.ANSWER, Action.APPEAL, Action.WITHDRAW, Action.FILE}:
        return REPORTER
    role = _ROLES[action]
    if role in OF_A_DEPARTMENT:
        lead = department_by_id(report.lead_department_id) if report.lead_department_id else None
        return staff(role, department=lead.code if lead else LEAD)
    appealed = last_event("report", report.id, Action.APPEAL) is not None
    return staff(role, username="triage2" if role is Role.TRIAGE and appealed else role)


def _next_moment(report: Report, action: Action) -> datetime:
    moment = report.state_since + _PAUSE
    if action is Action.DEREGISTER and report.notice_ends_at is not None:
        return max(moment, report.notice_ends_at + _PAUSE)
    return moment


def ordinary_acceptance() -> Acceptance:
    """A complaint with ordinary terms that keeps category and grid."""
    return Acceptance(Track.COMPLAINT, DeadlineClass.ORDINARY)


def ordinary_proposal(*photos: Photo) -> Proposal:
    """Verified, one measure, three different texts."""
    return Proposal(
        verdict=Verdict.VERIFIED,
        measures=[MeasureTaken(MeasureKind.ORDER)],
        reply="已责令作坊停止排放，您可以随时反映。",
        public_text="经现场核查，作坊未装处理设施，已责令停产整改。",
        internal_text="执法记录已归档。",
        photos=photos,
        without_parts=True,
    )


def _propose(turn: Turn) -> Any:
    report, by, at = turn.report, turn.by, turn.at
    if report.has_contact and not contact_attempts_of(report):
        record_contact(report, "已电话联系", by=by, at=at)
    needs = report.category.photo_required
    photos = [photo(kind=PhotoKind.AFTER, by=by, at=at)] if needs else []
    return propose_closing(report, ordinary_proposal(*photos), **turn.form)


def _merge(turn: Turn) -> Any:
    main = walk(file(at=turn.at), Action.ACCEPT)
    return merge_report(turn.report, main.number, **turn.form)


def _stage_close(turn: Turn) -> Any:
    on = local(turn.at).date() + timedelta(days=30)
    plan = StagePlan(
        "安装处理设施", [(on, "设备到场"), (on + timedelta(days=30), "验收")], "张局长"
    )
    return stage_close_report(turn.report, plan, **turn.form)


def _publish(turn: Turn) -> Any:
    decisions = {p.upload_id: PhotoDecision(release=True) for p in decidable_photos(turn.report)}
    return publish_report(turn.report, Release(decisions, Rounding.STREET), **turn.form)


def _return(turn: Turn) -> Any:
    returning = Returning("职责清单第三条", make_department("cg"))
    return return_report(turn.report, returning, **turn.form)


def _own(turn: Turn) -> dict[str, Any]:
    """For steps without a form: no version is known."""
    return {"by": turn.by, "at": turn.at}


_STEPS: dict[Action, Callable[[Turn], Any]] = {
    Action.ASK: lambda t: ask_reporter(t.report, "请说明具体时间。", **t.form),
    Action.ANSWER: lambda t: answer_question(t.report, "每晚十点以后。", **_own(t)),
    Action.ACCEPT: lambda t: accept_report(t.report, ordinary_acceptance(), **t.form),
    Action.DECLINE: lambda t: decline_report(
        t.report, Refusal(DeclineReason.OTHER_AUTHORITY, "不归本市管。", "12345"), **t.form
    ),
    Action.APPEAL: lambda t: appeal_decline(t.report, "确实在本市。", **_own(t)),
    Action.WITHDRAW: lambda t: withdraw_report(t.report, **_own(t)),
    Action.MERGE: _merge,
    Action.UNMERGE: lambda t: unmerge_report(t.report, **t.form),
    Action.SPLIT: lambda t: split_report(
        t.report, [Part("夜间噪声扰民。"), Part("污水直排河道。")], **t.form
    ),
    Action.DISPATCH: lambda t: dispatch_report(
        t.report, Assigning(make_department(LEAD), [make_department("zhen-01")], "请查"), **t.form
    ),
    Action.SIGN: lambda t: sign_report(t.report, **t.form),
    Action.RETURN: _return,
    Action.RULE: lambda t: rule_lead(t.report, make_department(LEAD), "由其主办", **t.form),
    Action.PROPOSE: _propose,
    Action.SEND_BACK: lambda t: send_back(t.report, "请补充照片", **t.form),
    Action.SUBMIT: lambda t: submit_report(t.report, **t.form),
    Action.REWORK: lambda t: rework_report(t.report, "仍有气味", **t.form),
    Action.STAGE_CLOSE: _stage_close,
    Action.RESUME: lambda t: resume_report(t.report, **t.form),
    Action.RESOLVE: lambda t: resolve_report(t.report, **t.form),
    Action.PUBLISH: _publish,
    Action.WITHHOLD: lambda t: withhold_report(t.report, WithholdGround.PRIVACY, **t.form),
    Action.DEREGISTER: lambda t: deregister_report(t.report, "现场验收合格", **t.form),
    Action.REOPEN: lambda t: reopen_report(t.report, ReopenReason.REBOUND, **t.form),
}
_ROLES = {
    Action.ASK: Role.TRIAGE,
    Action.ACCEPT: Role.TRIAGE,
    Action.DECLINE: Role.TRIAGE,
    Action.MERGE: Role.TRIAGE,
    Action.UNMERGE: Role.TRIAGE,
    Action.SPLIT: Role.TRIAGE,
    Action.DISPATCH: Role.TRIAGE,
    Action.SIGN: Role.CLERK,
    Action.RETURN: Role.HEAD,
    Action.RULE: Role.SUPERVISOR,
    Action.PROPOSE: Role.CLERK,
    Action.SEND_BACK: Role.HEAD,
    Action.SUBMIT: Role.HEAD,
    Action.REWORK: Role.REVIEWER,
    Action.STAGE_CLOSE: Role.REVIEWER,
    Action.RESUME: Role.REVIEWER,
    Action.RESOLVE: Role.REVIEWER,
    Action.PUBLISH: Role.PUBLISHER,
    Action.WITHHOLD: Role.PUBLISHER,
    Action.DEREGISTER: Role.SUPERVISOR,
    Action.REOPEN: Role.SUPERVISOR,
}
_TO_HANDLING = (Action.ACCEPT, Action.DISPATCH, Action.SIGN)
_TO_REVIEW = (*_TO_HANDLING, Action.PROPOSE, Action.SUBMIT)
_TO_RESOLVED = (*_TO_REVIEW, Action.RESOLVE)
PATHS: dict[State, tuple[Action, ...]] = {
    State.SUBMITTED: (),
    State.NEED_INFO: (Action.ASK,),
    State.DECLINED: (Action.DECLINE,),
    State.WITHDRAWN: (Action.WITHDRAW,),
    State.MERGED: (Action.ACCEPT, Action.MERGE),
    State.ACCEPTED: (Action.ACCEPT,),
    State.DISPATCHED: (Action.ACCEPT, Action.DISPATCH),
    State.RETURNED: (Action.ACCEPT, Action.DISPATCH, Action.RETURN),
    State.HANDLING: _TO_HANDLING,
    State.HEAD_REVIEW: (*_TO_HANDLING, Action.PROPOSE),
    State.SUBMITTED_REVIEW: _TO_REVIEW,
    State.STAGE_CLOSED: (*_TO_REVIEW, Action.STAGE_CLOSE),
    State.RESOLVED: _TO_RESOLVED,
    State.PUBLISHED: (*_TO_RESOLVED, Action.PUBLISH),
    State.WITHHELD: (*_TO_RESOLVED, Action.WITHHOLD),
    State.DEREGISTERED: (*_TO_RESOLVED, Action.PUBLISH, Action.DEREGISTER),
}
