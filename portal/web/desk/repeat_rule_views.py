"""重复投诉: how near and how soon a report repeats a closed one, as data."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.categories.queries import category_tree
from portal.domain.triage.repeat_rules import (
    REPEAT_DAYS,
    reaches_on,
    repeat_rules,
    set_reach,
    take_back_reach,
)
from portal.web import filters
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.frame import name_of
from portal.web.desk.rule_forms import ReachForm
from portal.web.errors import problem, wants_json


@bp.get("/repeats")
@require(Permission.ENTER_DESK)
def repeat_rule_list() -> ResponseReturnValue:
    """The rules in force and every version somebody set."""
    tomorrow = local(now()).date() + timedelta(days=1)
    return _page(ReachForm(data={"effective_on": tomorrow, "days": REPEAT_DAYS}))


@bp.post("/repeats")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def save_repeat_rule() -> ResponseReturnValue:
    """Set a rule from a day on."""
    form = ReachForm(plain_names(request.form))
    form.offer(list(_categories().items()))
    try:
        demand_fit(form)
        new = form.new()
        with transaction():
            set_reach(new, by=actor(), at=now())
    except InvalidFieldsError as fault:
        if wants_json():
            return problem(fault)
        left_to_say(form, fault)
        return _page(form), fault.http_status
    flash(_("定好了，从%(day)s起收到的按新的算。", day=filters.day(new.effective_on)))
    return redirect(url_for("desk.repeat_rule_list"), code=303)


@bp.post("/repeats/<int:rule_id>/take-back")
@require(Permission.ENTER_DESK, Permission.EDIT_TERMS)
def take_repeat_rule_back(rule_id: int) -> ResponseReturnValue:
    """Take back a rule that is not in force yet."""
    with transaction():
        take_back_reach(rule_id, by=actor(), at=now())
    flash(_("撤回了，还按原来的算。"))
    return redirect(url_for("desk.repeat_rule_list"), code=303)


def _categories() -> dict[str, str]:
    """Names by code: each level-1 category, then those below it."""
    found = {}
    for branch in category_tree(with_inactive=True):
        found[branch.top.code] = name_of(branch.top)
        for child in branch.children:
            found[child.code] = f"{name_of(branch.top)} · {name_of(child)}"
    return found


def _page(form: ReachForm) -> str:
    today, names = local(now()).date(), _categories()
    form.offer(list(names.items()))
    present, versions = reaches_on(today), repeat_rules()
    return render_template(
        "desk/repeats.html",
        present=[(names.get(code) or _("其余各类"), present[code]) for code in sorted(present)],
        versions=[
            {
                "row": row,
                "name": names.get(row.category_code) or _("其余各类"),
                "is_coming": row.effective_on > today,
            }
            for row in versions
        ],
        names=names_of({row.set_by_id for row in versions if row.set_by_id}),
        form=form,
        problems=problems_of("reach", form),
        may_edit=actor().may(Permission.EDIT_TERMS),
    )
