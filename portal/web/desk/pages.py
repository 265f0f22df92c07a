"""The page of one report, assembled once from the queries of several rooms.

The number of statements does not grow with what a report has gone through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.casework.case_queries import accused_ids_of, further_categories_of
from portal.domain.casework.models import (
    Assignment,
    ContactAttempt,
    Finding,
    PartReport,
    Plan,
    ProgressNote,
    SiteCheck,
    Verdict,
)
from portal.domain.casework.queries import (
    assignments_of,
    check_ins_of,
    contact_attempts_of,
    current_plan,
    findings_of,
    part_reports_of,
    site_checks_of,
)
from portal.domain.casework.scope import visible_among, visible_numbers
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_tree
from portal.domain.deadlines.clocks import Colour
from portal.domain.deadlines.extensions import extensions_of
from portal.domain.deadlines.models import Extension
from portal.domain.deadlines.queries import deadlines_of
from portal.domain.deadlines.terms import colour_of
from portal.domain.departments.models import Department
from portal.domain.departments.queries import departments
from portal.domain.exposures.services import is_exposable
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import grids
from portal.domain.reports.models import Channel, Photo, PhotoKind, Report, ThreadEntry
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.support import support_count
from portal.domain.reports.thread import thread_of
from portal.domain.reports.vault import masked_contact
from portal.domain.reports.workflow import SUBJECT
from portal.domain.routing.queries import ANY_CATEGORY, ANY_GRID, Suggestion, suggest
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of
from portal.domain.triage.services import children_of, followers_of
from portal.web import letters
from portal.web.desk import clock_facts, facts, plan_facts
from portal.web.desk.forms import Choices
from portal.web.desk.frame import name_of
from portal.web.desk.likenesses import likely_of
from portal.web.desk.offers import Known, Offer, leads, offers
from portal.web.desk.order_facts import pressure_card
from portal.web.desk.part_facts import Parts, measure_words
from portal.web.desk.reading import Reading
from portal.web.desk.sketch import sketch
from portal.web.desk.story import Told, handlers_in, numbers_in, story
from portal.web.filters import is_english


@dataclass(frozen=True)
class Case:
    """Everything one page shows of a report to one member of staff."""

    report: Report
    who: Actor
    at: datetime
    photos: Sequence[Photo]
    assignments: Sequence[Assignment]
    findings: Sequence[Finding]
    contacts: Sequence[ContactAttempt]
    checks: Sequence[SiteCheck]
    part_reports: Sequence[PartReport]
    plan: Plan | None
    check_ins: Sequence[ProgressNote]
    extensions: Sequence[Extension]
    events: Sequence[TimelineEvent]
    thread: Sequence[ThreadEntry]
    departments: Sequence[Department]
    accused_ids: frozenset[int]
    names: Mapping[int, str]
    linked: frozenset[str]
    offers: Sequence[Offer] = field(default_factory=tuple)

    @property
    def finding(self) -> Finding | None:
        """The newest finding: the one that counts."""
        return self.findings[-1] if self.findings else None

    @property
    def reading(self) -> Reading:
        """What there is to read of it."""
        return Reading(self.report, frozenset(event.kind for event in self.events))

    @property
    def told(self) -> Told:
        """What the timeline's words come from."""
        by_id = {d.id: d for d in self.departments}
        by_code = {d.code: d for d in self.departments}
        return Told(
            self.names,
            by_id,
            self.contacts,
            self.checks,
            self.check_ins,
            by_code,
            self.linked,
            self.part_reports,
        )

    def offer(self, action: Action) -> Offer | None:
        """The offer of `action`, if it is offered."""
        return next((o for o in self.offers if o.action is action), None)


# Steps after which something was said to or by the reporter.
_IN_THREAD = (
    *(Action.ASK, Action.ANSWER, Action.DECLINE, Action.APPEAL, Action.WITHDRAW),
    *("info_added", "withdraw_noted"),
)


