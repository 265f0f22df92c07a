"""Finding members of staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.accounts.models import LoginFailure, Posting, StaffSession, User
from portal.domain.accounts.permissions import Role


def user_by_name(username: str) -> User | None:
    """The user called `username`."""
    return db.session.scalar(select(User).where(User.username == username))


def user_by_id(user_id: int) -> User | None:
    """The user with this id."""
    return db.session.get(User, user_id)


def clerks_of(department_id: int) -> dict[int, str]:
    """Who handles cases in a department: its active clerks, name by id, in order; one statement."""
    query = (
        select(User.id, User.display_name)
        .join(Posting, Posting.user_id == User.id)
        .where(
            Posting.role == Role.CLERK,
            Posting.department_id == department_id,
            User.is_active.is_(True),
        )
    )
    rows = db.session.execute(query.order_by(User.display_name, User.id))
    return {row.id: row.display_name for row in rows}


def names_of(user_ids: Collection[int]) -> dict[int, str]:
    """Display names by id, for timelines inside the desk; one statement."""
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(user_ids)))
    return {row.id: row.display_name for row in rows}


def staff_counts() -> tuple[int, int]:
    """How many accounts are in use, and how many are not; one statement."""
    active = func.count().filter(User.is_active.is_(True))
    row = db.session.execute(select(active, func.count()).select_from(User)).one()
    return row[0], row[1] - row[0]


def session_count() -> int:
    """How many logins are in force or were left to run out."""
    return db.session.scalar(select(func.count()).select_from(StaffSession)) or 0


def login_failures_since(since: datetime) -> int:
    """How many logins were refused from a moment on."""
    query = select(func.count()).where(LoginFailure.at >= since)
    # A refusal is kept twice: for its account and for its address.
    return (db.session.scalar(query) or 0) // 2
