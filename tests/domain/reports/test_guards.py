"""Each guard, refusing: in the service that needs it, and without leaving a trace."""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

import portal.domain
from portal.core.clock import local
from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report, rule_lead
from portal.domain.casework.closing import StagePlan, propose_closing, stage_close_report
from portal.domain.casework.models import Objection
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.lookback.models import LookBackReason
from portal.domain.lookback.planning import CLOCKS, plan_one
from portal.domain.lookback.visiting import reopen_after
from portal.domain.publication.models import Rounding
from portal.domain.publication.services import PhotoDecision, Release, publish_report
from portal.domain.reports.acceptance import accept_report
from portal.domain.reports.models import PhotoStatus, Report
from portal.domain.reports.proofs import PROVERS, GuardError, SeparationError
from portal.domain.reports.states import Action, Guard, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.reports.vault import Contact
from portal.domain.timeline.queries import events_of
from portal.domain.triage.services import Part, merge_report, split_report
from tests.factories import (
    actor_for,
    at_state,
    file,
    make_department,
    ordinary_acceptance,
    ordinary_proposal,
    photo,
    staff,
    take,
    walk,
)

A, G, S = Action, Guard, State
Refusal = tuple[Report, Callable[[], object], type[PortalError]]
REFUSALS: dict[Guard, list[Callable[[], Refusal]]] = {}
SOON = timedelta(minutes=10)


def refuses(guard: Guard) -> Callable[[Callable[[], Refusal]], Callable[[], Refusal]]:
    """Mark a way to run into `guard`."""

    def mark(make: Callable[[], Refusal]) -> Callable[[], Refusal]:
        REFUSALS.setdefault(guard, []).append(make)
        return make

    return mark


def test_each_guard_has_one_prover_and_a_refusal() -> None:
    """Import every room, then count who claims what."""
    for module in pkgutil.walk_packages(portal.domain.__path__, "portal.domain."):
        importlib.import_module(module.name)
    assert Counter({g: len(found) for g, found in PROVERS.items()}) == Counter(Guard)
    assert {g for step in WORKFLOW.values() for g in step.guards | step.system_guards} == set(Guard)
    assert set(REFUSALS) == set(Guard)


@pytest.mark.parametrize("guard", Guard)
def test_refusals(db_city: scoped_session[Session], guard: Guard) -> None:
    for make in REFUSALS[guard]:
        report, attempt, fault = make()
        db.session.commit()
        before = look(report)
        with pytest.raises(fault) as caught, transaction():
            attempt()
        assert type(caught.value) is fault, caught.value
        assert look(report) == before


def look(report: Report) -> tuple[object, ...]:
    terms = {(d.clock, d.due_at) for d in open_deadlines(report.id)}
    return report.state, report.version, len(events_of("report", report.id)), terms


def taking(
    report: Report, action: Action, fault: type[PortalError] = GuardError, **how: Any
) -> Refusal:
    return report, lambda: take(report, action, **how), fault


def form(report: Report, action: Action) -> dict[str, Any]:
    at = report.state_since + SOON
    return {"expected": report.version, "by": actor_for(report, action), "at": at}


@refuses(G.ASK_LEFT)
def third_question() -> Refusal:
    return taking(walk(file(), A.ASK, A.ANSWER, A.ACCEPT, A.ASK, A.ANSWER), A.ASK)


@refuses(G.APPEAL_OPEN)
def late_appeal() -> Refusal:
    report = at_state(S.DECLINED)
    return taking(report, A.APPEAL, at=report.state_since + timedelta(days=31, hours=12))


@refuses(G.APPEAL_OPEN)
def second_appeal() -> Refusal:
    return taking(walk(file(), A.DECLINE, A.APPEAL, A.DECLINE), A.APPEAL)


@refuses(G.OTHER_TRIAGE)
def the_same_officer_accepts() -> Refusal:
    report = walk(file(), A.DECLINE, A.APPEAL)
    return taking(report, A.ACCEPT, SeparationError, by=staff(Role.TRIAGE, username="triage"))


@refuses(G.OTHER_TRIAGE)
def the_same_officer_declines() -> Refusal:
    report = walk(file(), A.DECLINE, A.APPEAL, A.ASK)
    return taking(report, A.DECLINE, SeparationError, by=staff(Role.TRIAGE, username="triage"))


def merging(report: Report, main: Report, fault: type[PortalError]) -> Refusal:
    def attempt() -> object:
        return merge_report(report, main.number, **form(report, A.MERGE))

    return report, attempt, fault


@refuses(G.MAIN_FIT)
def merged_into_itself() -> Refusal:
    report = file()
    return merging(report, report, InvalidFieldsError)


@refuses(G.MAIN_FIT)
def merged_into_declined() -> Refusal:
    return merging(file(), at_state(S.DECLINED), GuardError)


