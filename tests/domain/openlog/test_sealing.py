"""Every event gets its place in the log, once, in order, whoever seals and whenever."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import Connection, delete, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import scoped_session

from portal.core.clock import local, now
from portal.core.db import db, transaction
from portal.core.merkle import is_consistent, leaf_hash, root_by_inclusion, root_of
from portal.domain.openlog import queries, services
from portal.domain.openlog.entries import OPEN_STEPS, case_pseudonym, leaf_of
from portal.domain.openlog.models import LogHead, LogKey, LogNode, Seal
from portal.domain.openlog.tree import BLOCK, Tree
from portal.domain.reports.states import State
from portal.domain.timeline.models import TimelineEvent
from portal.domain.timeline.queries import events_of
from portal.domain.timeline.services import Happening, record_event
from tests.domain.openlog.ledger import faults, heads, seal_all, sealing, seals
from tests.factories import START, at_state, file, file_full

pytestmark = pytest.mark.engine


def many(count: int) -> None:
    with transaction():
        for n in range(count):
            record_event(Happening("report", n + 1, "original_opened", START, "staff"))


def test_everything_is_sealed_once_and_in_order(db_city: scoped_session[Session]) -> None:
    report = at_state(State.RESOLVED)
    count = seal_all()
    events = db.session.scalars(select(TimelineEvent.id).order_by(TimelineEvent.id)).all()
    assert [s.event_id for s in seals()] == list(events)
    assert [s.seq for s in seals()] == list(range(count))
    assert sealing().run() == 0
    file()
    assert sealing().run() == 1
    assert [s.seq for s in seals()] == list(range(count + 1))
    told = [json.loads(s.entry) for s in seals()]
    named = case_pseudonym(report.number, report.content_nonce)
    steps = [e.kind for e in events_of("report", report.id) if e.kind in OPEN_STEPS]
    assert [t["kind"] for t in told if t.get("case") == named] == steps
    assert set(steps) == {"file", "accept", "resolve"}
    assert faults() == []


def test_a_leaf_tells_a_stranger_nothing(db_city: scoped_session[Session]) -> None:
    report = at_state(State.HANDLING)
    seal_all()
    opened = [json.loads(seal.entry) for seal in seals()]
    first = opened[0]
    assert set(first) == {"v", "event", "kind", "on", "case", "content"}
    assert first["on"] == local(report.received_at).date().isoformat()
    assert first["content"] == report.content_commitment
    assert [set(entry) for entry in opened[2:]] == [{"v", "event"}] * (len(opened) - 2)
    whole = "".join(seal.entry for seal in seals())
    assert report.number not in whole
    assert report.content_nonce not in whole
    nonces = db.session.scalars(select(TimelineEvent.nonce)).all()
    assert len(set(nonces)) == len(nonces)
    assert all(nonce and len(nonce) == 32 and nonce not in whole for nonce in nonces)


def test_the_receipt_knows_its_leaf_before_it_is_sealed(db_city: scoped_session[Session]) -> None:
    with transaction():
        filed = file_full()
        leaf = leaf_of(filed.event, filed.report)
    seal_all()
    (found,) = queries.seals_by_leaf(leaf[:16])
    assert (found.leaf, found.event_id) == (leaf, filed.event.id)
    assert leaf_hash(found.entry.encode()).hex() == leaf
    assert queries.seals_by_leaf("0" * 16) == []
    assert queries.seals_by_leaf(leaf) == [found]
    assert queries.seals_by_leaf(leaf[:16] + "0" * 48) == []


def test_blocks_prove_what_the_leaves_say(
    db_city: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 190)
    many(2 * BLOCK + 70)
    seal_all()
    hashes = [bytes.fromhex(seal.leaf) for seal in seals()]
    size, root = len(hashes), root_of(hashes)
    blocks = db.session.scalars(select(LogNode.hash).order_by(LogNode.pos)).all()
    assert blocks == [root_of(hashes[n : n + BLOCK]).hex() for n in (0, BLOCK)]
    assert heads()[-1].root == root.hex() == Tree().root(size).hex()
    for index in (0, 1, BLOCK - 1, BLOCK, 400, size - 1):
        path = Tree().inclusion(index, size)
        assert root_by_inclusion(hashes[index], index, size, path) == root
    for first in (1, 2, 255, 256, 300, 512, size):
        old = first, root_of(hashes[:first])
        assert is_consistent(old, (size, root), Tree().consistency(first, size))
    assert faults() == []


def test_a_deep_tree_is_right_as_well(
    db_city: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of four reach four levels with 300 leaves."""
    for module in ("tree", "tree_audit"):
        monkeypatch.setattr(f"portal.domain.openlog.{module}.BLOCK", 4)
    monkeypatch.setattr(services, "BATCH", 23)
    many(300)
    seal_all()
    hashes = [bytes.fromhex(seal.leaf) for seal in seals()]
    for size in (1, 3, 4, 5, 63, 64, 65, 255, 256, 299, 300):
        root = root_of(hashes[:size])
        assert Tree().root(size) == root
        path = Tree().inclusion(size // 3, size)
        assert root_by_inclusion(hashes[size // 3], size // 3, size, path) == root
        assert is_consistent((size, root), (300, root_of(hashes)), Tree().consistency(size, 300))
    assert faults() == []


def test_only_one_seals(db_city: scoped_session[Session]) -> None:
    file()
    at = now()
    with transaction():
        assert services.seal_events("first", at) == 1
    file()
    with transaction():
        assert services.seal_events("second", at + timedelta(seconds=5)) == 0
    with transaction():
        assert services.seal_events("second", at + services.LEASE) == 1
    with transaction():
        services.give_back_lease("second")
        assert services.take_lease("first", at + services.LEASE)


def test_a_late_arrival_is_sealed(db_city: scoped_session[Session]) -> None:
    """On PostgreSQL an event with a smaller id may be committed after one with a larger id."""
    file()
    file()
    newest = max(db.session.scalars(select(TimelineEvent.id)).all())
    with transaction():
        db.session.execute(text("DELETE FROM delivery"))
    db.session.rollback()
    with transaction():
        row = {"seq": 0, "event_id": newest, "entry": "{}", "mark": bytes(4), "sealed_at": now()}
        db.session.execute(insert(Seal), [row])
    assert sealing().run() == 1
    assert [s.event_id for s in seals()] == [newest, newest - 1]


def test_what_was_left_far_behind_is_found_by_the_wide_look(
    db_city: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "STRAGGLERS", 2)
    many(9)
    newest = max(db.session.scalars(select(TimelineEvent.id)).all())
    db.session.rollback()
    with transaction():
        row = {"seq": 0, "event_id": newest, "entry": "{}", "mark": bytes(4), "sealed_at": now()}
        db.session.execute(insert(Seal), [row])
    assert sealing().run() == 1
    assert sealing().run() == 0
    assert sealing().run(everywhere=True) == 7


def test_nothing_of_the_log_can_be_changed(
    db_city: scoped_session[Session], engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.domain.openlog.tree.BLOCK", 1)
    file()
    monkeypatch.setattr("portal.domain.openlog.tree.BLOCK", 2)
    file()
    seal_all()
    for model in (Seal, LogNode, LogHead, LogKey):
        table = model.__tablename__
        assert db.session.scalar(select(model).limit(1)) is not None, table
        column = "hash" if model is LogNode else "sealed_at" if model is Seal else "key_id"
        other = (
            f"REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608
            if engine == "sqlite"
            else f"TRUNCATE {table} CASCADE"
        )
        for statement in (
            update(model).values({column: getattr(model, column)}),
            delete(model),
            text(other),
        ):
            with pytest.raises(DBAPIError, match="insert-only"), transaction():
                db.session.execute(statement)


def test_heads_follow_their_schedule(db_city: scoped_session[Session]) -> None:
    ten, at = timedelta(minutes=10), now()
    assert not queries.is_head_due(at, ten)
    file()
    sealing().run()
    (head,) = heads()
    file()
    sealing().run()
    assert len(heads()) == 1
    assert not queries.is_head_due(head.at + timedelta(minutes=9), ten)
    assert queries.is_head_due(head.at + ten, ten)
    with transaction():
        signed = services.sign_head(sealing().signers(), "here", head.at + ten)
    assert (signed.size, head.size) == (2, 1)
    assert not queries.is_head_due(head.at + 5 * ten, ten)
    assert queries.is_head_due(head.at + ten + timedelta(days=1), ten)
    with pytest.raises(ValueError, match="before the last"), transaction():
        services.sign_head(sealing().signers(), "here", head.at)


def test_an_old_tail_is_an_alarm(db_city: scoped_session[Session]) -> None:
    at = now()
    assert queries.unsealed_tail(at) == queries.Tail(0, is_late=False)
    file(at=at)
    assert queries.unsealed_tail(at + timedelta(seconds=59)) == queries.Tail(1, is_late=False)
    assert queries.unsealed_tail(at + timedelta(seconds=61)) == queries.Tail(1, is_late=True)
    sealing().run()
    file(at=at - timedelta(days=1))  # told late, but the sealer is at work
    assert queries.unsealed_tail(now()) == queries.Tail(1, is_late=False)
    later = now() + timedelta(minutes=2)
    assert queries.unsealed_tail(later) == queries.Tail(1, is_late=True)


def test_the_wide_look_waits_for_nobody(db_city: scoped_session[Session]) -> None:
    """It goes through all events: whoever files meanwhile must not wait for it."""
    many(3)
    sealing().run()
    written: list[str] = []

    def note(connection: Connection) -> None:
        if connection.get_execution_options().get("portal_writes", False):
            written.append("once")

    event.listen(db.engine, "begin", note)
    try:
        assert sealing().run(everywhere=True) == 0
    finally:
        event.remove(db.engine, "begin", note)
    assert not written
