"""Handing a case to departments: dispatch, sign, return, rule (交办、签收、退回、审定)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from portal.core.db import db
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.models import Assignment, AssignmentKind
from portal.domain.casework.parts import begin_parts, end_parts, parts_of, sign
from portal.domain.casework.queries import lead_assignment
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.deadlines.services import charge_department
from portal.domain.departments.models import Department
from portal.domain.reports.models import AccusedDepartment, Report
from portal.domain.reports.proofs import GuardError, proves
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.workflow import SUBJECT, Move, advance
from portal.domain.timeline.queries import event_count, events_of, last_event


@dataclass(frozen=True)
class Assigning:
    """Who leads, who assists, and what triage tells them."""

    lead: Department
    assists: Sequence[Department] = ()
    note: str = ""


@dataclass(frozen=True)
class Returning:
    """Why a department says a case is not its own: a legal basis and who should have it."""

    legal_basis: str
    proposed_department: Department


def dispatch_report(
    report: Report, assigning: Assigning, *, expected: int, by: Actor, at: datetime
) -> None:
    """Hand the case to a lead and its assists. The RESOLVE clock starts once and never again."""
    proved = frozenset(
        {_lead_fit(report, assigning.lead, *_assists_of(assigning)), _first_return(report)}
    )
    data = {
        "lead": assigning.lead.code,
        "assists": [d.code for d in _assists_of(assigning)],
        "note": assigning.note,
    }
    _replace_assignments(report, assigning, at)
    move = Move(by, at, expected, proved, data, lead_department_id=assigning.lead.id)
    advance(report, Action.DISPATCH, move)
    begin_parts(report, at)
    _charge(report, assigning.lead, at)


def sign_report(report: Report, *, expected: int, by: Actor, at: datetime) -> None:
    """The lead's clerk takes the case on."""
    proved = frozenset({_lead_clerk(report, by)})
    advance(report, Action.SIGN, Move(by, at, expected, proved))
    own = lead_assignment(report)
    if own is not None:
        sign(own, by, at)


def return_report(
    report: Report, returning: Returning, *, expected: int, by: Actor, at: datetime
) -> None:
    """Give the case back with a legal basis, within one working day of the dispatch."""
    proved = frozenset({_lead_head(report, by), _return_open(report, at)})
    data = {
        "legal_basis": returning.legal_basis,
        "proposed_department": returning.proposed_department.code,
    }
    advance(report, Action.RETURN, Move(by, at, expected, proved, data))


def rule_lead(
    report: Report,
    lead: Department,
    reasons: str,
    *,
    expected: int,
    by: Actor,
    at: datetime,
) -> None:
    """The supervisor settles, finally, who leads after a second return."""
    proved = frozenset({_lead_fit(report, lead), _second_return(report)})
    keep = [part.department for part in parts_of(report) if part.department_id != lead.id]
    _replace_assignments(report, Assigning(lead, keep), at)
    data = {"lead": lead.code, "reasons": reasons}
    move = Move(by, at, expected, proved, data, lead_department_id=lead.id)
    advance(report, Action.RULE, move)
    begin_parts(report, at)
    _charge(report, lead, at)


def close_assignments(report: Report, reason: str, at: datetime) -> None:
    """End every open assignment, for instance when the case is merged into another."""
    db.session.execute(
        update(Assignment)
        .where(Assignment.report_id == report.id, Assignment.closed_at.is_(None))
        .values(closed_at=at, closed_reason=reason)
    )


def _assists_of(assigning: Assigning) -> list[Department]:
    """The assisting departments; a lead does not assist itself, whoever ticked it."""
    return [d for d in assigning.assists if d.id != assigning.lead.id]


def _replace_assignments(report: Report, assigning: Assigning, at: datetime) -> None:
    end_parts(report, at)
    close_assignments(report, "reassigned", at)
    parts = [(assigning.lead, AssignmentKind.LEAD)]
    parts += [(d, AssignmentKind.ASSIST) for d in _assists_of(assigning)]
    for department, kind in parts:
        row = Assignment(
            report_id=report.id, department_id=department.id, kind=kind, dispatched_at=at
        )
        db.session.add(row)
    db.session.flush()


def _charge(report: Report, lead: Department, at: datetime) -> None:
    """Charge RESOLVE to the lead, but for the time that upheld returns of others cost.

    A return is upheld when the case goes to another department: what passed from its dispatch to
    the next one stays in the case's total and is not the present lead's.
    """
    lost = timedelta()
    held: tuple[str, datetime] | None = None
    was_returned = False
    for event in events_of(SUBJECT, report.id):
        if event.kind == Action.RETURN:
            was_returned = True
        elif event.kind in {Action.DISPATCH, Action.RULE}:
            if held is not None and was_returned and held[0] != lead.code:
                lost += event.at - held[1]
            held, was_returned = (str(event.data["lead"]), event.at), False
    charge_department(report.id, Clock.RESOLVE, lead.id, at, lost)


@proves(Guard.LEAD_FIT)
def _lead_fit(report: Report, lead: Department, *assists: Department) -> None:
    """Neither lead nor assist may be a department the report itself accuses: it must not see it."""
    if db.session.get(AccusedDepartment, (report.id, lead.id)) is not None:
        raise GuardError(N_("被举报的单位不能主办，请换一个单位。"))
    for assist in assists:
        if db.session.get(AccusedDepartment, (report.id, assist.id)) is not None:
            raise GuardError(N_("被举报的单位不能协办，它看不到这一件。请去掉它。"))


@proves(Guard.FIRST_RETURN)
def _first_return(report: Report) -> None:
    """Triage dispatches again only after the first return; the second one is ruled."""
    returned_twice = event_count(SUBJECT, report.id, Action.RETURN) > 1
    if report.state == State.RETURNED and returned_twice:
        raise GuardError(N_("已经退回过两次，由督办员审定。"))


@proves(Guard.SECOND_RETURN)
def _second_return(report: Report) -> None:
    """A ruling needs two returns before it."""
    if event_count(SUBJECT, report.id, Action.RETURN) < 2:
        raise GuardError(N_("第一次退回由受理员重新交办。"))


@proves(Guard.LEAD_CLERK)
def _lead_clerk(report: Report, by: Actor) -> None:
    """Only the lead department's own clerk handles the case."""
    _in_lead_department(report, by)


@proves(Guard.LEAD_HEAD)
def _lead_head(report: Report, by: Actor) -> None:
    """Only the lead department's own head answers for it."""
    _in_lead_department(report, by)


def _in_lead_department(report: Report, by: Actor) -> None:
    if by.department_id is None or by.department_id != report.lead_department_id:
        raise GuardError(N_("只有主办单位的人能做这一步。"))


@proves(Guard.RETURN_OPEN)
def _return_open(report: Report, at: datetime) -> None:
    """Within one working day of the dispatch, and never after a ruling."""
    if event_count(SUBJECT, report.id, Action.RULE):
        raise GuardError(N_("督办员已经审定，不能再退回。"))
    sent = last_event(SUBJECT, report.id, Action.DISPATCH)
    if sent and at > term_for(Clock.RETURN, None, sent.at).due_at:
        raise GuardError(N_("退回要在交办后1个工作日内提出。"))


def prove_lead_clerk(report: Report, by: Actor) -> Guard:
    """The proof that `by` sits in the lead department, for the services that close a case."""
    return _lead_clerk(report, by)


def prove_lead_head(report: Report, by: Actor) -> Guard:
    """The proof that `by` answers for the lead department."""
    return _lead_head(report, by)
