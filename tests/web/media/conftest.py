"""A published report with one released and one withheld photo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from portal.core.clock import now
from portal.core.db import transaction
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.services import open_session
from portal.domain.publication.models import Rounding
from portal.domain.publication.services import (
    PhotoDecision,
    Release,
    decidable_photos,
    publish_report,
)
from portal.domain.reports.models import PhotoKind, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import State
from portal.domain.reports.tracking import report_by_number
from tests.factories import PATHS, city, drain, file_full, photo, staff, user, walk, writing

CSRF_SECRET = "0123456789abcdef"
Login = Callable[..., FlaskClient]


@dataclass(frozen=True)
class Keys:
    """What the photos of the report are called."""

    number: str
    query_code: str
    released: str
    released_private: str
    withheld: str


@pytest.fixture
def login(app: Flask) -> Login:
    """A client in which a member of staff is logged in: `login(Role.CLERK, department="cg")`."""

    def log_in(*roles: Role, department: str = "") -> FlaskClient:
        client = app.test_client()
        with app.app_context():
            someone = user(*roles, department=department)
            with transaction():
                token = open_session(someone, second_factor=True, at=now())
            someone_id = someone.id
        with client.session_transaction() as session:
            session["csrf_token"] = CSRF_SECRET
            session["_user_id"] = f"{someone_id}.{token}"
            session["_fresh"] = True
        return client

    return log_in


def csrf_token(app: Flask) -> str:
    """What a form of a client made by `login` carries."""
    secret: Any = app.secret_key
    return URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(CSRF_SECRET)


@pytest.fixture
def keys(app: Flask) -> Keys:
    """Publish the report."""
    with app.app_context():
        city()
        filed = file_full(photos=[photo(), photo()])
        number = filed.report.number
        drain()
        walk(_report(number), *PATHS[State.RESOLVED])
        drain()
        _publish(number)
        drain()
        return _keys(number, filed.query_code)


def _report(number: str) -> Report:
    """Afresh: delivering ends the session."""
    report = report_by_number(number)
    assert report is not None
    return report


def _publish(number: str) -> None:
    with writing():
        report, by = _report(number), staff(Role.PUBLISHER)
        decisions = {
            p.upload_id: PhotoDecision(release=n != 1)
            for n, p in enumerate(decidable_photos(report))
        }
        release = Release(decisions, Rounding.STREET)
        publish_report(report, release, expected=report.version, by=by, at=report.state_since)


def _keys(number: str, query_code: str) -> Keys:
    first, second = photos_of(_report(number), PhotoKind.EVIDENCE)
    assert first.public_key
    assert second.public_key is None
    return Keys(number, query_code, first.public_key, first.key, second.key)
