"""Finding members of staff."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from portal.core.db import db
from portal.domain.accounts.models import Posting, User
from portal.domain.accounts.permissions import Role


def user_by_name(username: str) -> User | None:
    """The user called `username`."""
    return db.session.scalar(select(User).where(User.username == username))


def user_by_id(user_id: int) -> User | None:
    """The user with this id."""
    return db.session.get(User, user_id)


def clerks_of(department_id: int) -> list[User]:
    """Who handles cases in a department: its active clerks, by name; one statement and postings."""
    posted = select(Posting.user_id).where(
        Posting.role == Role.CLERK, Posting.department_id == department_id
    )
    query = select(User).where(User.id.in_(posted), User.is_active.is_(True))
    return list(db.session.scalars(query.order_by(User.display_name, User.id)))


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Display names by id, for timelines inside the desk; one statement."""
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(user_ids)))
    return {row.id: row.display_name for row in rows}