def case_of(report: Report, who: Actor, at: datetime) -> Case:
    """Read everything about `report`.

    What the story does not tell of did not happen: only the tables it tells of are asked.
    """
    events = events_of(SUBJECT, report.id)
    told = Reading(report, frozenset(event.kind for event in events))
    findings, contacts = (
        told.of(findings_of, Action.PROPOSE),
        told.of(contact_attempts_of, "contacted"),
    )
    checks, thread = told.of(site_checks_of, "checked"), told.of(thread_of, *_IN_THREAD)
    check_ins = told.of(check_ins_of, "checked_in")
    part_reports = told.of(part_reports_of, "part_reported")
    extensions = told.of(lambda one: extensions_of(one.id), "extension_asked")
    assignments, photos = assignments_of(report), photos_of(report)
    seen = {event.actor_id for event in events} | {entry.by_user_id for entry in thread}
    seen |= {photo.by_user_id for photo in photos}
    seen |= {finding.proposed_by_id for finding in findings}
    seen |= {row.asked_by_id for row in extensions} | {row.decided_by_id for row in extensions}
    seen |= {row.by_user_id for row in check_ins} | {row.by_user_id for row in part_reports}
    seen |= {row.handler_id for row in assignments} | handlers_in(events)
    seen |= {contact.by_user_id for contact in contacts} | {check.by_user_id for check in checks}
    known = Known(report, who, at, findings[-1] if findings else None, contacts, events)
    return Case(
        report=report,
        who=who,
        at=at,
        photos=photos,
        assignments=assignments,
        findings=findings,
        contacts=contacts,
        checks=checks,
        part_reports=part_reports,
        plan=current_plan(report) if told.has(Action.STAGE_CLOSE) else None,
        check_ins=check_ins,
        extensions=extensions,
        events=events,
        thread=thread,
        departments=departments(),
        accused_ids=accused_ids_of(report),
        linked=visible_numbers(who, numbers_in(events)),
        names=names_of({user_id for user_id in seen if user_id is not None}),
        offers=offers(known),
    )


def choices_for(case: Case) -> Choices:
    """What the selects of this page's forms offer; reads more only while a case is accepted."""
    offices = [(d.code, name_of(d)) for d in case.departments]
    if case.offer(Action.ACCEPT) is None:
        return Choices(departments=offices)
    kinds = [
        (child.code, f"{name_of(branch.top)} · {name_of(child)}")
        for branch in category_tree()
        for child in branch.children
    ]
    places = [(grid.code, name_of(grid)) for grid in grids() if grid.parent_id is not None]
    return Choices(offices, kinds, places)


def suggestion_for(
    case: Case, category: Category | None = None, grid: Grid | None = None
) -> Suggestion | None:
    """Who should handle the case, while that is still to be decided.

    `category` and `grid` stand for what triage is about to change on it.
    """
    asked = {Action.ACCEPT, Action.DISPATCH, Action.RULE} & {o.action for o in case.offers}
    if not asked:
        return None
    report = case.report
    return suggest(
        category or report.category,
        grid or report.grid or report.town,
        accused_ids=case.accused_ids,
    )


def reason_of(suggestion: Suggestion) -> str:
    """The reason in the reader's language."""
    names = {
        "category": name_of(suggestion.category) or _(ANY_CATEGORY),
        "grid": name_of(suggestion.grid) or _(ANY_GRID),
        "lead": name_of(suggestion.lead),
        "assists": _("、").join(name_of(d) for d in suggestion.assists),
    }
    return _(suggestion.reason_pattern, **names)


