"""The city's terms: every clock with its length, its law and its history; setting a new version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.calendar.queries import work_calendar
from portal.domain.deadlines.clocks import Clock, DeadlineClass, Unit
from portal.domain.deadlines.limits import LEGAL_LIMITS
from portal.domain.deadlines.models import DeadlineRule
from portal.domain.deadlines.queries import rules
from portal.domain.deadlines.services import NewRule
from portal.domain.deadlines.setting import BeyondLawError, check_term, set_term, take_back_term
from portal.domain.deadlines.terms import Run, end_of
from portal.web import filters
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, faults_of, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.time_forms import TermForm
from portal.web.errors import problem, wants_json


@bp.get("/terms")
@require(Permission.ENTER_DESK)
def terms() -> ResponseReturnValue:
    """Every term in force, with what the law permits and what is to come."""
    today = local(now()).date()
    groups = groupby(rules(), key=lambda rule: rule.clock)
    by_clock = {clock: list(group) for clock, group in groups}
    shown = [_clock_row(clock, by_clock.get(clock, []), today) for clock in Clock]
    return render_template(
        "desk/terms.html",
        rows=[row for row in shown if row["terms"]],
        may_edit=actor().may(Permission.EDIT_TERMS),
    )


@bp.get("/terms/<name>")
@require(Permission.ENTER_DESK)
def show_term(name: str) -> ResponseReturnValue:
    """One term: its law, its versions, and the form for a new one."""
    clock = _clock(name)
    tomorrow = local(now()).date() + timedelta(days=1)
    form = TermForm(data={"effective_on": tomorrow, **_newest(clock)})
    return _page(clock, form)


@bp.post("/terms/<name>")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def save_term(name: str) -> ResponseReturnValue:
    """Show what a new version would mean, or set it."""
    clock = _clock(name)
    form = TermForm(plain_names(request.form))
    try:
        demand_fit(form)
        new = _new_rule(clock, form)
        if request.form.get("step") == "preview":
            check_term(new, now())
            return _page(clock, form, preview=new)
        with transaction():
            set_term(new, by=actor(), at=now())
    except InvalidFieldsError as fault:
        return _unfit(clock, form, fault)
    flash(_("定好了，从%(day)s起开始的按新的算。", day=filters.day(new.effective_on)))
    return redirect(url_for("desk.show_term", name=clock), code=303)


@bp.post("/terms/<name>/<int:rule_id>/take-back")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def take_back(name: str, rule_id: int) -> ResponseReturnValue:
    """Take back a version that is not in force yet."""
    clock = _clock(name)
    with transaction():
        take_back_term(rule_id, by=actor(), at=now())
    flash(_("撤回了，还按原来的算。"))
    return redirect(url_for("desk.show_term", name=clock), code=303)


def _clock(name: str) -> Clock:
    if name not in set(Clock) or not any(rule.clock == name for rule in rules()):
        abort(404)
    return Clock(name)


def _newest(clock: Clock) -> dict[str, Any]:
    """What a fresh form starts with: the version in force for every class, or for ordinary ones."""
    today = local(now()).date()
    held = [r for r in rules() if r.clock is clock and r.effective_on <= today]
    usual = {DeadlineClass.ORDINARY: 0, None: 1}
    rule = min(held, key=lambda r: usual.get(r.deadline_class, 2), default=None)
    if rule is None:
        return {}
    return {"amount": rule.amount, "unit": rule.unit, "deadline_class": rule.deadline_class or ""}


def _new_rule(clock: Clock, form: TermForm) -> NewRule:
    given = form.deadline_class.data
    on = form.effective_on.data
    if on is None:  # validate() has refused it; here for the reader and the type checker
        raise faults_of(form)
    deadline_class = DeadlineClass(given) if given else None
    return NewRule(clock, deadline_class, form.amount.data or 0, Unit(form.unit.data), on)


def _unfit(clock: Clock, form: TermForm, fault: InvalidFieldsError) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    if not any(one.errors for one in form):
        for name, group in fault.faults.items():
            form[name].errors = [_(one.message) for one in group]
    if isinstance(fault, BeyondLawError):
        form.amount.errors = [_beyond(clock, fault)]
    return _page(clock, form, status=fault.http_status)


def _beyond(clock: Clock, fault: BeyondLawError) -> str:
    limit = LEGAL_LIMITS[clock]
    allowed = filters.term(limit.amount, limit.unit)
    words = (
        _("%(law)s规定就是%(limit)s，不能改短也不能改长。", law=_(limit.law), limit=allowed)
        if limit.is_floor_too
        else _("%(law)s规定最长%(limit)s。", law=_(limit.law), limit=allowed)
    )
    return words + _("比如%(day)s开始的，就会超过。", day=filters.day(fault.on))


def _page(
    clock: Clock, form: TermForm, *, preview: NewRule | None = None, status: int = 200
) -> ResponseReturnValue:
    at, versions = now(), [rule for rule in rules() if rule.clock is clock]
    names = names_of({r.set_by_id for r in versions if r.set_by_id is not None})
    page = render_template(
        "desk/term.html",
        clock=clock,
        form=form,
        limit=_limit_words(clock),
        row=_clock_row(clock, versions, local(at).date()),
        versions=_versions(versions, names, local(at).date()),
        examples=_examples(versions, at),
        preview=_preview(preview, versions, at) if preview else "",
        problems=problems_of("term", form),
        may_edit=actor().may(Permission.EDIT_TERMS),
        by_class=any(rule.deadline_class for rule in versions),
    )
    return page, status


def _limit_words(clock: Clock) -> str:
    limit = LEGAL_LIMITS.get(clock)
    if limit is None:
        return ""
    return f"{filters.term(limit.amount, limit.unit)} {_(limit.law)}"


def _clock_row(clock: Clock, versions: list[DeadlineRule], today: date) -> dict[str, Any]:
    """The term in force for each class, and the versions to come."""
    classes = {rule.deadline_class: None for rule in versions}
    held = [_in_force(versions, each, today) for each in classes]
    return {
        "clock": clock,
        "label": _(clock.label),
        "href": url_for("desk.show_term", name=clock),
        "limit": _limit_words(clock),
        "terms": [_term_of(r, len(classes)) for r in sorted(filter(None, held), key=_by_class)],
        "coming": [_term_of(r, len(classes)) for r in versions if r.effective_on > today],
    }


def _in_force(
    versions: list[DeadlineRule], deadline_class: DeadlineClass | None, today: date
) -> DeadlineRule | None:
    fitting = [
        r for r in versions if r.deadline_class == deadline_class and r.effective_on <= today
    ]
    return max(fitting, key=lambda rule: rule.effective_on, default=None)


def _by_class(rule: DeadlineRule) -> int:
    """Urgent, ordinary, complex, then what holds for the rest."""
    order = list(DeadlineClass)
    return order.index(rule.deadline_class) if rule.deadline_class else len(order)


def _term_of(rule: DeadlineRule, classes: int) -> dict[str, Any]:
    return {
        "of": _class_words(rule.deadline_class, alone=classes == 1),
        "length": filters.term(rule.amount, rule.unit),
        "on": rule.effective_on,
    }


def _class_words(deadline_class: DeadlineClass | None, *, alone: bool = False) -> str:
    if deadline_class is not None:
        return _("%(name)s件", name=_(deadline_class.label))
    return _("每一件") if alone else _("其余各类")


def _versions(rows: list[DeadlineRule], names: dict[int, str], today: date) -> list[dict[str, Any]]:
    """The history, the newest first."""
    classes = len({rule.deadline_class for rule in rows})
    return [
        {
            "id": rule.id,
            **_term_of(rule, classes),
            "is_coming": rule.effective_on > today,
            "who": names.get(rule.set_by_id or 0, "") if rule.set_at else _("默认规定"),
            "at": rule.set_at,
        }
        for rule in sorted(rows, key=lambda r: r.effective_on, reverse=True)
    ]


def _examples(versions: list[DeadlineRule], at: datetime) -> list[dict[str, str]]:
    """若今天开始，普通件到期 …: for each class that has a term in force."""
    today = local(at).date()
    held = [_in_force(versions, each, today) for each in {r.deadline_class for r in versions}]
    rows = sorted(filter(None, held), key=_by_class)
    return [
        {
            "of": _class_words(rule.deadline_class, alone=len(rows) == 1),
            "due": _due_words(Run(at, rule.amount, rule.unit)),
        }
        for rule in rows
    ]


def _preview(new: NewRule, versions: list[DeadlineRule], at: datetime) -> str:
    due = _due_words(Run(at, new.amount, new.unit))
    alone = {rule.deadline_class for rule in versions} == {new.deadline_class}
    what = _class_words(new.deadline_class, alone=alone)
    return _("若今天开始，%(what)s到期：%(due)s", what=what, due=due)


def _due_words(run: Run) -> str:
    due_at = local(end_of(run, work_calendar()))
    if (due_at.hour, due_at.minute) == (0, 0):
        return f"{filters.day((due_at - timedelta(days=1)).date())} 24:00"
    return filters.moment(due_at)
