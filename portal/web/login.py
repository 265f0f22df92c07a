"""Flask-Login on server-side sessions: the cookie holds a random token, the database the rest."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.models import StaffSession
from portal.domain.accounts.services import actor_of, session_in_force, touch_session

_TOUCH_EVERY = timedelta(minutes=1)


class StaffUser(UserMixin):
    """The member of staff behind a session in force."""

    def __init__(self, token: str, row: StaffSession) -> None:
        self.token = token
        self.user = row.user
        self._actor = actor_of(row.user)

    def get_id(self) -> str:
        """User id and random token: dead as soon as the session row is gone."""
        return f"{self.user.id}.{self.token}"

    @property
    def actor(self) -> Actor:
        """Who acts, with the postings in force now."""
        return self._actor

    @property
    def name(self) -> str:
        """The name on screen."""
        return self._actor.name


def register(app: Flask) -> None:
    """Let Flask-Login look sessions up on the server."""
    manager = LoginManager()
    manager.session_protection = None  # type: ignore[assignment]  # our tokens live on the server; a changed IP is no theft
    manager.init_app(app)
    manager.user_loader(_load)


def _load(user_and_token: str) -> StaffUser | None:
    _, _, token = user_and_token.partition(".")
    row = session_in_force(token, now())
    if row is None:
        session.pop("_user_id", None)
        return None
    if current_app.config["SECOND_FACTOR"] and row.second_factor_at is None:
        return None
    if row.seen_at + _TOUCH_EVERY < now():
        with transaction():
            touch_session(token, now())
        row = session_in_force(token, now())
    return StaffUser(token, row) if row else None
