"""Users and their logins: passwords with argon2id, sessions on the server."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload

from portal.core.crypto import KeyRing, blind_index
from portal.core.db import db
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.ids import random_key
from portal.core.text import N_
from portal.domain.accounts.actor import Actor, ActorKind
from portal.domain.accounts.models import LoginFailure, Posting, StaffSession, User
from portal.domain.accounts.passwords import refuse_weak
from portal.domain.accounts.permissions import Role

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
WINDOW = timedelta(minutes=15)
MOST_FAILURES = 10
MOST_FROM_ADDRESS = 100  # a whole town hall may share one address
_STEP_SECONDS = 30

# OWASP's floor for argon2id: 19 MiB, two passes, one lane (about 29 ms).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


class LoginRefusedError(PortalError):
    """Wrong name or password: the same words and the same work for both."""

    code = "login_refused"
    http_status = 422


class LoginThrottledError(PortalError):
    """Too many failures for this account or from this address."""

    code = "login_throttled"
    http_status = 429


@dataclass(frozen=True)
class NewUser:
    """A member of staff to add, with the roles held in one department or grid."""

    username: str
    display_name: str
    password: str
    roles: Sequence[Role]
    department_id: int | None = None
    grid_id: int | None = None


class _Ring:
    ring: KeyRing


def connect(ring: KeyRing) -> None:
    """Tell accounts which keys encrypt second-factor secrets."""
    _Ring.ring = ring


def add_user(new: NewUser, at: datetime) -> User:
    """Add a member of staff. Raises InvalidFieldsError: the name is taken, the password weak."""
    if db.session.scalar(select(User.id).where(User.username == new.username)):
        raise InvalidFieldsError.one("username", "taken", N_("这个用户名已经有人用了。"))
    refuse_weak(new.password, new.username, new.display_name)
    postings = [
        Posting(role=role, department_id=new.department_id, grid_id=new.grid_id)
        for role in new.roles
    ]
    user = User(
        username=new.username,
        display_name=new.display_name,
        password_hash=_hasher.hash(new.password),
        created_at=at,
        postings=postings,
    )
    db.session.add(user)
    db.session.flush()
    return user


def set_password(user: User, password: str) -> None:
    """Change a password and end every session of the user. Raises InvalidFieldsError."""
    refuse_weak(password, user.username, user.display_name)
    user.password_hash = _hasher.hash(password)
    end_sessions(user.id)


def disable_user(user: User) -> None:
    """Lock a user out at once."""
    user.is_active = False
    end_sessions(user.id)


def check_password(username: str, password: str, *, address: str, at: datetime) -> User:
    """The user behind these credentials.

    Raises LoginRefusedError (same work for unknown names) and LoginThrottledError. The caller
    records a refusal with `record_login_failure` in a transaction of its own.
    """
    refuse_hammering(username, address, at)
    user = db.session.scalar(select(User).where(User.username == username))
    known = user is not None and user.is_active
    try:
        _hasher.verify(user.password_hash if known and user else _NOBODY, password)
    except VerificationError:
        known = False
    if not known or user is None:
        raise LoginRefusedError(N_("用户名或密码不对。"))
    return user


def refuse_hammering(username: str, address: str, at: datetime) -> None:
    """Raise LoginThrottledError after too many failures of this account or from this address."""
    for subject, most in ((username, MOST_FAILURES), (address, MOST_FROM_ADDRESS)):
        query = select(func.count()).where(
            LoginFailure.subject_hash == _keyed(subject), LoginFailure.at > at - WINDOW
        )
        if (db.session.scalar(query) or 0) >= most:
            raise LoginThrottledError(N_("试得太多了。请15分钟后再试。"))


def record_login_failure(username: str, address: str, at: datetime) -> None:
    """Remember a refused login against its account and address, both hashed."""
    for subject in (username, address):
        db.session.add(LoginFailure(subject_hash=_keyed(subject), at=at))


def open_session(user: User, *, second_factor: bool, at: datetime) -> str:
    """Start a session and return its token; `second_factor` whether one was already given."""
    token = random_key()
    row = StaffSession(
        token_hash=_hash(token),
        user_id=user.id,
        created_at=at,
        seen_at=at,
        second_factor_at=at if second_factor else None,
    )
    db.session.add(row)
    return token


# Every page of staff asks for them: one statement instead of two.
_WITH_POSTINGS = joinedload(StaffSession.user).joinedload(User.postings)


def session_in_force(token: str, at: datetime) -> StaffSession | None:
    """The session of `token`, unless idle, too old, or its user was disabled."""
    row = db.session.get(StaffSession, _hash(token), options=[_WITH_POSTINGS])
    if row is None or not row.user.is_active:
        return None
    is_over = row.seen_at + IDLE < at or row.created_at + LONGEST < at
    return None if is_over else row


def touch_session(token: str, at: datetime) -> None:
    """Note that a session is in use."""
    row = db.session.get(StaffSession, _hash(token))
    if row is not None:
        row.seen_at = at


def end_session(token: str) -> None:
    """End one session: the cookie is dead at once."""
    db.session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_sessions(user_id: int) -> None:
    """End every session of a user."""
    db.session.execute(delete(StaffSession).where(StaffSession.user_id == user_id))


def enrol_totp(user: User) -> str:
    """Give the user a fresh TOTP secret and return it, once, for their authenticator."""
    secret = pyotp.random_base32()
    user.totp_secret = _Ring.ring.encrypt(secret, table="user", column="totp_secret", row=user.id)
    user.totp_last_step = None
    return secret


def check_second_factor(user: User, code: str, at: datetime) -> None:
    """Accept a TOTP code once (±1 step). Raises LoginRefusedError."""
    # Under a lock: two logins at the same moment must not both use the code.
    db.session.refresh(user, ["totp_secret", "totp_last_step"], with_for_update=True)
    if user.totp_secret is None:
        raise LoginRefusedError(N_("账号还没有绑定动态口令，请找安全管理员。"))
    sealed = user.totp_secret
    secret = _Ring.ring.decrypt(sealed, table="user", column="totp_secret", row=user.id).decode()
    totp = pyotp.TOTP(secret, interval=_STEP_SECONDS)
    now_step = int(at.timestamp()) // _STEP_SECONDS
    for step in (now_step - 1, now_step, now_step + 1):
        fresh = user.totp_last_step is None or step > user.totp_last_step
        if fresh and totp.verify(code, for_time=step * _STEP_SECONDS):
            user.totp_last_step = step
            return
    raise LoginRefusedError(N_("动态口令不对或已经用过。"))


def confirm_second_factor(token: str, at: datetime) -> None:
    """Note on the session that the second factor was given."""
    db.session.get_one(StaffSession, _hash(token)).second_factor_at = at


def actor_of(user: User) -> Actor:
    """The actor with the postings in force now.

    An actor stands in one department and one grid, those of the oldest posting that names one;
    a role held in another is left out, for a clerk here who is head there is no head here.
    """
    postings = sorted(user.postings, key=lambda p: p.id)
    department_id = next((p.department_id for p in postings if p.department_id), None)
    grid_id = next((p.grid_id for p in postings if p.grid_id), None)
    held = (
        Role(p.role)
        for p in postings
        if p.department_id in {None, department_id} and p.grid_id in {None, grid_id}
    )
    return Actor(
        ActorKind.STAFF, user.id, frozenset(held), department_id, grid_id, user.display_name
    )


def drop_stale(at: datetime) -> None:
    """Forget sessions and failures whose time is over."""
    over = (StaffSession.seen_at < at - IDLE) | (StaffSession.created_at < at - LONGEST)
    db.session.execute(delete(StaffSession).where(over))
    db.session.execute(delete(LoginFailure).where(LoginFailure.at < at - WINDOW))


def _keyed(subject: str) -> str:
    """Keyed, for there are few enough addresses to try them all. A new key forgets failures."""
    key = _Ring.ring.keys[_Ring.ring.current]
    return blind_index(subject, key=key, purpose="login-failure")


def _hash(value: str) -> str:
    return hashlib.sha256(f"staff:{value}".encode()).hexdigest()
