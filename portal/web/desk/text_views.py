"""Texts ready to use: the supervisor keeps them, the forms of a report take them."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.categories.queries import category_tree
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.states import Action, State
from portal.domain.triage.texts import (
    ReadyText,
    TextKind,
    all_texts,
    check_text,
    fill,
    save_text,
    text_by_id,
    use_text,
)
from portal.web.access import actor, require
from portal.web.desk.case_page import Sent, render_case, typed_form
from portal.web.desk.door import bp
from portal.web.desk.fields import plain_names
from portal.web.desk.frame import name_of
from portal.web.desk.pages import case_of
from portal.web.desk.ready_texts import facts_of, filled, sample_facts, step_of
from portal.web.desk.report_views import visible
from portal.web.desk.steps import step_called
from portal.web.desk.text_forms import TextForm
from portal.web.row_ids import row_id


@bp.get("/texts")
@require(Permission.ENTER_DESK, Permission.EDIT_TEXTS)
def texts() -> ResponseReturnValue:
    """Every text, by what it is for."""
    rows = all_texts()
    kinds = dict(_categories())
    groups = [(kind, [_row(r, kinds) for r in rows if r.kind is kind]) for kind in TextKind]
    return render_template("desk/texts.html", groups=groups)


@bp.get("/texts/new")
@require(Permission.ENTER_DESK, Permission.EDIT_TEXTS)
def new_text() -> ResponseReturnValue:
    """The empty form."""
    return _page(TextForm(), None)


@bp.get("/texts/<int:text_id>")
@require(Permission.ENTER_DESK, Permission.EDIT_TEXTS)
def show_text(text_id: int) -> ResponseReturnValue:
    """One text in its form."""
    row = text_by_id(text_id) or abort(404)
    given = {name: getattr(row, name) for name in ("reason_code", "title", "text")}
    given |= {
        "kind": row.kind.value,
        "category": row.category_code,
        "state": row.for_state,
        "where_to": row.where_to,
    }
    return _page(TextForm(data=given), row)


@bp.post("/texts/new", endpoint="add_text")
@bp.post("/texts/<int:text_id>", endpoint="change_text")
@require(Permission.ENTER_DESK, Permission.EDIT_TEXTS)
def keep_text(text_id: int | None = None) -> ResponseReturnValue:
    """Show what the text will look like, or keep it."""
    row = None if text_id is None else text_by_id(text_id) or abort(404)
    form = TextForm(plain_names(request.form))
    form.offer(_categories())
    if not form.validate():
        return _page(form, row, is_offered=True), 422
    new = form.to_new()
    try:
        check_text(new)
        if request.form.get("step") == "preview":
            facts = sample_facts()
            shown = {"text": fill(new.text, facts), "where_to": fill(new.where_to, facts)}
            return _page(form, row, preview=shown, is_offered=True)
        with transaction():
            save_text(new, text_id, by=actor(), at=now())
    except InvalidFieldsError as fault:
        for name, group in fault.faults.items():
            form[name].errors = [_(one.message) for one in group]
        return _page(form, row, is_offered=True), fault.http_status
    flash(_("“%(title)s”记下了。", title=new.title))
    return redirect(url_for("desk.texts"), code=303)


@bp.post("/texts/<int:text_id>/use")
@require(Permission.ENTER_DESK, Permission.EDIT_TEXTS)
def switch_text(text_id: int) -> ResponseReturnValue:
    """Offer a text again, or no longer."""
    is_active = request.form.get("active") == "1"
    with transaction():
        use_text(text_id, is_active=is_active, by=actor(), at=now())
    flash(_("可以用了。") if is_active else _("停用了，表单里不再出现。"))
    return redirect(url_for("desk.texts"), code=303)


@bp.post("/reports/<number>/texts/<action>")
@require(Permission.ENTER_DESK)
def put_text(number: str, action: str) -> ResponseReturnValue:
    """The report's page again, the form open and filled with a text; nothing is sent yet."""
    report = visible(number)
    row = text_by_id(row_id(request.form.get("template", "")))
    case = case_of(report, actor(), now())
    if row is None or not row.is_active or step_of(row) != action:
        return redirect(url_for("desk.show_report", number=report.number), code=303)
    step = Action(action)
    if case.offer(step) is None:
        abort(403)
    form = typed_form(step_called(action), case, plain_names(request.form))
    for name, words in filled(row, facts_of(report)).items():
        form[name].data = words
    return render_case(case, Sent(step, form))


def _page(
    form: TextForm,
    row: ReadyText | None,
    preview: dict[str, str] | None = None,
    *,
    is_offered: bool = False,
) -> str:
    if not is_offered:
        form.offer(_categories())
    problems = [(f"text-{one.name}", sentence) for one in form for sentence in one.errors]
    return render_template("desk/text.html", form=form, row=row, preview=preview, problems=problems)


def _row(row: ReadyText, kinds: dict[str, str]) -> dict[str, Any]:
    reason = row.reason_code
    fits = [
        _(DeclineReason(reason).label) if reason in set(DeclineReason) else "",
        kinds.get(row.category_code, "").strip(),
        _(State(row.for_state).label) if row.for_state else "",
    ]
    return {"text": row, "fits": _("，").join(part for part in fits if part)}


def _categories() -> list[tuple[str, str]]:
    found = []
    for branch in category_tree():
        found.append((branch.top.code, name_of(branch.top)))
        found += [(child.code, f"　{name_of(child)}") for child in branch.children]
    return found
