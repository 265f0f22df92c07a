"""Keeping lists under a name: one's own tabs over the queues."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotFoundError
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.models import SavedView
from portal.domain.casework.saved_views import (
    forget_view,
    keep_view,
    rename_view,
    roles_to_share_with,
    share_view,
    shared_with,
    view_of,
    views_of,
)
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.listing import listing_said
from portal.web.desk.view_tabs import listing_of


@bp.get("/views")
@require(Permission.ENTER_DESK)
def views() -> ResponseReturnValue:
    """One's own views, to be renamed or deleted."""
    who = actor()
    roles = [(role.value, _(role.label)) for role in roles_to_share_with(who)]
    own, shared = _rows(views_of(who)), _rows(shared_with(who))
    return render_template("desk/views.html", views=own, shared=shared, roles=roles)


@bp.post("/views")
@require(Permission.ENTER_DESK)
def save_view() -> ResponseReturnValue:
    """Keep the list that the form came from."""
    listing = listing_said(request.form.get("back", ""))
    if listing is None:
        abort(404)
    try:
        with transaction():
            name = request.form.get("name", "")
            keep_view(name, listing.queue, listing.narrowing(), by=actor(), at=now())
        flash(_("存好了，在上面的标签里。"))
    except InvalidFieldsError as fault:
        flash(_first(fault), "amber")
    return redirect(listing.url(after=""), code=303)


@bp.post("/views/<int:view_id>")
@require(Permission.ENTER_DESK)
def name_view(view_id: int) -> ResponseReturnValue:
    """Call a view something else."""
    try:
        with transaction():
            rename_view(view_of(actor(), view_id), request.form.get("name", ""))
        flash(_("改好了。"))
    except InvalidFieldsError as fault:
        flash(_first(fault), "amber")
    return redirect(url_for("desk.views"), code=303)


@bp.post("/views/<int:view_id>/share")
@require(Permission.ENTER_DESK)
def share_one_view(view_id: int) -> ResponseReturnValue:
    """Show a view to a role, or to nobody else any more."""
    given = request.form.get("role", "")
    try:
        with transaction():
            role = next((one for one in Role if one == given), None)
            if given and role is None:
                raise NotFoundError
            share_view(view_of(actor(), view_id), role, by=actor())
        flash(_("共享了，他们在列表上面的标签里会看到。") if role else _("只有您自己看得到了。"))
    except InvalidFieldsError as fault:
        flash(_first(fault), "amber")
    return redirect(url_for("desk.views"), code=303)


@bp.post("/views/<int:view_id>/delete")
@require(Permission.ENTER_DESK)
def delete_view(view_id: int) -> ResponseReturnValue:
    """Take a view away."""
    with transaction():
        forget_view(view_of(actor(), view_id))
    flash(_("视图删掉了，里面的举报都还在。"))
    return redirect(url_for("desk.views"), code=303)


def _first(fault: InvalidFieldsError) -> str:
    return next(_(one.message) for group in fault.faults.values() for one in group)


def _rows(views: list[SavedView]) -> list[dict[str, Any]]:
    rows = [(view, listing_of(view)) for view in views]
    return [
        {
            "id": v.id,
            "name": v.name,
            "queue": listing.queue,
            "href": listing.url(),
            "owner": v.owner.display_name,
            "role": v.shared_role or "",
        }
        for v, listing in rows
        if listing is not None
    ]
