"""Whatever somebody changes behind the portal's back, the audit finds it and names it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.core.signing import Signer
from portal.domain.openlog import services
from portal.domain.openlog.audit import audit_log
from portal.domain.openlog.models import LogKey
from portal.domain.reports.models import Report
from portal.domain.reports.states import State
from portal.domain.timeline.erasing import erase_payloads
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of, last_event
from tests.domain.openlog.ledger import changed, faults, heads, seal_all, sealing, tamper
from tests.factories import at_state, file

pytestmark = pytest.mark.engine


@pytest.fixture
def report(db_city: scoped_session[Session]) -> Report:
    """A case with a sealed history, and another one."""
    file()
    report = at_state(State.RESOLVED)
    seal_all()
    assert faults() == []
    return report


def accepted(report: Report) -> TimelineEvent:
    event = last_event("report", report.id, "accept")
    assert event is not None
    return event


def blobs(engine: str) -> dict[str, str]:
    """Bytes as the engine's SQL writes them: other data of a leaf, none, a mark, a nonce."""
    values = {"v": b'\x80{"v": 1}', "nothing": b"\x80", "mark": bytes(8), "nonce": bytes(16)}
    start = "X'" if engine == "sqlite" else "'\\x"
    return {name: f"{start}{value.hex()}'" for name, value in values.items()}


EVENT_CHANGES = (
    "kind = 'decline'",
    "actor_id = NULL",
    "at = '2020-01-01 00:00:00'",
    'data = \'{"to": "accepted"}\'',
    "subject_id = 1",
    "nonce = {nonce}",
    "is_public = NOT is_public",
)


def test_a_changed_event_is_named(report: Report, engine: str) -> None:
    event_id, number = accepted(report).id, report.number
    for change in EVENT_CHANGES:
        put = change.replace("{nonce}", blobs(engine)["nonce"])
        with changed("timeline_event", "id", event_id, put) as found:
            named = [fault for fault in found if f"event {event_id}, sealed" in fault]
            assert len(named) == 1, (change, found)
            assert "changed after it was sealed" in named[0]
            assert number in named[0] or "subject_id" in change
    assert faults() == []


def test_a_deleted_event_is_named(report: Report) -> None:
    event_id = accepted(report).id
    owed = "DELETE FROM delivery WHERE event_id = :id"
    tamper(owed, "DELETE FROM timeline_event WHERE id = :id", id=event_id)
    assert any(f"event {event_id}" in f and "deleted" in f for f in faults())


def test_events_that_change_places_are_named(report: Report) -> None:
    first, second = [event.id for event in events_of("report", report.id)[3:5]]
    tamper(
        "UPDATE timeline_event SET nonce = (SELECT nonce FROM timeline_event WHERE id = :second),"
        " kind = (SELECT kind FROM timeline_event WHERE id = :second),"
        " data = (SELECT data FROM timeline_event WHERE id = :second) WHERE id = :first",
        first=first,
        second=second,
    )
    assert any(f"event {first}, sealed" in fault for fault in faults())


UNFILED = "what was filed is not what the receipt commits to"
REPORT_CHANGES = {
    "state = 'handling'": "its state is handling, its history ends in resolved",
    "description = 'x'": UNFILED,
    "address = 'x'": UNFILED,
    "raw_lat = raw_lat + 0.0001": UNFILED,
    "content_commitment = {nonce}": "changed after it was sealed",
    "content_nonce = {nonce}": "changed after it was sealed",
    "number = 'SP261122999999X'": "SP261122999999X, event",
}


def test_a_changed_report_is_named(report: Report, engine: str) -> None:
    report_id = report.id
    for change, words in REPORT_CHANGES.items():
        put = change.format(**blobs(engine))
        with changed("report", "id", report_id, put) as found:
            assert any(words in fault for fault in found), (change, found)
    assert faults() == []


def test_a_hidden_event_is_named(report: Report) -> None:
    """Recorded, but kept out of the log."""
    event = accepted(report)
    tamper("DELETE FROM seal WHERE seq = (SELECT max(seq) FROM seal)")
    found = faults()
    assert any("was never sealed" in fault for fault in found)
    assert any("tells of" in fault for fault in found)
    assert not any(f"event {event.id}," in fault for fault in found)


