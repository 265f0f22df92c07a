"""Logins, sessions, second factors and what roles carry."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.models import Posting, StaffSession
from portal.domain.accounts.permissions import GRANTS, Permission, Role, permissions_of
from portal.domain.accounts.services import (
    IDLE,
    LONGEST,
    MOST_FAILURES,
    MOST_FROM_ADDRESS,
    WINDOW,
    LoginRefusedError,
    LoginThrottledError,
    NewUser,
    actor_of,
    add_user,
    check_password,
    check_second_factor,
    disable_user,
    drop_stale,
    enrol_totp,
    open_session,
    record_login_failure,
    session_in_force,
    set_password,
    touch_session,
)
from portal.domain.casework.scope import report_in_scope
from portal.domain.reports.states import State
from tests.factories import (
    OTHER_VILLAGE,
    PASSWORD,
    START,
    TOWN,
    VILLAGE,
    at_state,
    file,
    make_department,
    staff,
    user,
)

BUSINESS = {Permission.SEE_ALL, Permission.SEE_DEPARTMENT, Permission.SEE_GRID}


def login(name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> str:
    return check_password(name, password, address=address, at=START).username


# The administrator is told how the system does: two warnings, and nothing of a case.
OFFICES = {
    Role.ADMIN: {
        Permission.ENTER_DESK, Permission.SEE_ACCURACY, Permission.SEE_CALENDAR_WARNING,
        Permission.SEE_LOG_WARNING, Permission.SEE_WRITERS, Permission.KEEP_WRITERS,
    },
    Role.SECURITY: {Permission.ENTER_DESK, Permission.SEE_WRITERS},
    Role.AUDITOR: {Permission.ENTER_DESK, Permission.SEE_WRITERS},
    Role.OBSERVER: {Permission.ENTER_DESK},
}  # fmt: skip


def test_the_three_offices_hold_no_business(db_city: scoped_session[Session]) -> None:
    """三员分立: they enter the desk and see no report."""
    report = at_state(State.HANDLING)
    for role, granted in OFFICES.items():
        assert GRANTS[role] == granted
        assert report_in_scope(staff(role), report.number) is None
    assert set(GRANTS) == set(Role)
    assert permissions_of(frozenset()) == frozenset()


def test_who_sees_what(db_city: scoped_session[Session]) -> None:
    """Departments what is theirs, grid officers their subtree, the middle everything."""
    report, fresh = at_state(State.DISPATCHED), file()

    def sees(*roles: Role, **where: str) -> tuple[bool, bool]:
        by = staff(*roles, **where)
        return tuple(report_in_scope(by, r.number) is not None for r in (report, fresh))  # type: ignore[return-value]

    for role in (Role.TRIAGE, Role.REVIEWER, Role.PUBLISHER, Role.SUPERVISOR, Role.LEADER):
        assert sees(role) == (True, True)
    assert sees(Role.CLERK) == sees(Role.HEAD) == (True, False)
    assert sees(Role.CLERK, department="zhen-01") == (True, False)
    assert sees(Role.CLERK, department="cg") == (False, False)
    assert sees(Role.GRID, grid_code=TOWN) == sees(Role.GRID, grid_code="999901") == (True, True)
    assert sees(Role.GRID, grid_code=VILLAGE) == (True, True)
    assert sees(Role.GRID, grid_code=OTHER_VILLAGE) == (False, False)
    assert report_in_scope(staff(Role.TRIAGE), "SP260309999999X") is None


def test_a_role_of_another_department_does_not_travel(db_city: scoped_session[Session]) -> None:
    """Clerk here and head there: in this department a clerk, never its head."""
    row = user(Role.CLERK, department="sthj", username="two-places")
    with transaction():
        there = Posting(user_id=row.id, role=Role.HEAD, department_id=make_department("cg").id)
        db.session.add(there)
    db.session.expire_all()
    actor = actor_of(row)
    homes = {p.role: p.department_id for p in row.postings}
    assert actor.department_id is not None
    assert {homes[role] for role in actor.roles} == {actor.department_id}


def test_a_role_taken_away_is_gone_at_once(db_city: scoped_session[Session]) -> None:
    row = user(Role.TRIAGE, Role.REVIEWER, username="both")
    with transaction():
        db.session.delete(next(p for p in row.postings if p.role == Role.REVIEWER))
    db.session.expire_all()
    assert actor_of(row).roles == {Role.TRIAGE}


def test_passwords(db_city: scoped_session[Session]) -> None:
    with transaction():
        made = add_user(NewUser("wang", "王", "correct horse", [Role.TRIAGE]), START)
    assert made.password_hash.startswith("$argon2id$")
    assert "correct horse" not in made.password_hash
    assert login("wang", "correct horse") == "wang"
    with pytest.raises(InvalidFieldsError), transaction():
        add_user(NewUser("wang", "另一个王", "x", [Role.TRIAGE]), START)
    messages = set()
    for name, password in (("wang", "wrong"), ("nobody", "wrong"), ("WANG", "correct horse")):
        with pytest.raises(LoginRefusedError) as caught:
            login(name, password)
        messages.add(caught.value.detail)
    assert len(messages) == 1
    with transaction():
        disable_user(made)
    with pytest.raises(LoginRefusedError):
        login("wang", "correct horse")


def test_throttled_by_account_and_by_address(db_city: scoped_session[Session]) -> None:
    """Ten for a name, a hundred from one address; others are not touched; it passes."""
    user(Role.TRIAGE)
    user(Role.REVIEWER)
    with transaction():
        for n in range(MOST_FAILURES):
            record_login_failure("triage", f"10.1.0.{n}", START)
    with pytest.raises(LoginThrottledError):
        login("triage")
    assert login("reviewer") == "reviewer"
    with transaction():
        for n in range(MOST_FROM_ADDRESS):
            record_login_failure(f"name{n}", "10.9.9.9", START)
    with pytest.raises(LoginThrottledError):
        login("reviewer", address="10.9.9.9")
    later = START + WINDOW + timedelta(seconds=1)
    found = check_password("triage", PASSWORD, address="10.9.9.9", at=later)
    assert found.username == "triage"


def test_sessions_end(db_city: scoped_session[Session]) -> None:
    """Idle, too old, a new password, disabled: the cookie is dead at once."""
    row = user(Role.TRIAGE)
    with transaction():
        token = open_session(row, second_factor=True, at=START)
    assert session_in_force(token, START + IDLE) is not None
    assert session_in_force(token, START + IDLE + timedelta(seconds=1)) is None
    assert session_in_force("0" * 32, START) is None
    rows = db.session.scalars(select(StaffSession)).all()
    assert token not in {r.token_hash for r in rows}
    moment = START
    with transaction():
        while moment < START + LONGEST:
            moment += IDLE / 2
            touch_session(token, moment)
    assert session_in_force(token, START + LONGEST) is not None
    assert session_in_force(token, START + LONGEST + timedelta(seconds=1)) is None
    for end in (lambda one: set_password(one, "a-quite-new-password"), disable_user):
        with transaction():
            token = open_session(row, second_factor=True, at=START)
        with transaction():
            end(row)
        assert session_in_force(token, START) is None


def test_stale_rows_are_dropped(db_city: scoped_session[Session]) -> None:
    with transaction():
        open_session(user(Role.TRIAGE), second_factor=False, at=START)
    with transaction():
        drop_stale(START + IDLE + timedelta(seconds=1))
    assert db.session.scalars(select(StaffSession)).all() == []


def test_a_code_works_once(db_city: scoped_session[Session]) -> None:
    row = user(Role.TRIAGE)
    with pytest.raises(LoginRefusedError):
        check_second_factor(row, "000000", START)
    with transaction():
        secret = enrol_totp(row)
    assert row.totp_secret is not None
    assert secret.encode() not in row.totp_secret
    totp = pyotp.TOTP(secret)
    now, before = totp.at(START), totp.at(START - timedelta(seconds=30))
    with transaction():
        check_second_factor(row, now, START)
    for code in (now, before, "12345", ""):
        with pytest.raises(LoginRefusedError), transaction():
            check_second_factor(row, code, START)
    later = START + timedelta(seconds=30)
    with transaction():
        check_second_factor(row, totp.at(later), later)
