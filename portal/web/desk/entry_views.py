"""Taking a report down for a caller, help, and the style guide."""

from __future__ import annotations

from flask import (
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import now
from portal.core.contact import normalise_phone
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.core.ids import random_key, show_code
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.scope import report_in_scope
from portal.domain.categories.queries import category_by_code, category_tree
from portal.domain.grids.queries import grid_by_code, grids
from portal.domain.reports.filing import Filed, NewReport, Place, file_report
from portal.domain.reports.models import Channel
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW, Step
from portal.domain.reports.vault import Contact
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import add_faults
from portal.web.desk.forms import EntryForm
from portal.web.desk.frame import name_of
from portal.web.desk.verbs import verb
from portal.web.specimens import specimens

_ENTERED = "entered"  # the page that was filed last: sending it again files nothing
# How a report can reach staff; the rest come in by themselves.
_CHANNELS = (
    Channel.PHONE, Channel.HOTLINE, Channel.LETTER, Channel.INSPECTION, Channel.PATROL,
)  # fmt: skip


@bp.get("/reports/new")
@require(Permission.ENTER_DESK, Permission.FILE_FOR_RESIDENT)
def new_report() -> ResponseReturnValue:
    """An empty form, a phone call assumed."""
    form = EntryForm(data={"channel": Channel.PHONE.value, "once": random_key()})
    _offer(form)
    return render_template("desk/new.html", form=form)


@bp.post("/reports/new")
@require(Permission.ENTER_DESK, Permission.FILE_FOR_RESIDENT)
def enter_report() -> ResponseReturnValue:
    """File what was told; the codes are shown once, to be read out to the caller."""
    form = EntryForm(request.form)
    _offer(form)
    if form.once.data and form.once.data == session.get(_ENTERED):
        flash(_("这一件已经登记过了。"), "amber")
        return redirect(url_for("desk.queue", name="mine"), code=303)
    if not form.validate() or not _has_place(form):
        return render_template("desk/new.html", form=form), 422
    try:
        new = _command(form)
    except InvalidFieldsError as fault:
        add_faults(form, fault)
        return render_template("desk/new.html", form=form), fault.http_status
    with transaction():
        filed = file_report(new, by=actor(), at=now())
        page = _receipt(filed, actor())
    session[_ENTERED] = form.once.data
    return page


@bp.get("/help")
@require(Permission.ENTER_DESK)
def help_page() -> ResponseReturnValue:
    """Keys, and the way a report takes."""
    steps = [
        {
            "label": _(action.label),
            "sources": sorted(step.sources, key=list(State).index),
            "target": step.target,
            "who": _("、").join(_takers(step)),
        }
        for action, step in WORKFLOW.items()
    ]
    return render_template("desk/help.html", steps=steps, states=list(State), keys=_keys())


def _takers(step: Step) -> list[str]:
    found = [_(role.label) for role in Role if role in step.roles]
    found += [_("举报人")] if step.by_reporter else []
    return found + ([_("系统")] if step.by_system else [])


def _keys() -> list[tuple[str, str]]:
    return [
        ("J K", _("下一件、上一件")),
        ("Enter", _("打开")),
        ("O", _("打开这一件")),
        ("X", _("选中")),
        ("P", _("放大照片")),
        ("/", _("查找")),
        ("A", _("这一步最主要的动作")),
        ("D", verb(Action.DISPATCH)),
        ("Q", verb(Action.ASK)),
        ("N", _("不予受理、不予公开")),
        ("M", verb(Action.MERGE)),
        ("R", verb(Action.RETURN)),
        ("Esc", _("收起表单")),
        ("?", _("全部快捷键")),
    ]


@bp.get("/styleguide")
@require(Permission.ENTER_DESK)
def styleguide() -> ResponseReturnValue:
    """Every component in every state; only in a demo."""
    settings: Settings = current_app.extensions["portal.settings"]
    if not settings.demo:
        abort(404)
    return render_template("desk/styleguide.html", **specimens(now()))


def _offer(form: EntryForm) -> None:
    form.channel.choices = [(c.value, _(c.label)) for c in _CHANNELS]
    kinds: list[tuple[str, str]] = []
    for branch in category_tree():
        kinds += [
            (child.code, f"{name_of(branch.top)} · {name_of(child)}") for child in branch.children
        ]
        kinds.append((branch.top.code, _("%(kind)s，说不清哪一种", kind=name_of(branch.top))))
    form.category.choices = kinds
    form.grid_code.choices = [
        ("", ""),
        *((grid.code, name_of(grid)) for grid in grids() if grid.parent_id is not None),
    ]


def _has_place(form: EntryForm) -> bool:
    """An address of four characters or a grid, as for residents."""
    if form.grid_code.data or len(form.address.data or "") >= 4:
        return True
    form.address.errors = [_("请写地点，或者选镇街、村社区。")]
    return False


def _command(form: EntryForm) -> NewReport:
    category = category_by_code(form.category.data)
    if category is None:
        raise InvalidFieldsError.one("category", "unknown", _("没有这个类型。"))
    phone = normalise_phone(form.contact_phone.data) if form.contact_phone.data else ""
    if phone is None:
        raise InvalidFieldsError.one("contact_phone", "phone", _("电话号码好像不对，请核对。"))
    grid = grid_by_code(form.grid_code.data) if form.grid_code.data else None
    source = "address" if form.address.data else "grid"
    return NewReport(
        categories=[category],
        description=form.description.data or "",
        place=Place(source=source, address=form.address.data or "", grid=grid),
        accused_name=form.accused_name.data or "",
        contact=Contact(name=form.contact_name.data or "", phone=phone),
        wants_reply=bool(phone),
        channel=Channel(form.channel.data),
    )


def _receipt(filed: Filed, who: Actor) -> str:
    """The page with number and query code: they exist in clear only now."""
    seen = report_in_scope(who, filed.report.number)
    return render_template(
        "desk/entered.html",
        report=filed.report,
        query_code=show_code(filed.query_code),
        is_visible=seen is not None,
    )
