"""The steps of departments, reviewers, publishers and the supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from portal.cli.demo.case import Case, Shots
from portal.cli.demo.parts import report_parts
from portal.cli.demo.returning import star_some
from portal.cli.demo.shots import file_shot
from portal.cli.demo.staff import actor, department, one_of
from portal.cli.demo.texts import outcomes
from portal.core.clock import local
from portal.domain.accounts.actor import SYSTEM
from portal.domain.casework import assigning, closing, striking
from portal.domain.casework.assigning import Returning
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind, Verdict
from portal.domain.casework.parts import sign_part
from portal.domain.casework.queries import assignments_of
from portal.domain.lookback.planning import plan_look_backs
from portal.domain.publication.models import Rounding, WithholdGround
from portal.domain.publication.services import (
    PhotoDecision,
    Release,
    decidable_photos,
    publish_report,
    withhold_report,
)
from portal.domain.reports.models import Photo, PhotoKind, Report

_SIGNED_PARTS = 0.7
_BOXED_SHARE = 0.2
_KEPT_SHARE = 0.12
_ROUNDINGS = {5: Rounding.EXACT, 3: Rounding.STREET, 2: Rounding.AREA}


def sign(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The lead's clerk takes the case; some assists sign their part."""
    clerk = actor(f"clerk-{case.lead}")
    assigning.sign_report(report, expected=report.version, by=clerk, at=at)
    for part in assignments_of(report)[1:]:
        if case.rng.random() < _SIGNED_PARTS:
            by = actor(f"clerk-{part.department.code}")
            sign_part(report, by=by, at=at + timedelta(minutes=4))