@refuses(G.MAIN_FIT)
def merged_into_withdrawn() -> Refusal:
    return merging(file(), at_state(S.WITHDRAWN), GuardError)


@refuses(G.MAIN_FIT)
def merged_into_its_own_follower() -> Refusal:
    main, follower = file(), file()
    with transaction():
        merge_report(follower, main.number, **form(follower, A.MERGE))
    return merging(main, follower, GuardError)


def splitting(*words: str) -> Refusal:
    report = at_state(S.ACCEPTED)
    parts = [Part(text) for text in words]
    how = form(report, A.SPLIT)
    return report, lambda: split_report(report, parts, **how), InvalidFieldsError


@refuses(G.PARTS_FIT)
def no_parts() -> Refusal:
    return splitting()


@refuses(G.PARTS_FIT)
def eleven_parts() -> Refusal:
    return splitting(*["夜间噪声扰民"] * 11)


@refuses(G.PARTS_FIT)
def a_part_without_words() -> Refusal:
    return splitting("夜间噪声扰民", "臭")


def accusing(*path: Action) -> Report:
    """A report that accuses the bureau which usually leads; on from there with another lead."""
    report = file()
    accused = replace(ordinary_acceptance(), accused=(make_department("sthj"),))
    with transaction():
        accept_report(report, accused, **form(report, A.ACCEPT))
        other = Assigning(make_department("cg"))
        for action in path:
            if action is A.DISPATCH:
                dispatch_report(report, other, **form(report, action))
            else:
                take(report, action)
    return report


@refuses(G.LEAD_FIT)
def the_accused_would_lead() -> Refusal:
    return taking(accusing(), A.DISPATCH)


@refuses(G.LEAD_FIT)
def the_accused_ruled_to_lead() -> Refusal:
    report = accusing(A.DISPATCH, A.RETURN, A.DISPATCH, A.RETURN)
    lead, how = make_department("sthj"), form(report, A.RULE)
    return report, lambda: rule_lead(report, lead, "由其主办", **how), GuardError


@refuses(G.FIRST_RETURN)
def dispatched_after_two_returns() -> Refusal:
    report = walk(file(), A.ACCEPT, A.DISPATCH, A.RETURN, A.DISPATCH, A.RETURN)
    return taking(report, A.DISPATCH)


@refuses(G.SECOND_RETURN)
def ruled_after_one_return() -> Refusal:
    return taking(at_state(S.RETURNED), A.RULE)


@refuses(G.LEAD_CLERK)
def a_strange_clerk_signs() -> Refusal:
    return taking(at_state(S.DISPATCHED), A.SIGN, by=staff(Role.CLERK, department="cg"))


@refuses(G.LEAD_CLERK)
def an_assist_signs_for_the_lead() -> Refusal:
    return taking(at_state(S.DISPATCHED), A.SIGN, by=staff(Role.CLERK, department="zhen-01"))


@refuses(G.LEAD_CLERK)
def a_strange_clerk_proposes() -> Refusal:
    return taking(at_state(S.HANDLING), A.PROPOSE, by=staff(Role.CLERK, department="cg"))


@refuses(G.LEAD_HEAD)
def a_strange_head_returns() -> Refusal:
    return taking(at_state(S.DISPATCHED), A.RETURN, by=staff(Role.HEAD, department="cg"))


@refuses(G.LEAD_HEAD)
def a_strange_head_sends_back() -> Refusal:
    return taking(at_state(S.HEAD_REVIEW), A.SEND_BACK, by=staff(Role.HEAD, department="cg"))


@refuses(G.LEAD_HEAD)
def a_strange_head_submits() -> Refusal:
    return taking(at_state(S.HEAD_REVIEW), A.SUBMIT, by=staff(Role.HEAD, department="cg"))


@refuses(G.RETURN_OPEN)
def returned_after_a_working_day() -> Refusal:
    report = at_state(S.DISPATCHED)  # on a Monday
    return taking(report, A.RETURN, at=report.state_since + timedelta(days=2))


@refuses(G.RETURN_OPEN)
def returned_after_the_ruling() -> Refusal:
    twice = (A.DISPATCH, A.RETURN, A.DISPATCH, A.RETURN)
    return taking(walk(file(), A.ACCEPT, *twice, A.RULE), A.RETURN)


def proposing(report: Report, **changes: Any) -> Refusal:
    how = form(report, A.PROPOSE)
    proposal = replace(ordinary_proposal(), **changes)
    return report, lambda: propose_closing(report, proposal, **how), InvalidFieldsError


@refuses(G.FINDING_COMPLETE)
def verified_without_measures() -> Refusal:
    return proposing(at_state(S.HANDLING), measures=[])


@refuses(G.FINDING_COMPLETE)
def verified_without_after_photos() -> Refusal:
    return proposing(at_state(S.HANDLING, category="waste.household"))


