"""Users, their postings and their server-side sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid


class User(Base):
    """A member of staff 工作人员."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[bytes | None]  # encrypted, bound to this row
    totp_last_step: Mapped[int | None]  # pyotp takes a code twice: remember the last one used
    created_at: Mapped[datetime]

    postings: Mapped[list[Posting]] = relationship(back_populates="user", lazy="selectin")


class Posting(Base):
    """A role held in a department or for a grid 任职."""

    __tablename__ = "posting"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(20))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))

    user: Mapped[User] = relationship(back_populates="postings")
    department: Mapped[Department | None] = relationship(lazy="joined")
    grid: Mapped[Grid | None] = relationship(lazy="joined")


class StaffSession(Base):
    """A login in force 会话. Only a hash of the token is kept; deleting the row ends it."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("ix_staff_session_user_id", "user_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class LoginFailure(Base):
    """A refused login 登录失败, for throttling per account and per address (both hashed)."""

    __tablename__ = "login_failure"
    __table_args__ = (Index("ix_login_failure_subject_hash_at", "subject_hash", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
