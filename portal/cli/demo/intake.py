"""The steps of triage and of the reporter: from the question to the hand-over."""

from __future__ import annotations

from datetime import datetime

from portal.cli.demo.case import Case, Shots
from portal.cli.demo.staff import actor, another_bureau, department
from portal.cli.demo.texts import outcomes
from portal.cli.demo.texts.compose import MATTERS
from portal.domain.accounts.actor import REPORTER
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.categories.queries import category_by_code
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.grids.queries import grid_by_code
from portal.domain.publication.listing import refresh_public_case
from portal.domain.reports import acceptance
from portal.domain.reports.acceptance import Acceptance, DeclineReason, Refusal
from portal.domain.reports.models import Report, Track
from portal.domain.routing.queries import suggest
from portal.domain.triage.services import Part, merge_report, split_report


def ask(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage asks for more."""
    question = case.rng.choice(outcomes.QUESTIONS)
    by = actor(case.triage)
    acceptance.ask_reporter(report, question, expected=report.version, by=by, at=at)


def answer(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reporter answers."""
    acceptance.answer_question(report, case.rng.choice(outcomes.ANSWERS), by=REPORTER, at=at)


def info(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reporter adds something unasked."""
    acceptance.add_information(report, case.rng.choice(outcomes.EXTRA_INFO), by=REPORTER, at=at)


def accept(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage takes the report on."""
    category = category_by_code(case.plan.category) or report.category
    draw = case.rng.random()
    accused = (department(case.plan.village.department or ""),) if draw > 0.97 else ()
    case.accused = frozenset(row.id for row in accused)
    taken = Acceptance(
        track=Track.COMPLAINT if draw < 0.93 else Track.PETITION,
        deadline_class=DeadlineClass(category.deadline_class),
        category=category,
        grid=grid_by_code(case.plan.village.code),
        accused=accused,
    )
    by = actor(case.triage)
    acceptance.accept_report(report, taken, expected=report.version, by=by, at=at)


def decline(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage refuses; another officer will look at an appeal."""
    code = case.rng.choice(list(outcomes.DECLINES))
    text, where_to = outcomes.DECLINES[code]
    refusal = Refusal(DeclineReason(code), text, where_to)
    by = actor(case.triage)
    acceptance.decline_report(report, refusal, expected=report.version, by=by, at=at)
    case.triage = "triage2"


def appeal(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reporter appeals the refusal."""
    acceptance.appeal_decline(report, case.rng.choice(outcomes.APPEALS), by=REPORTER, at=at)


def withdraw(_case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reporter withdraws."""
    acceptance.withdraw_report(report, by=REPORTER, at=at)


def merge(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage lets the report follow the one it repeats."""
    main = case.plan.twin_of
    if main is None:
        raise LookupError(f"plan {case.plan.index} repeats no other report")
    by = actor(case.triage)
    merge_report(report, main.number, expected=report.version, by=by, at=at)


def split(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage cuts one filing with two problems into two."""
    where, issue = case.plan.village.zh, MATTERS[case.plan.category].issue
    parts = [
        Part(f"{where}{case.plan.complaint.landmark}的{issue}问题，请单独办理。"),
        Part(f"{where}{case.plan.complaint.landmark}附近另有垃圾乱堆，一并反映。"),
    ]
    by = actor(case.triage)
    for child in split_report(report, parts, expected=report.version, by=by, at=at):
        refresh_public_case(child, at)


def dispatch(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """Triage hands the case out: on the suggestion, or wrongly when it is to come back."""
    advice = suggest(report.category, report.grid, accused_ids=case.accused)
    if advice is None:
        raise LookupError(f"no routing for {case.plan.category}")
    case.rightful = advice.lead.code
    comes_back = case.steps_after(at)[:1] == ["return"]
    case.lead = another_bureau(case.rng, case.rightful, case.lead) if comes_back else case.rightful
    lead = department(case.lead)
    assists = [d for d in advice.assists if d.id != lead.id]
    order = Assigning(lead, assists, case.rng.choice(outcomes.DISPATCH_NOTES))
    by = actor(case.triage)
    dispatch_report(report, order, expected=report.version, by=by, at=at)
