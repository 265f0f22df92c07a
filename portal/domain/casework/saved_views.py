"""Views that staff keep 视图: a name for a list as its address says it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import InvalidFieldsError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.desk_queries import Queue
from portal.domain.casework.models import SavedView

MOST_VIEWS = 12  # a row of tabs can hold no more
LONGEST_NAME = 20  # characters


def views_of(who: Actor) -> list[SavedView]:
    """The views of this person, in the order they were kept."""
    query = select(SavedView).where(SavedView.user_id == who.user_id).order_by(SavedView.id)
    return list(db.session.scalars(query))


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
    name = " ".join(name.split())
    if not name:
        raise InvalidFieldsError.one("name", "required", N_("请给视图起个名字。"))
    if len(name) > LONGEST_NAME:
        raise InvalidFieldsError.one("name", "too_long", N_("视图的名字最多20个字。"))
    return name