def case_context(case: Case) -> dict[str, Any]:
    """What templates/desk/case.html takes, but for the forms."""
    report, who = case.report, case.who
    told = case.told
    by_id = {d.id: d for d in case.departments}
    photos = [facts.photo_view(photo, case.names, by_id) for photo in case.photos]
    deadlines = deadlines_of(report.id)
    glance = clock_facts.Glance(report, who, case.at, case.names)
    running, over = clock_facts.clocks(deadlines, case.events, case.at, by_id)
    told_parts = case.part_reports
    parts = Parts(report, who, case.at, case.assignments, told_parts, deadlines, case.names)
    suggestion, followers = suggestion_for(case), case.reading.of(followers_of, "follower_added")
    keys = [(o.look.key.upper(), o.words) for o in case.offers if o.look.key]
    return {
        "case": case,
        "report": report,
        "state": State(report.state),
        "channel_label": Channel(report.channel).label,
        "verdict": Verdict(case.finding.verdict) if case.finding else None,
        "colour": report_colour(report, case.at),
        "measures": measure_words(case.finding.measures if case.finding else ()),
        "accused": _("、").join(name_of(d) for d in case.departments if d.id in case.accused_ids),
        "shortcuts": [*keys, *([("B", _("对比"))] if likely_of(report) else [])],
        "photos": photos,
        "pair": pair_of(photos),
        "parts": parts.view(),
        "clocks": running,
        "past_clocks": over,
        "plan": plan_facts.plan_view(case.plan, case.check_ins, case.names, case.at),
        "extension": clock_facts.extension_view(glance, deadlines, case.extensions),
        "pressure": pressure_card(case.reading, who, case.at),
        "events": story(case.events, told),
        "notices": letters.notice_rows(report, case.events, "/desk/reports"),
        "thread": _thread(case),
        "texts": _texts(case),
        "place_facts": facts.place_facts(report),
        "matter_facts": facts.matter_facts(report, further_categories_of(report)),
        "reporter_facts": facts.reporter_facts(report, masked_contact(report)),
        "map": sketch(report),
        "suggestion": suggestion,
        "suggestion_reason": reason_of(suggestion) if suggestion else "",
        "followers": followers,
        "supporters": support_count(report.id),
        "related": _related(case, followers),
        "english": is_english(),
        "may": {
            "contact": who.may(Permission.RECORD_CONTACT),
            "check": who.may(Permission.RECORD_CHECK),
            "progress": plan_facts.may_check_in(report, who),
            "original": who.may(Permission.OPEN_ORIGINAL),
            "expose": who.may(Permission.EXPOSE) and is_exposable(report),
        },
        "is_lead": leads(report, who),
    }


def _related(case: Case, followers: Sequence[Report]) -> list[tuple[str, list[Report]]]:
    """Main report, followers and parts, as far as the one who looks may open them."""
    report = case.report
    groups = [
        (_("主件"), [report.main] if report.main else []),
        (_("从它拆出"), [report.parent] if report.parent else []),
        (_("并入的"), followers),
        (_("拆出的"), case.reading.of(children_of, Action.SPLIT)),
    ]
    seen = visible_among(case.who, [one.id for _words, rows in groups for one in rows])
    shown = [(words, [one for one in rows if one.id in seen]) for words, rows in groups]
    return [(words, rows) for words, rows in shown if rows]


def pair_of(photos: Sequence[dict[str, Any]]) -> tuple[Any, Any]:
    """The first picture of the trouble and the last of it put right; None where there is none."""
    shown = [p for p in photos if p["src"]]
    before = next((p for p in shown if p["kind"] is PhotoKind.EVIDENCE), None)
    after = next((p for p in reversed(shown) if p["kind"] is PhotoKind.AFTER), None)
    return before, after


def _thread(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "at": entry.at,
            "kind": entry.kind,
            "text": entry.text,
            "who": case.names.get(entry.by_user_id, "") if entry.by_user_id else _("举报人"),
            "is_ours": entry.by_user_id is not None,
        }
        for entry in case.thread
    ]


def _texts(case: Case) -> dict[str, Any] | None:
    finding = case.finding
    if finding is None:
        return None
    by = case.names.get(finding.proposed_by_id, "")
    about = {"by": by, "at": finding.proposed_at}
    return {
        "internal": {"text": finding.internal_text, **about},
        "reply": {"text": finding.reply, **about},
        "public": {"text": finding.public_text, **about},
    }


def report_colour(report: Report, at: datetime) -> str:
    """The colour of the tightest clock: blue, yellow or red; empty while there is time."""
    if report.warn_at is None or report.due_at is None or report.red_at is None:
        return ""
    colour = colour_of(report.warn_at, report.due_at, report.red_at, at)
    return "" if colour is Colour.NONE else colour