LOG_CHANGES = (
    ("seal", "seq", 2, "entry = {v}", "not that of its entry"),
    ("seal", "seq", 2, "entry = {nothing}", "changed after it was sealed"),
    ("seal", "seq", 2, "mark = {mark}", "not that of its entry"),
    ("seal", "seq", 2, "seq = 999", "number 2 of the log is missing"),
    ("log_head", "id", 1, "root = '{0}'", "another root"),
    ("log_head", "id", 1, "size = size + 1", "tells of"),
    ("log_head", "id", 1, "at = '2020-01-01 00:00:00'", "its signature is false"),
    ("log_head", "id", 1, "key_id = '0000'", "a key that nobody entered"),
)


def test_a_changed_log_is_named(report: Report, engine: str) -> None:
    for table, key, value, change, words in LOG_CHANGES:
        if change.startswith("seq"):
            tamper("UPDATE seal SET seq = 999 WHERE seq = 2")
            assert any(words in fault for fault in faults())
            tamper("UPDATE seal SET seq = 2 WHERE seq = 999")
            continue
        put = change.format("ab" * 32, **blobs(engine))
        with changed(table, key, value, put) as found:
            assert any(words in fault for fault in found), (change, found)
    assert faults() == []
    tamper("INSERT INTO log_node VALUES (1, 0, 'ab')")
    assert any("block 0 of level 1 is too much" in fault for fault in faults())
    tamper(f"UPDATE log_key SET public = '{'ab' * 32}'")  # noqa: S608
    assert any("is not what it is called" in fault for fault in faults())


def test_a_rebuilt_log_does_not_fit_its_heads(report: Report) -> None:
    """Somebody drops an event and seals everything anew: the heads that others keep differ."""
    event_id = accepted(report).id
    tamper(
        "DELETE FROM delivery WHERE event_id = :id",
        "DELETE FROM timeline_event WHERE id = :id",
        "DELETE FROM seal",
        id=event_id,
    )
    sealing().run(everywhere=True)
    assert any("tells of" in f or "another root" in f for f in faults())


def test_erasing_breaks_nothing_and_says_so(report: Report) -> None:
    event = accepted(report)
    event_id = event.id
    with transaction():
        erase_payloads([db.session.merge(event)], "retention", actor_id=None, at=event.at)
    gone = db.session.get_one(TimelineEvent, event_id)
    assert (gone.data, gone.nonce) == ({}, None)
    seal_all()
    assert faults() == []
    assert audit_log().erased == 1


def test_a_case_forgotten_stays_sealed(report: Report) -> None:
    """The case's nonce is destroyed: nobody can open its pseudonym or content any more."""
    with transaction():
        db.session.merge(report).content_nonce = ""
    assert faults() == []
    event_id = accepted(report).id
    tamper("UPDATE timeline_event SET kind = 'decline' WHERE id = :id", id=event_id)
    assert any("changed after" in fault for fault in faults())


def test_erasing_by_hand_is_named(report: Report) -> None:
    event_id = accepted(report).id
    tamper("UPDATE timeline_event SET data = '{}', nonce = NULL WHERE id = :id", id=event_id)
    assert any(f"event {event_id}" in f and "no event says why" in f for f in faults())


def test_what_is_recorded_late_is_noted(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.domain.openlog.audit._MOST_NOTES", 1)
    for _ in range(2):
        file(at=heads()[-1].at - timedelta(days=9))
    seal_all()
    found = audit_log()
    (note,) = found.notes
    assert "recorded 9 days after" in note
    assert found.more == 1
    assert faults() == []


def test_a_new_key_is_endorsed_by_the_old_one(report: Report) -> None:
    old, new = sealing().signers()[0], Signer(b"n" * 32)
    at = heads()[-1].at + timedelta(minutes=1)
    with transaction():
        services.sign_head([new, old], "here", at)
    first, second = db.session.scalars(select(LogKey).order_by(LogKey.since)).all()
    assert (first.endorsed_by, second.endorsed_by) == (None, first.key_id)
    assert faults() == []
    false = "ab" * 64
    tamper("UPDATE log_key SET endorsement = :false WHERE endorsed_by IS NOT NULL", false=false)
    assert any("endorsement" in fault for fault in faults())
    with transaction():
        services.sign_head([Signer(b"m" * 32)], "here", at)
    assert db.session.scalars(select(LogKey.endorsed_by).order_by(LogKey.since)).all()
