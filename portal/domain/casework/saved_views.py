"""Views that staff keep 视图: a name for a list as its address says it; one's own, or shared.

A shared view is the owner's alone to change. Whoever opens it sees what their own scope holds.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_, clean
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.models import User
from portal.domain.accounts.permissions import Permission, Role
from portal.domain.casework.desk_queries import Queue
from portal.domain.casework.models import SavedView

MOST_VIEWS = 12  # a row of tabs can hold no more
LONGEST_NAME = 20  # characters
OF_DEPARTMENTS = (Role.CLERK, Role.HEAD)
# The roles that work in lists; administrators, security and auditors see no cases.
HANDLING = tuple(role for role in Role if role not in {Role.ADMIN, Role.SECURITY, Role.AUDITOR})


def views_of(who: Actor) -> list[SavedView]:
    """The views of this person, in the order they were kept."""
    query = select(SavedView).where(SavedView.user_id == who.user_id).order_by(SavedView.id)
    return list(db.session.scalars(query))


def shared_with(who: Actor) -> list[SavedView]:
    """The views that colleagues in office share with a role of this person."""
    here = SavedView.shared_department_id
    query = (
        select(SavedView)
        .join(SavedView.owner)
        .where(
            SavedView.user_id != who.user_id,
            SavedView.shared_role.in_(who.roles),
            or_(here.is_(None), here == who.department_id),
            User.is_active.is_(True),
        )
    )
    return list(db.session.scalars(query.order_by(SavedView.id).limit(MOST_VIEWS)))


def roles_to_share_with(who: Actor) -> tuple[Role, ...]:
    """Whom this person may share a view with: a head the own department, others any role."""
    if not who.may(Permission.SHARE_VIEW):
        return ()
    return OF_DEPARTMENTS if _is_bound(who) else HANDLING


def share_view(view: SavedView, role: Role | None, *, by: Actor) -> None:
    """Show the view to everybody of `role`, a head's to the own department; None to nobody else.

    Raises NotAllowedError, and InvalidFieldsError for a role that `by` may not share with.
    """
    if not by.may(Permission.SHARE_VIEW):
        raise NotAllowedError(N_("您的岗位不能做这一步。"))
    if role is not None and role not in roles_to_share_with(by):
        raise InvalidFieldsError.one("role", "unknown", N_("不能共享给这个岗位，请重新选。"))
    view.shared_role = role
    view.shared_department_id = by.department_id if role is not None and _is_bound(by) else None
    db.session.flush()


def _is_bound(who: Actor) -> bool:
    """Whether a person speaks for one department only."""
    return not who.may(Permission.SEE_ALL)


def view_of(who: Actor, view_id: int) -> SavedView:
    """One of this person's views. Raises NotFoundError, also for somebody else's."""
    view = db.session.get(SavedView, view_id)
    if view is None or view.user_id != who.user_id:
        raise NotFoundError
    return view


def keep_view(name: str, queue: Queue, query: str, *, by: Actor, at: datetime) -> SavedView:
    """Keep a list under a name; the same list again gets the new name.

    Raises InvalidFieldsError for a bad name, or when MOST_VIEWS are kept.
    """
    name = _fit(name)
    kept = views_of(by)
    view = next((v for v in kept if (v.queue, v.query) == (queue, query)), None)
    if view is None:
        if len(kept) >= MOST_VIEWS:
            raise InvalidFieldsError.one("name", "too_many", N_("最多存12个视图，请先删掉一个。"))
        view = SavedView(user_id=by.user_id, queue=queue, query=query, created_at=at)
        db.session.add(view)
    view.name = name
    db.session.flush()
    return view


def rename_view(view: SavedView, name: str) -> None:
    """Call a view something else. Raises InvalidFieldsError for a bad name."""
    view.name = _fit(name)
    db.session.flush()


def forget_view(view: SavedView) -> None:
    """Take a view away; the reports in it stay where they are."""
    db.session.delete(view)
    db.session.flush()


def _fit(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise InvalidFieldsError.one("name", "required", N_("请给视图起个名字。"))
    if len(name) > LONGEST_NAME:
        raise InvalidFieldsError.one("name", "too_long", N_("视图的名字最多20个字。"))
    return name