def give_back(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The lead's head returns the case, naming who should have it."""
    basis = next((b for b, code in outcomes.RETURNS if code == case.rightful), None)
    back = Returning(basis or "三定规定，本单位无此项职责。", department(case.rightful))
    by = actor(f"head-{case.lead}")
    assigning.return_report(report, back, expected=report.version, by=by, at=at)


def rule(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The supervisor settles who leads."""
    case.lead = case.rightful
    reasons = case.rng.choice(outcomes.RULINGS)
    by = actor("supervisor")
    assigning.rule_lead(
        report, department(case.lead), reasons, expected=report.version, by=by, at=at
    )


def contact(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The clerk calls whoever left a number."""
    if report.has_contact:
        note = case.rng.choice(outcomes.CONTACT_NOTES)
        closing.record_contact(report, note, by=actor(f"clerk-{case.lead}"), at=at)


def check(case: Case, report: Report, at: datetime, shots: Shots) -> None:
    """The clerk goes and looks."""
    by = actor(f"clerk-{case.lead}")
    told = _outcome(case)
    photos = [file_shot(shot, PhotoKind.CHECK, by=by, at=at) for shot in shots]
    closing.record_check(report, told.check, photos, by=by, at=at)


def propose(case: Case, report: Report, at: datetime, shots: Shots) -> None:
    """The clerk proposes how to close; a stage close shows progress instead of an end."""
    by = actor(f"clerk-{case.lead}")
    staged = case.steps_after(at)[1:2] == ["stage_close"]
    kind = PhotoKind.PROGRESS if staged else PhotoKind.AFTER
    photos = [file_shot(shot, kind, by=by, at=at) for shot in shots]
    report_parts(case, report, at)
    proposal = _proposal(case, photos)
    closing.propose_closing(report, proposal, expected=report.version, by=by, at=at)


def _outcome(case: Case) -> outcomes.Outcome:
    rng = Random(f"outcome:{case.plan.seed}")
    return outcomes.outcome(
        case.plan.category,
        case.plan.verdict,
        case.plan.village.zh,
        department(case.lead).name_zh,
        rng,
    )


def send_back(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The head wants it better."""
    reason = case.rng.choice(outcomes.SEND_BACK_REASONS)
    by = actor(f"head-{case.lead}")
    closing.send_back(report, reason, expected=report.version, by=by, at=at)


def submit(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The head submits for review."""
    by = actor(f"head-{case.lead}")
    closing.submit_report(report, expected=report.version, by=by, at=at)


def rework(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reviewer sends it back to be done again."""
    reason = case.rng.choice(outcomes.REWORK_REASONS)
    by = one_of(case.rng, "reviewer", "reviewer2")
    closing.rework_report(report, reason, expected=report.version, by=by, at=at)


def stage_close(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reviewer closes a long job for now."""
    staged = _stage_plan(case, at)
    by = one_of(case.rng, "reviewer", "reviewer2")
    closing.stage_close_report(report, staged, expected=report.version, by=by, at=at)


def resume(_case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The plan's last date has come."""
    closing.resume_report(report, expected=None, by=SYSTEM, at=at)


def resolve(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The reviewer resolves."""
    by = one_of(case.rng, "reviewer", "reviewer2")
    closing.resolve_report(report, expected=report.version, by=by, at=at)


def publish(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The publisher releases most photographs, some with a black-out."""
    release = _release(report, case.rng)
    by = one_of(case.rng, "publisher", "publisher2")
    publish_report(report, release, expected=report.version, by=by, at=at)


def withhold(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The publisher keeps the outcome back on a legal ground."""
    ground = case.rng.choice(list(WithholdGround))
    by = one_of(case.rng, "publisher", "publisher2")
    withhold_report(report, ground, expected=report.version, by=by, at=at)


def deregister(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """The supervisor strikes the case off."""
    note = case.rng.choice(outcomes.ACCEPTANCE_NOTES)
    by = actor("supervisor")
    star_some(case, report, at)
    striking.deregister_report(report, note, expected=report.version, by=by, at=at)
    plan_look_backs(report, at)


def reopen(case: Case, report: Report, at: datetime, _shots: Shots) -> None:
    """It came back: the supervisor takes the case up again."""
    reason = case.rng.choice((striking.ReopenReason.REBOUND, striking.ReopenReason.NOT_FIXED))
    by = actor("supervisor")
    striking.reopen_report(report, reason, expected=report.version, by=by, at=at)


def _proposal(case: Case, photos: Sequence[Photo]) -> closing.Proposal:
    told = _outcome(case)
    verdict = Verdict(case.plan.verdict)
    return closing.Proposal(
        verdict=verdict,
        measures=_measures(case.rng) if verdict in closing.FOUND else (),
        reply=told.reply,
        public_text=told.public,
        internal_text=told.internal,
        photos=photos,
        without_parts=True,
    )


def _measures(rng: Random) -> list[MeasureTaken]:
    """One to three measures; some fines, sometimes somebody answers for it."""
    kinds = MeasureKind
    taken = [MeasureTaken(rng.choice((kinds.PROMPT, kinds.ORDER, kinds.ORDER)))]
    if rng.random() < 0.35:
        fine = rng.choice((500, 2_000, 5_000, 20_000, 50_000, 86_000, 120_000))
        taken.append(MeasureTaken(kinds.FINE, amount_yuan=fine))
    if rng.random() < 0.12:
        taken.append(MeasureTaken(rng.choice((kinds.SEIZE, kinds.HALT))))
    if rng.random() < 0.06:
        taken.append(MeasureTaken(kinds.TRANSFER, note="移送公安机关"))
    if rng.random() < 0.06:
        people = rng.randrange(1, 4)
        taken.append(MeasureTaken(kinds.ACCOUNTABILITY, people=people))
    return taken


def _stage_plan(case: Case, at: datetime) -> closing.StagePlan:
    """Milestones every few weeks: ahead of today while the case rests, over when it is resumed."""
    text, names = case.rng.choice(outcomes.PLANS)
    rests = not case.steps_after(at)
    first, apart = (70, 30) if rests else (12, 12)
    day = local(at).date()
    dated = [(day + timedelta(days=first + apart * n), name) for n, name in enumerate(names)]
    return closing.StagePlan(text, dated, responsible=f"{department(case.lead).name_zh}负责人")


def _release(report: Report, rng: Random) -> Release:
    decisions = {}
    for photo in decidable_photos(report):
        box = (0.12 + rng.random() * 0.5, 0.55 + rng.random() * 0.2, 0.18, 0.12)
        boxes = [box] if rng.random() < _BOXED_SHARE else []
        decisions[photo.upload_id] = PhotoDecision(rng.random() > _KEPT_SHARE, boxes)
    rounding = _ROUNDINGS.get(report.category.place_rounding, Rounding.TOWN)
    return Release(decisions, rounding)
