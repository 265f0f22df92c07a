"""Bringing a case to its end: propose, submit, review, resolve (拟办结、报审、审核、办结)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.assigning import prove_lead_clerk, prove_lead_head
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import (
    ContactAttempt,
    Finding,
    Measure,
    Milestone,
    Plan,
    SiteCheck,
    Verdict,
)
from portal.domain.casework.parts import end_parts, parts_of, unreported_parts
from portal.domain.casework.queries import contact_attempts_of, current_finding, current_plan
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import due_after_plan
from portal.domain.deadlines.services import stop_clock
from portal.domain.reports.clockwork import refresh_copies
from portal.domain.reports.models import Photo, PhotoKind, Report
from portal.domain.reports.photos import attach_photo, photos_of
from portal.domain.reports.proofs import GuardError, SeparationError, proves
from portal.domain.reports.states import Action, Guard
from portal.domain.reports.workflow import SUBJECT, Move, advance
from portal.domain.timeline.services import Happening, record_event

FOUND = frozenset({Verdict.VERIFIED, Verdict.PARTLY})


@dataclass(frozen=True)
class Proposal:
    """What the clerk proposes: verdict, measures, photos already received, the three texts."""

    verdict: Verdict
    measures: Sequence[MeasureTaken]
    reply: str
    public_text: str
    internal_text: str = ""
    photos: Sequence[Photo] = ()
    without_parts: bool = False  # the lead knows that an assist has not reported yet


@dataclass(frozen=True)
class StagePlan:
    """A long job's plan: text, who answers for it, dated milestones."""

    text: str
    milestones: Sequence[tuple[date, str]]
    responsible: str = ""


def record_contact(report: Report, note: str, *, by: Actor, at: datetime) -> None:
    """Put a call to the reporter on record, answered or not, and stop the CONTACT clock."""
    row = ContactAttempt(
        report_id=report.id,
        at=at,
        by_user_id=by.staff_id,
        department_id=by.department_id,
        note=note,
    )
    db.session.add(row)
    stop_clock(report.id, Clock.CONTACT, at)
    refresh_copies(report)
    _record(report, "contacted", by, at)


def record_check(
    report: Report, note: str, photos: Sequence[Photo], *, by: Actor, at: datetime
) -> None:
    """Put a look at the place on record, with photos already received."""
    row = SiteCheck(
        report_id=report.id,
        at=at,
        by_user_id=by.staff_id,
        department_id=by.department_id,
        note=note,
    )
    db.session.add(row)
    for photo in photos:
        attach_photo(photo, report)
    _record(report, "checked", by, at, is_public=True)


def propose_closing(
    report: Report, proposal: Proposal, *, expected: int, by: Actor, at: datetime
) -> Finding:
    """The lead's clerk proposes how to close. Raises InvalidFieldsError, GuardError."""
    for photo in proposal.photos:
        attach_photo(photo, report)
    proved = frozenset(
        {
            prove_lead_clerk(report, by),
            _finding_complete(report, proposal),
            _contact_on_record(report),
        }
    )
    missing = _parts_missing(report, proposal)
    finding = Finding(
        report_id=report.id,
        round=report.reopened_count,
        verdict=proposal.verdict,
        internal_text=proposal.internal_text,
        reply=proposal.reply,
        public_text=proposal.public_text,
        proposed_at=at,
        proposed_by_id=by.staff_id,
        drafted_by_id=by.staff_id,
        measures=[Measure(**taken.columns) for taken in proposal.measures],
    )
    db.session.add(finding)
    data = {"verdict": proposal.verdict, "without_parts": missing}
    advance(report, Action.PROPOSE, Move(by, at, expected, proved, data))
    return finding


def send_back(report: Report, reason: str, *, expected: int, by: Actor, at: datetime) -> None:
    """The head sends the proposal back to the clerk."""
    proved = frozenset({prove_lead_head(report, by)})
    advance(report, Action.SEND_BACK, Move(by, at, expected, proved, {"reason": reason}))


def submit_report(report: Report, *, expected: int, by: Actor, at: datetime) -> None:
    """The head, another person than the proposer, submits the case for review."""
    finding = _finding(report)
    proved = frozenset({prove_lead_head(report, by), _not_proposer(finding, by)})
    advance(report, Action.SUBMIT, Move(by, at, expected, proved))
    finding.submitted_at, finding.submitted_by_id = at, by.user_id


def rework_report(report: Report, reason: str, *, expected: int, by: Actor, at: datetime) -> None:
    """The reviewer sends the case back to be done again; counted, and told to the reporter."""
    proved = frozenset({_third_person(_finding(report), by)})
    advance(report, Action.REWORK, Move(by, at, expected, proved, {"reason": reason}))
    report.rework_count += 1


