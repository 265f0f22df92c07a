"""Where personal data could slip out in clear: error texts, and digests that can be guessed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_sqlalchemy.session import Session
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.domain.accounts.models import LoginFailure
from portal.domain.accounts.services import record_login_failure
from portal.domain.reports.models import SealedReceipt, TrackFailure
from portal.domain.reports.receipts import KeyReusedError, earned_receipt, keep_receipt, reserve
from portal.domain.reports.tracking import record_failure
from portal.web.citizen.consents import CONSENT_VERSION
from portal.web.limits import subject_digest
from tests import factories
from tests.factories import START

PHONE = "13800138000"
ADDRESS = "203.0.113.9"


@pytest.mark.engine
def test_an_error_of_the_database_quotes_no_value(session: scoped_session[Session]) -> None:
    """Such errors are logged whole, and what was being written may be somebody's words."""
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(text("INSERT INTO nowhere (phone) VALUES (:phone)"), {"phone": PHONE})
    db.session.rollback()
    assert "nowhere" in str(caught.value)
    assert PHONE not in str(caught.value) + repr(caught.value)


def test_the_digest_of_a_body_cannot_be_guessed_from_the_database(
    session: scoped_session[Session],
) -> None:
    """All but the phone number stands in the report: a bare digest would give it away."""
    body = hashlib.sha256(PHONE.encode()).hexdigest()
    with transaction():
        for handle in ("key:one", "key:two"):
            assert reserve(handle, body, START) is None
            keep_receipt(handle, {"number": handle}, START + timedelta(days=7))
    kept = list(db.session.scalars(select(SealedReceipt.body_digest)))
    assert body not in kept
    assert len(set(kept)) == 2
    assert earned_receipt("key:one", body, START) == {"number": "key:one"}
    with transaction():
        assert reserve("key:two", body, START) == {"number": "key:two"}
    with pytest.raises(KeyReusedError):
        earned_receipt("key:one", "0" * 64, START)


def test_an_address_cannot_be_guessed_from_the_failures_kept(
    session: scoped_session[Session],
) -> None:
    """Four thousand million addresses are soon tried against a bare digest."""
    with transaction():
        record_failure("SP1", ADDRESS, START)
        record_login_failure("triage", ADDRESS, START)
    kept = {*session.scalars(select(TrackFailure.subject_hash))}
    kept |= {*session.scalars(select(LoginFailure.subject_hash))}
    assert len(kept) == 4
    for salt in ("", "track:", "staff:"):
        assert hashlib.sha256(f"{salt}{ADDRESS}".encode()).hexdigest() not in kept


def test_limits_keep_no_address_and_no_phone(app: Flask, client: FlaskClient) -> None:
    """Nor digests that could be tried out, nor the same ones two days in a row."""
    with app.app_context():
        factories.city()
        day, next_day = (subject_digest(ADDRESS, START + timedelta(days=n)) for n in (0, 1))
        assert day != next_day
        assert day == subject_digest(ADDRESS, START + timedelta(hours=1))
    fields = {
        "category": "air.dust",
        "description": "工地土堆没盖，刮风就扬尘。",
        "address": "人民路建设路口",
        "consent": CONSENT_VERSION,
        "contact_phone": PHONE,
        "consent_contact": CONSENT_VERSION,
    }
    headers = {"Accept": "application/json", "Idempotency-Key": str(uuid4())}
    for _ in range(2):
        sent = client.post(
            "/report", data=fields, headers=headers, environ_base={"REMOTE_ADDR": ADDRESS}
        )
        assert sent.status_code == 201
    kept = b"".join(path.read_bytes() for path in Path(app.instance_path).glob("limits.db*"))
    assert kept.count(b"filings") >= 3
    for marker in (ADDRESS, PHONE):
        assert marker.encode() not in kept
        for salt in ("", "track:", "limits"):
            digest = hashlib.sha256(f"{salt}{marker}".encode())
            assert digest.hexdigest().encode() not in kept
            assert digest.digest() not in kept
