"""Systems that write over Open311 接入系统: their keys are made, shown once, and revoked here."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.config import Settings
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.timeline.queries import events_of
from portal.domain.writers.models import ApiKey
from portal.domain.writers.queries import uses, writer_by_id, writer_by_name
from portal.domain.writers.services import SUBJECT, add_writer, revoke_writer
from portal.web.access import actor, require
from portal.web.console.door import bp
from portal.web.console.forms import WriterForm


@bp.get("/")
@require(Permission.ENTER_DESK)
def home() -> ResponseReturnValue:
    """What there is to run."""
    return redirect(url_for("console.writer_list"), code=303)


@bp.get("/writers")
@require(Permission.ENTER_DESK, Permission.SEE_WRITERS)
def writer_list() -> ResponseReturnValue:
    """Every system with what it filed, and the form for a new one."""
    return _list(WriterForm())


@bp.post("/writers")
@require(Permission.ENTER_DESK, Permission.KEEP_WRITERS)
def create_writer() -> ResponseReturnValue:
    """Make a key. The answer shows it: it is kept nowhere, so no other page ever can."""
    form, at = WriterForm(request.form), now()
    new = form.to_new()
    try:
        with transaction():
            key = add_writer(new, created_by=actor().name, by=actor(), at=at)
    except InvalidFieldsError as fault:
        form.tell(fault)
        return _list(form), fault.http_status
    settings: Settings = current_app.extensions["portal.settings"]
    return render_template(
        "console/writer_key.html",
        writer=writer_by_name(new.name),
        channel=new.channel,
        key=key,
        base=f"{settings.base_url}/open311",
    ), 201


@bp.get("/writers/<int:writer_id>")
@require(Permission.ENTER_DESK, Permission.SEE_WRITERS)
def show_writer(writer_id: int) -> ResponseReturnValue:
    """One system: its limits, what it filed, and what became of its key."""
    return _one(writer_by_id(writer_id) or abort(404))


@bp.post("/writers/<int:writer_id>/revoke")
@require(Permission.ENTER_DESK, Permission.KEEP_WRITERS)
def revoke(writer_id: int) -> ResponseReturnValue:
    """Take a key back, once that is confirmed."""
    writer = writer_by_id(writer_id) or abort(404)
    if request.form.get("confirm") != "1":
        return _one(writer, _("请先勾选确认。")), 422
    name = writer.name
    with transaction():
        revoke_writer(writer_by_id(writer_id) or abort(404), now(), by=actor())
    flash(_("“%(name)s”的密钥停用了，从现在起写不进来。", name=name))
    return redirect(url_for("console.show_writer", writer_id=writer_id), code=303)


def _list(form: WriterForm) -> str:
    problems = [(f"writer-{one.name}", words) for one in form for words in one.errors]
    return render_template(
        "console/writers.html", rows=uses(), form=form, problems=problems, may_keep=_may_keep()
    )


def _one(writer: ApiKey, problem: str = "") -> str:
    history = events_of(SUBJECT, writer.id)
    return render_template(
        "console/writer.html",
        use=next(use for use in uses() if use.writer.id == writer.id),
        history=history,
        names=names_of({event.actor_id for event in history if event.actor_id}),
        problem=problem,
        may_keep=_may_keep(),
    )


def _may_keep() -> bool:
    return actor().may(Permission.KEEP_WRITERS)