def stage_close_report(
    report: Report, plan: StagePlan, *, expected: int, by: Actor, at: datetime
) -> Plan:
    """Close a long job for now, on a plan with dated milestones."""
    finding = _finding(report)
    proved = frozenset({_third_person(finding, by), _plan_dated(plan, at)})
    row = Plan(
        report_id=report.id,
        text=plan.text,
        responsible=plan.responsible,
        made_at=at,
        made_by_id=by.staff_id,
        milestones=[Milestone(due_on=on, text=text) for on, text in plan.milestones],
    )
    db.session.add(row)
    dues: dict[str, datetime] = {
        Clock.MILESTONE: work_calendar().end_of_day(min(on for on, _ in plan.milestones))
    }
    advance(report, Action.STAGE_CLOSE, Move(by, at, expected, proved, dues=dues))
    end_parts(report, at)
    finding.reviewed_at, finding.reviewed_by_id = at, by.user_id
    return row


def resume_report(report: Report, *, expected: int | None, by: Actor, at: datetime) -> None:
    """Take a stage-closed job up again; RESOLVE is due five working days after the plan's end."""
    last_on = _last_date(report) or work_calendar().local_date(at)
    due = due_after_plan(last_on)
    advance(report, Action.RESUME, Move(by, at, expected, dues={Clock.RESOLVE: due}))


def plan_ends_at(report: Report) -> datetime:
    """When time itself takes a stage-closed job up again: as its plan's last date begins."""
    last_on = _last_date(report)
    if last_on is None:
        return report.state_since
    begins_at = work_calendar().end_of_day(last_on - timedelta(days=1))
    return max(report.state_since, begins_at)


def _last_date(report: Report) -> date | None:
    plan = current_plan(report)
    return max((m.due_on for m in plan.milestones), default=None) if plan else None


def resolve_report(report: Report, *, expected: int, by: Actor, at: datetime) -> None:
    """The reviewer, a third person, resolves the case; the reply now stands on the track page."""
    finding = _finding(report)
    proved = frozenset({_third_person(finding, by)})
    advance(report, Action.RESOLVE, Move(by, at, expected, proved, {"verdict": finding.verdict}))
    end_parts(report, at)
    finding.reviewed_at, finding.reviewed_by_id = at, by.user_id
    report.resolved_at = at
    report.first_resolved_at = report.first_resolved_at or at


def _parts_missing(report: Report, proposal: Proposal) -> list[str]:
    """The assists that have not reported, by code. Raises unless the lead said it knows.

    Not a guard: the lead answers for the case and may go on, but never without noticing.
    """
    missing = [part.department.code for part in unreported_parts(parts_of(report))]
    if missing and not proposal.without_parts:
        raise InvalidFieldsError.one(
            "without_parts", "required", N_("还有协办单位没有报告。要先拟办结，请勾选确认。")
        )
    return missing


def _finding(report: Report) -> Finding:
    finding = current_finding(report)
    if finding is None:
        raise GuardError(N_("还没有拟办结意见。"))
    return finding


def _record(report: Report, kind: str, by: Actor, at: datetime, *, is_public: bool = False) -> None:
    record_event(
        Happening(
            SUBJECT,
            report.id,
            kind,
            at,
            by.kind,
            by.user_id,
            by.department_id,
            is_public=is_public,
        )
    )


@proves(Guard.FINDING_COMPLETE)
def _finding_complete(report: Report, proposal: Proposal) -> None:
    """Measures when verified or partly; after-photos when verified and the category wants them."""
    if proposal.verdict in FOUND and not proposal.measures:
        raise InvalidFieldsError.one(
            "measures", "required", N_("属实或部分属实时，至少写一项处理措施。")
        )
    shown = photos_of(report, PhotoKind.AFTER, PhotoKind.PROGRESS)
    fresh = [p for p in shown if p.round == report.reopened_count]
    if proposal.verdict == Verdict.VERIFIED and report.category.photo_required and not fresh:
        raise InvalidFieldsError.one(
            "after_photos", "required", N_("这一类属实时要有整改后的照片。")
        )


@proves(Guard.CONTACT_ON_RECORD)
def _contact_on_record(report: Report) -> None:
    """Who left a phone or mail must have been called, or an attempt must be on record."""
    if report.has_contact and not contact_attempts_of(report):
        raise GuardError(N_("举报人留了联系方式，请先联系并记录。"))


@proves(Guard.NOT_PROPOSER)
def _not_proposer(finding: Finding, by: Actor) -> None:
    """The head who submits is not the clerk who proposed."""
    if finding.proposed_by_id == by.user_id:
        raise SeparationError(N_("拟办结和报审要由两个人做。"))


@proves(Guard.THIRD_PERSON)
def _third_person(finding: Finding, by: Actor) -> None:
    """The reviewer is neither the proposer nor the submitter."""
    if by.user_id in {finding.proposed_by_id, finding.submitted_by_id}:
        raise SeparationError(N_("审核员不能是拟办结或报审的人。"))


@proves(Guard.PLAN_DATED)
def _plan_dated(plan: StagePlan, at: datetime) -> None:
    """At least one milestone, none in the past."""
    if not plan.milestones:
        raise InvalidFieldsError.one("milestones", "required", N_("至少写一个有日期的节点。"))
    today = work_calendar().local_date(at)
    if any(on < today for on, _ in plan.milestones):
        raise InvalidFieldsError.one("milestones", "past", N_("节点日期不能早于今天。"))
