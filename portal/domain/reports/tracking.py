"""Tracking 查进度: number and query code open one report for half an hour."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from portal.core.crypto import blind_index, hmac_code, is_same
from portal.core.db import db
from portal.core.errors import PortalError
from portal.core.ids import random_key, read_code, read_number
from portal.core.text import N_
from portal.domain.reports.models import Report, TrackFailure, TrackSession
from portal.domain.reports.vault import lookup_key

IDLE = timedelta(minutes=30)
WINDOW = timedelta(minutes=15)
MOST_FAILURES = 10  # for one number from one address: numbers are public, so that no stranger
# who knows one can keep its reporter out. Codes have 80 bits: guessing needs no other brake.
MOST_FROM_ADDRESS = 60  # a whole village may share one address behind its operator
_NOBODY = "0" * 64


class WrongCodeError(PortalError):
    """Number and code do not fit together; says the same whether the number exists."""

    code = "wrong_code"
    http_status = 422


class TooManyTriesError(PortalError):
    """Too many wrong codes from this address; wait a quarter of an hour."""

    code = "too_many_tries"
    http_status = 429


def open_session(number: str, code: str, *, address: str, at: datetime) -> tuple[str, Report]:
    """Check the code and open a session; returns its token and the report.

    Raises WrongCodeError (same work for known and unknown numbers) and TooManyTriesError. A caller
    must call `record_failure` in a transaction of its own when WrongCodeError is raised.
    """
    refuse_hammering(number, address, at)
    # Only what is compared: reading a whole report would tell known numbers by their time.
    query = select(Report.id, Report.query_code_mac).where(Report.number == read_number(number))
    found = db.session.execute(query).first()
    given = hmac_code(read_code(code) or "", lookup_key(), "query")
    if not is_same(given, found.query_code_mac if found else _NOBODY) or found is None:
        raise WrongCodeError(N_("编号或查询码不对。请对照回执再试一次。"))
    report = db.session.get_one(Report, found.id)
    token = random_key()
    db.session.add(TrackSession(token_hash=_hash(token), report_id=report.id, seen_at=at))
    return token, report


def report_by_number(typed: str) -> Report | None:
    """The report with the number a person typed, forgiving case, spaces and hyphens."""
    number = read_number(typed)
    return db.session.scalar(select(Report).where(Report.number == number)) if number else None


def record_failure(number: str, address: str, at: datetime) -> None:
    """Remember a wrong code against its number at this address, and the address, both hashed."""
    for subject in (_pair(number, address), address):
        db.session.add(TrackFailure(subject_hash=_keyed(subject), at=at))


def session_report(token: str, at: datetime) -> Report | None:
    """The report a session shows, or None when it is over. Does not extend it."""
    row = db.session.get(TrackSession, _hash(token))
    if row is None or row.seen_at + IDLE < at:
        return None
    return db.session.get(Report, row.report_id)


def touch_session(token: str, at: datetime) -> None:
    """Extend a session that is in use."""
    row = db.session.get(TrackSession, _hash(token))
    if row is not None:
        row.seen_at = at


def session_age(token: str, at: datetime) -> timedelta:
    """How long ago a session was last extended; zero when unknown."""
    row = db.session.get(TrackSession, _hash(token))
    return at - row.seen_at if row else timedelta()


def close_session(token: str) -> None:
    """End a session at once."""
    db.session.execute(delete(TrackSession).where(TrackSession.token_hash == _hash(token)))


def drop_stale(at: datetime) -> None:
    """Forget sessions and failures whose time is over."""
    db.session.execute(delete(TrackSession).where(TrackSession.seen_at < at - IDLE))
    db.session.execute(delete(TrackFailure).where(TrackFailure.at < at - WINDOW))


def refuse_hammering(number: str, address: str, at: datetime) -> None:
    """Raise TooManyTriesError when an address tried too many wrong codes."""
    pair = _pair(number, address)
    for subject, most in ((pair, MOST_FAILURES), (address, MOST_FROM_ADDRESS)):
        query = select(func.count()).where(
            TrackFailure.subject_hash == _keyed(subject), TrackFailure.at > at - WINDOW
        )
        if (db.session.scalar(query) or 0) >= most:
            raise TooManyTriesError(N_("试得太多了。请15分钟后再试。"))


def _pair(number: str, address: str) -> str:
    return f"{number} {address}"


def _keyed(subject: str) -> str:
    """Keyed, for there are few enough addresses to try them all."""
    return blind_index(subject, key=lookup_key(), purpose="track-failure")


def _hash(value: str) -> str:
    return hashlib.sha256(f"track:{value}".encode()).hexdigest()
