"""Taking a report on, or not: ask, answer, accept, decline, appeal, withdraw (受理环节)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor, ActorKind
from portal.domain.categories.models import Category
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.queries import term_for
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import town_of
from portal.domain.reports.models import AccusedDepartment, Report, ThreadEntry, ThreadKind, Track
from portal.domain.reports.proofs import GuardError, SeparationError, proves
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.workflow import SUBJECT, Move, advance
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import event_count, last_event
from portal.domain.timeline.services import Happening, record_event

MOST_QUESTIONS = 2


class DeclineReason(StrEnum):
    """Why a report is not taken on 不予受理理由 (环保举报热线工作管理办法 2011)."""

    NOT_POLLUTION = "not_pollution"
    OTHER_AUTHORITY = "other_authority"
    OUTSIDE_AREA = "outside_area"
    IN_COURT = "in_court"
    ALREADY_HANDLED = "already_handled"
    TOO_VAGUE = "too_vague"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _REASON_LABELS[self]


_REASON_LABELS = {
    DeclineReason.NOT_POLLUTION: N_("不属于环境污染问题"),
    DeclineReason.OTHER_AUTHORITY: N_("归其他部门管"),
    DeclineReason.OUTSIDE_AREA: N_("不在本市范围内"),
    DeclineReason.IN_COURT: N_("已进入诉讼、仲裁或复议"),
    DeclineReason.ALREADY_HANDLED: N_("同一事项已经办结"),
    DeclineReason.TOO_VAGUE: N_("情况不清，补充后仍无法核查"),
}


@dataclass(frozen=True)
class Acceptance:
    """How a report is taken on. Category and grid None keep what the report has."""

    track: Track
    deadline_class: DeadlineClass
    category: Category | None = None
    grid: Grid | None = None
    accused: tuple[Department, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why a report is not taken on, and where the reporter should go instead."""

    reason: DeclineReason
    text: str
    where_to: str


def ask_reporter(report: Report, question: str, *, expected: int, by: Actor, at: datetime) -> None:
    """Ask the reporter for more before dispatch; every clock pauses. Raises GuardError."""
    proved = frozenset({_ask_left(report)})
    advance(report, Action.ASK, Move(by, at, expected, proved))
    _say(report, ThreadKind.QUESTION, question, by, at)


def answer_question(report: Report, text: str, *, by: Actor, at: datetime) -> None:
    """Take the reporter's answer (or, by the system, its absence) and go back to where it was."""
    expired = by.kind is ActorKind.SYSTEM
    advance(report, Action.ANSWER, Move(by, at, data={"expired": expired}))
    if text:
        _say(report, ThreadKind.ANSWER, text, by, at)


def accept_report(
    report: Report, acceptance: Acceptance, *, expected: int, by: Actor, at: datetime
) -> None:
    """Take a report on. Raises InvalidFieldsError when category or grid stay open."""
    _settle_place_and_kind(report, acceptance)
    proved = frozenset({_other_triage(report, by)})
    report.track = acceptance.track
    report.deadline_class = acceptance.deadline_class
    report.accepted_at = at
    for department in acceptance.accused:
        db.session.merge(AccusedDepartment(report_id=report.id, department_id=department.id))
    data = {"track": acceptance.track, "deadline_class": acceptance.deadline_class}
    db.session.flush()  # advance() reads the row afresh under its lock
    advance(report, Action.ACCEPT, Move(by, at, expected, proved, data))


def _settle_place_and_kind(report: Report, acceptance: Acceptance) -> None:
    if acceptance.category is not None:
        report.category = acceptance.category
    if report.category.parent_id is None:
        raise InvalidFieldsError.one("category", "required", N_("请选定具体类型。"))
    if acceptance.grid is not None:
        report.grid = acceptance.grid
        report.town = town_of(acceptance.grid)
    if report.grid_id is None and report.grid is None:
        raise InvalidFieldsError.one("grid_code", "required", N_("请选定镇街或村社区。"))


def decline_report(
    report: Report, refusal: Refusal, *, expected: int, by: Actor, at: datetime
) -> None:
    """Refuse a report with a reason, in words the reporter gets, and say where to go."""
    proved = frozenset({_other_triage(report, by)})
    data = {"reason": refusal.reason, "where_to": refusal.where_to}
    advance(report, Action.DECLINE, Move(by, at, expected, proved, data))
    _say(report, ThreadKind.DECLINE, refusal.text, by, at)


def appeal_decline(report: Report, reason: str, *, by: Actor, at: datetime) -> None:
    """Appeal a refusal, once, within 30 days; another triage officer looks at it."""
    proved = frozenset({_appeal_open(report, at)})
    advance(report, Action.APPEAL, Move(by, at, None, proved))
    _say(report, ThreadKind.APPEAL, reason, by, at)


def withdraw_report(report: Report, *, by: Actor, at: datetime, note: str = "") -> bool:
    """Withdraw; once dispatched it becomes a note only, for the pollution is still dealt with.

    Returns whether the report was really withdrawn.
    """
    if State(report.state) in WORKFLOW[Action.WITHDRAW].sources:
        advance(report, Action.WITHDRAW, Move(by, at))
        return True
    _say(report, ThreadKind.WITHDRAWAL, note or N_("举报人希望撤回。"), by, at)
    _note(report, "withdraw_noted", by, at)
    return False


def add_information(report: Report, text: str, *, by: Actor, at: datetime) -> None:
    """Keep what the reporter adds without being asked; the state stays."""
    _say(report, ThreadKind.INFO, text, by, at)
    _note(report, "info_added", by, at)


def _note(report: Report, kind: str, by: Actor, at: datetime) -> TimelineEvent:
    return record_event(Happening(SUBJECT, report.id, kind, at, by.kind, by.user_id))


def _say(report: Report, kind: ThreadKind, text: str, by: Actor, at: datetime) -> None:
    db.session.add(
        ThreadEntry(report_id=report.id, at=at, kind=kind, text=text, by_user_id=by.user_id)
    )


@proves(Guard.ASK_LEFT)
def _ask_left(report: Report) -> None:
    """At most two questions before dispatch (domain.md section 3)."""
    if event_count(SUBJECT, report.id, Action.ASK) >= MOST_QUESTIONS:
        raise GuardError(N_("已经问过两次，不能再问，请受理或不予受理。"))


@proves(Guard.OTHER_TRIAGE)
def _other_triage(report: Report, by: Actor) -> None:
    """After an appeal another officer decides than the one who declined."""
    appeal = last_event(SUBJECT, report.id, Action.APPEAL)
    declined = last_event(SUBJECT, report.id, Action.DECLINE)
    if appeal and declined and declined.actor_id == by.user_id:
        raise SeparationError(N_("举报人申诉了您的决定，请另一位受理员处理。"))


@proves(Guard.APPEAL_OPEN)
def _appeal_open(report: Report, at: datetime) -> None:
    """One appeal, within 30 days of the refusal."""
    if event_count(SUBJECT, report.id, Action.APPEAL):
        raise GuardError(N_("已经申诉过一次。如仍不同意，可以向上级信访部门反映。"))
    declined = last_event(SUBJECT, report.id, Action.DECLINE)
    if declined is None or at > term_for(Clock.APPEAL, None, declined.at).due_at:
        raise GuardError(N_("申诉要在收到决定后30天内提出。"))
