"""Many reports with one press: what would happen to each, and then, one by one, what did.

What is announced is what is sent: each report goes with the version it was looked at and a digest
of what was said about it. One that changed since, or about which a rule now says something else,
is listed and left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotFoundError, PortalError
from portal.core.ids import read_number
from portal.domain.accounts.actor import Actor
from portal.domain.casework.case_queries import accused_among
from portal.domain.casework.scope import report_in_scope, reports_among
from portal.domain.categories.queries import category_tree
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.departments.queries import departments
from portal.domain.grids.queries import grids
from portal.domain.reports.models import Report, Track
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW
from portal.domain.routing.queries import Suggestion, routing_rules, suggest
from portal.web.desk.faults import demand_fit
from portal.web.desk.forms import ActionForm, Choices
from portal.web.desk.frame import name_of
from portal.web.desk.steps import TAKE_ON, Turn, actions_of, step_called
from portal.web.errors import translated

BULK = (TAKE_ON, Action.ACCEPT, Action.DISPATCH, Action.MERGE, Action.DECLINE)
MOST = 50  # a page of a queue
# What is said once for all of them; everything else follows from each report.
SHARED: dict[str, tuple[str, ...]] = {
    TAKE_ON: ("note",),
    Action.ACCEPT: (),
    Action.DISPATCH: ("note",),
    Action.MERGE: ("main_number",),
    Action.DECLINE: ("reason_code", "text", "where_to"),
}
_ACCEPTS = frozenset({TAKE_ON, Action.ACCEPT})
_DISPATCHES = frozenset({TAKE_ON, Action.DISPATCH})


@dataclass(frozen=True)
class Plan:
    """What would happen to one report, or why nothing would."""

    report: Report
    words: str = ""
    obstacle: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ticket(self) -> str:
        """Number, version and a digest of what was announced, as the form carries them."""
        said = json.dumps([self.fields, self.obstacle], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(said.encode()).hexdigest()[:16]
        return f"{self.report.number}:{self.report.version}:{digest}"


@dataclass(frozen=True)
class Outcome:
    """What happened to one report; `fault` is empty when it was done."""

    number: str
    title: str
    fault: str = ""


class Planner:
    """Looks ahead for many reports with a constant number of statements."""

    def __init__(self, step: str, numbers: Sequence[str], who: Actor) -> None:
        self.step, self.who = step, who
        self.reports = reports_among(who, numbers)
        self._accused = accused_among([report.id for report in self.reports])
        # Held here, because the session forgets what nobody holds: what follows asks it by id.
        self.tree, self.grids = category_tree(), grids()
        self.offices, self._rules = departments(), routing_rules()

    def plans(self) -> list[Plan]:
        """One for each report that the caller sees, in the order asked for."""
        return [self._plan(report) for report in self.reports]

    def choices(self) -> Choices:
        """What the forms of the step accept."""
        kinds = [(child.code, "") for branch in self.tree for child in branch.children]
        offices = [(d.code, name_of(d)) for d in self.offices]
        return Choices(offices, kinds, [(grid.code, "") for grid in self.grids])

    def _plan(self, report: Report) -> Plan:
        if State(report.state) not in WORKFLOW[actions_of(self.step)[0]].sources:
            return Plan(report, obstacle=_("现在的状态不能做这一步。"))
        fields: dict[str, Any] = {}
        words: list[str] = []
        if self.step in _ACCEPTS:
            obstacle = _unsettled(report)
            if obstacle:
                return Plan(report, obstacle=obstacle)
            fields |= _acceptance(report)
            words += [_kind_words(report)]
        if self.step in _DISPATCHES:
            if report.state == State.RETURNED:
                return Plan(report, obstacle=_("退回来的要看退回的理由，请单独办。"))
            found = self._suggestion(report)
            if found is None:
                return Plan(report, obstacle=_("没有合适的分派规则，请单独交办。"))
            fields |= {"lead": found.lead.code, "assists": [d.code for d in found.assists]}
            words += [_handling_words(found)]
        return Plan(report, _("；").join(words), fields=fields)

    def _suggestion(self, report: Report) -> Suggestion | None:
        place = report.grid or report.town
        accused = self._accused.get(report.id, frozenset())
        return suggest(report.category, place, accused_ids=accused, rules=self._rules)


def _unsettled(report: Report) -> str:
    if report.category.is_top:
        return _("具体类型还没有选定，请单独受理。")
    return "" if report.grid_id else _("网格还没有选定，请单独受理。")


def _acceptance(report: Report) -> dict[str, Any]:
    return {
        "track": Track.COMPLAINT.value,
        "deadline_class": report.category.deadline_class.value,
        "category": report.category.code,
        "grid_code": report.grid.code if report.grid else "",
    }


def _kind_words(report: Report) -> str:
    term = _(DeadlineClass(report.category.deadline_class).label)
    return _("，").join((name_of(report.category), name_of(report.grid), term))


def _handling_words(found: Suggestion) -> str:
    words = _("%(lead)s主办", lead=name_of(found.lead))
    if not found.assists:
        return words
    assists = _("、").join(name_of(d) for d in found.assists)
    return words + _("，") + _("%(assists)s协办", assists=assists)


def shared_form(step: str, given: MultiDict[str, str] | None, choices: Choices) -> ActionForm:
    """The form of what is said once, with what came in."""
    form = step_called(step).form(given) if given is not None else step_called(step).form()
    form.offer(choices)
    return form


def shared_faults(step: str, form: ActionForm) -> list[tuple[str, str]]:
    """(id of the field, sentence) of what is wrong with what is said once."""
    form.validate()
    return [
        (f"{step}-{name}", str(sentence)) for name in SHARED[step] for sentence in form[name].errors
    ]


def carry_out(
    planner: Planner, tickets: Sequence[str], shared: Mapping[str, Any], at: datetime
) -> list[Outcome]:
    """Take the step on each report, each in a transaction of its own, and say what came of it."""
    choices, plans = planner.choices(), planner.plans()
    announced, main = set(tickets), read_number(str(shared.get("main_number", "")))
    # Words first: the first transaction makes the session forget every row.
    waiting = [
        (plan.report.number, plan.report.title, plan.report.version, plan.ticket, plan)
        for plan in plans
    ]
    found = []
    for number, title, version, ticket, plan in waiting:
        fault = _("主件自己不动。") if number == main else plan.obstacle
        if not fault and ticket not in announced:
            fault = _("您打开后有人改过，或者分派规则变了。没有办，请再看一次。")
        if not fault:
            turn = Turn(version, planner.who, at)
            fault = _take(planner.step, number, {**plan.fields, **shared}, choices, turn)
        found.append(Outcome(number, title, fault))
    missing = {ticket.partition(":")[0] for ticket in tickets} - {row[0] for row in waiting}
    return [
        *found,
        *(Outcome(number, "", _("没有找到，或者不归您这里管。")) for number in sorted(missing)),
    ]


def _take(step: str, number: str, fields: Mapping[str, Any], choices: Choices, turn: Turn) -> str:
    """Take the step; returns why it was not taken, or nothing."""
    form = step_called(step).form(MultiDict(fields))
    form.offer(choices)
    try:
        demand_fit(form)
        with transaction():
            report = report_in_scope(turn.by, number)
            if report is None:
                raise NotFoundError
            step_called(step).run(report, form, turn)
    except InvalidFieldsError as fault:
        return " ".join(_(one.message) for group in fault.faults.values() for one in group)
    except PortalError as fault:
        return translated(fault)
    return ""
