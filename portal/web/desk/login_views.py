"""Logging in and out. The session's token is new after each step, so a planted one is worthless."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from portal.config import Settings
from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.text import clean
from portal.domain.accounts import services as accounts
from portal.domain.accounts.models import StaffSession, User
from portal.domain.accounts.queries import user_by_id
from portal.web.access import client_address, is_staff, public
from portal.web.desk.door import bp
from portal.web.errors import problem, translated, wants_json
from portal.web.login import StaffUser
from portal.web.security import safe_target

_PENDING = "pending_token"  # password given, second factor not yet
_NEXT = "login_next"
# The demo's published logins (contracts.md); shown only with DEMO.
_DEMO_LOGINS = (
    "triage", "clerk-sthj", "head-sthj", "clerk-cg", "head-cg", "reviewer", "publisher",
    "supervisor", "leader", "grid-zhen-01", "admin",
)  # fmt: skip


@bp.get("/login")
@public
def login() -> ResponseReturnValue:
    """The login page; whoever is logged in already goes on."""
    target = safe_target(request.args.get("next", ""), "")
    if is_staff():
        return redirect(target or url_for("desk.home"), code=303)
    return _login_page(target)


@bp.post("/login")
@public
def log_in() -> ResponseReturnValue:
    """Check name and password; then the second factor, unless a demo runs without."""
    username, target = clean(request.form.get("username", "")), _wanted()
    password, at = request.form.get("password", ""), now()
    try:
        user = accounts.check_password(username, password, address=client_address(), at=at)
    except accounts.LoginRefusedError as fault:
        with transaction():
            accounts.record_login_failure(username, client_address(), at)
        return _refused(fault, target, username)
    except accounts.LoginThrottledError as fault:
        return _refused(fault, target, username)
    if not current_app.config["SECOND_FACTOR"]:
        return _enter(user.id, target)
    with transaction():
        token = accounts.open_session(user, second_factor=False, at=at)
    session.clear()
    session[_PENDING], session[_NEXT] = token, target
    return redirect(url_for("desk.second"), code=303)


@bp.get("/login/second")
@public
def second() -> ResponseReturnValue:
    """Ask for the one-time code."""
    if _pending() is None:
        return redirect(url_for("desk.login"), code=303)
    return render_template("desk/second.html", error="")


@bp.post("/login/second")
@public
def check_second() -> ResponseReturnValue:
    """Check the one-time code; it works once, and wrong ones count like wrong passwords."""
    pending, at = _pending(), now()
    if pending is None:
        return redirect(url_for("desk.login"), code=303)
    username, user_id, target = pending.user.username, pending.user_id, session.get(_NEXT, "")
    code = request.form.get("code", "").replace(" ", "")
    try:
        with transaction():
            accounts.refuse_hammering(username, client_address(), at)
            accounts.check_second_factor(_user(user_id), code, at)
            accounts.end_session(session[_PENDING])
    except accounts.LoginRefusedError as fault:
        with transaction():
            accounts.record_login_failure(username, client_address(), at)
        return _second_refused(fault)
    except accounts.LoginThrottledError as fault:
        return _second_refused(fault)
    return _enter(user_id, target)


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session on the server: the cookie is dead at once."""
    if is_staff():
        token: str = current_user.token  # type: ignore[attr-defined]
        with transaction():
            accounts.end_session(token)
    logout_user()
    session.clear()
    return redirect(url_for("desk.login"), code=303)


def _enter(user_id: int, target: str) -> ResponseReturnValue:
    """Open a session in force and go where the visitor wanted to."""
    at = now()
    with transaction():
        token = accounts.open_session(
            _user(user_id), second_factor=current_app.config["SECOND_FACTOR"], at=at
        )
    row = accounts.session_in_force(token, at)
    if row is None:
        return redirect(url_for("desk.login"), code=303)
    session.clear()
    login_user(StaffUser(token, row))
    if wants_json():
        return {"username": row.user.username, "next": target or url_for("desk.home")}
    return redirect(target or url_for("desk.home"), code=303)


def _user(user_id: int) -> User:
    user = user_by_id(user_id)
    if user is None:
        raise accounts.LoginRefusedError
    return user


def _pending() -> StaffSession | None:
    return accounts.session_in_force(session.get(_PENDING, ""), now())


def _wanted() -> str:
    return safe_target(request.form.get("next", ""), "")


def _refused(fault: PortalError, target: str, username: str) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    return _login_page(target, username, fault), fault.http_status, _wait(fault)


def _second_refused(fault: PortalError) -> ResponseReturnValue:
    if wants_json():
        return problem(fault)
    page = render_template("desk/second.html", error=translated(fault))
    return page, fault.http_status, _wait(fault)


def _wait(fault: PortalError) -> dict[str, str]:
    minutes = accounts.WINDOW.total_seconds()
    return {"Retry-After": str(int(minutes))} if fault.http_status == 429 else {}


def _login_page(target: str, username: str = "", fault: PortalError | None = None) -> str:
    settings: Settings = current_app.extensions["portal.settings"]
    return render_template(
        "desk/login.html",
        target=target,
        username=username,
        error=translated(fault) if fault else "",
        demo_logins=_DEMO_LOGINS if settings.demo else (),
        second_factor=current_app.config["SECOND_FACTOR"],
    )
