"""Taking a report down for a caller, help, and the style guide."""

from __future__ import annotations

from http import HTTPStatus

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
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.core.ids import random_key, show_code
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.scope import report_in_scope
from portal.domain.reports.filing import Filed, file_report
from portal.domain.reports.models import Channel, PhotoKind
from portal.domain.reports.photos import Stored
from portal.domain.reports.states import Action, State
from portal.domain.reports.table import WORKFLOW, Step
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.entries import has_place, offer, to_command
from portal.web.desk.faults import add_faults
from portal.web.desk.fields import plain_names
from portal.web.desk.forms import EntryForm
from portal.web.desk.incoming import keep_photos, store_files, take_photos
from portal.web.desk.verbs import verb
from portal.web.specimens import specimens

_ENTERED = "entered"  # the page that was filed last: sending it again files nothing


@bp.get("/reports/new")
@require(Permission.ENTER_DESK, Permission.FILE_FOR_RESIDENT)
def new_report() -> ResponseReturnValue:
    """An empty form, a phone call assumed."""
    form = EntryForm(data={"channel": Channel.PHONE.value, "once": random_key()})
    offer(form)
    return render_template("desk/new.html", form=form)


@bp.post("/reports/new")
@require(Permission.ENTER_DESK, Permission.FILE_FOR_RESIDENT)
def enter_report() -> ResponseReturnValue:
    """File what was told; the codes are shown once, to be read out to the caller."""
    form = EntryForm(plain_names(request.form))
    offer(form)
    if form.once.data and form.once.data == session.get(_ENTERED):
        flash(_("这一件已经登记过了。"), "amber")
        return redirect(url_for("desk.queue", name="mine"), code=303)
    who, at, stored = actor(), now(), []
    try:
        stored = store_files("photos")
        if not form.validate() or not has_place(form):
            return _again(form, stored)
        to_command(form)
        with transaction():
            photos = take_photos(stored, form.photo_ids.data, PhotoKind.EVIDENCE, who, at)
            filed = file_report(to_command(form, photos), by=who, at=at)
            page = _receipt(filed, who)
    except InvalidFieldsError as fault:
        add_faults(form, fault)
        return _again(form, stored)
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


def _again(form: EntryForm, stored: list[Stored]) -> ResponseReturnValue:
    """The form with its faults; photos that came with it need not be chosen again."""
    kept = [*form.photo_ids.data, *keep_photos(stored, PhotoKind.EVIDENCE, actor(), now())]
    return render_template("desk/new.html", form=form, kept=kept), HTTPStatus.UNPROCESSABLE_ENTITY


def _receipt(filed: Filed, who: Actor) -> str:
    """The page with number and query code: they exist in clear only now."""
    seen = report_in_scope(who, filed.report.number)
    return render_template(
        "desk/entered.html",
        report=filed.report,
        query_code=show_code(filed.query_code),
        is_visible=seen is not None,
    )