@refuses(G.FINDING_COMPLETE)
def the_residents_photo_is_no_after_photo() -> Refusal:
    return proposing(at_state(S.HANDLING, category="waste.household", photos=[photo()]))


@refuses(G.CONTACT_ON_RECORD)
def nobody_called() -> Refusal:
    report = at_state(S.HANDLING, contact=Contact(phone="13800138000"))
    how = form(report, A.PROPOSE)
    return report, lambda: propose_closing(report, ordinary_proposal(), **how), GuardError


@refuses(G.NOT_PROPOSER)
def the_proposer_submits() -> Refusal:
    report = at_state(S.HANDLING)
    both = staff(Role.CLERK, Role.HEAD, username="both")
    take(report, A.PROPOSE, by=both)
    return taking(report, A.SUBMIT, SeparationError, by=both)


def planning(days: int | None) -> Refusal:
    report = at_state(S.SUBMITTED_REVIEW)
    how = form(report, A.STAGE_CLOSE)
    on = local(report.state_since).date()
    stones = [] if days is None else [(on + timedelta(days=days), "验收")]
    plan = StagePlan("整改", stones)
    return report, lambda: stage_close_report(report, plan, **how), InvalidFieldsError


@refuses(G.PLAN_DATED)
def a_plan_without_dates() -> Refusal:
    return planning(None)


@refuses(G.PLAN_DATED)
def a_plan_for_yesterday() -> Refusal:
    return planning(-1)


def third(action: Action, earlier: Action) -> Callable[[], Refusal]:
    def make() -> Refusal:
        role = Role.CLERK if earlier is A.PROPOSE else Role.HEAD
        both = staff(role, Role.REVIEWER, username=f"{role}-reviewer")
        report = walk(file(), A.ACCEPT, A.DISPATCH, A.SIGN)
        take(report, A.PROPOSE, by=both if earlier is A.PROPOSE else None)
        take(report, A.SUBMIT, by=both if earlier is A.SUBMIT else None)
        return taking(report, action, SeparationError, by=both)

    return make


for _action in (A.REWORK, A.STAGE_CLOSE, A.RESOLVE):
    for _earlier in (A.PROPOSE, A.SUBMIT):
        refuses(G.THIRD_PERSON)(third(_action, _earlier))


def releasing(decisions: Callable[[str], dict[str, PhotoDecision]]) -> Refusal:
    picture = photo()
    report = at_state(S.RESOLVED, photos=[picture])
    with transaction():
        picture.status = PhotoStatus.READY
    release = Release(decisions(picture.upload_id), Rounding.STREET)
    how = form(report, A.PUBLISH)
    return report, lambda: publish_report(report, release, **how), InvalidFieldsError


@refuses(G.PHOTOS_DECIDED)
def an_undecided_photo() -> Refusal:
    return releasing(lambda _: {})


@refuses(G.PHOTOS_DECIDED)
def a_box_outside_the_picture() -> Refusal:
    return releasing(lambda key: {key: PhotoDecision(release=True, boxes=[(0.9, 0.1, 0.2, 0.2)])})


def drafted(action: Action) -> Callable[[], Refusal]:
    def make() -> Refusal:
        both = staff(Role.CLERK, Role.PUBLISHER, username="clerk-publisher")
        report = at_state(S.HANDLING)
        take(report, A.PROPOSE, by=both)
        return taking(walk(report, A.SUBMIT, A.RESOLVE), action, SeparationError, by=both)

    return make


refuses(G.NOT_DRAFTER)(drafted(A.PUBLISH))
refuses(G.NOT_DRAFTER)(drafted(A.WITHHOLD))


@refuses(G.NOTICE_OVER)
def struck_off_early() -> Refusal:
    report = at_state(S.PUBLISHED)
    assert report.notice_ends_at is not None
    return taking(report, A.DEREGISTER, at=report.notice_ends_at - timedelta(seconds=1))


@refuses(G.NO_OBJECTION)
def struck_off_while_somebody_objects() -> Refusal:
    report = at_state(S.WITHHELD)
    with transaction():
        row = Objection(report_id=report.id, kind="objection", opened_at=report.state_since)
        db.session.add(row)
    return taking(report, A.DEREGISTER)


@refuses(G.NOT_REVIEWER)
def the_reviewer_strikes_off() -> Refusal:
    report = at_state(S.SUBMITTED_REVIEW)
    both = staff(Role.REVIEWER, Role.SUPERVISOR, username="reviewer-supervisor")
    take(report, A.RESOLVE, by=both)
    return taking(walk(report, A.PUBLISH), A.DEREGISTER, SeparationError, by=both)


@refuses(G.LOOKBACK_FAILED)
def reopened_by_the_portal_without_a_failed_look_back() -> Refusal:
    report = at_state(S.DEREGISTERED)
    row = plan_one(report, CLOCKS[0], LookBackReason.STARRED, report.state_since)
    return report, lambda: reopen_after(row, report.state_since + SOON), GuardError
