"""The reporter's identity: nowhere in clear, bound to its row, gone when its key is gone."""

from __future__ import annotations

import base64
import io
import json
import logging
import struct
from pathlib import Path

import pytest
import structlog
from flask_sqlalchemy.session import Session
from sqlalchemy import select
from sqlalchemy.orm import scoped_session

from portal.config import Settings
from portal.core.crypto import DecryptionError
from portal.core.db import db, transaction
from portal.domain.accounts.actor import REPORTER
from portal.domain.reports.acceptance import add_information
from portal.domain.reports.models import Identity, PhotoStatus
from portal.domain.reports.photos import photos_of
from portal.domain.reports.states import Action, State
from portal.domain.reports.vault import (
    Contact,
    MaskedContact,
    masked_contact,
    phone_index,
    seal_position,
    shred_identity,
)
from portal.domain.timeline.models import Delivery
from tests.core.imaging.pictures import exif
from tests.factories import PATHS, drain, file, file_full, jpeg, photo, walk

A = Action
PERSON = Contact(name="独孤求败", phone="13987654321", email="dugu.qiubai@example.cn")
# Where the photo was taken: 30°24'17.77" N 112°23'55.55" E.
GPS = {1: "N", 2: (30.0, 24.0, 17.77), 3: "E", 4: (112.0, 23.0, 55.55)}
TAKEN = (30 + 24 / 60 + 17.77 / 3600, 112 + 23 / 60 + 55.55 / 3600)


def spellings(secret: str) -> list[bytes]:
    """How a text could stand in a file."""
    raw = secret.encode()
    return [
        raw,
        secret.encode("utf-16-le"),
        json.dumps(secret).strip('"').encode(),
        base64.b64encode(raw)[: len(raw)],
        raw.hex().encode(),
    ]


def number_spellings(value: float) -> list[bytes]:
    """As SQLite and Python store it, and as text with five decimals or more."""
    return [struct.pack(">d", value), struct.pack("<d", value), f"{value:.6f}"[:-1].encode()]


def written(instance: Path) -> dict[str, bytes]:
    """Everything below the instance directory but the photos as they were sent."""
    files = (p for p in instance.rglob("*") if p.is_file() and not p.name.endswith("-original"))
    return {str(p.relative_to(instance)): p.read_bytes() for p in files}


@pytest.mark.sqlite
def test_nothing_in_clear_after_a_whole_life(
    caplog: pytest.LogCaptureFixture, settings: Settings, db_city: scoped_session[Session]
) -> None:
    printed = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(printed))
    caplog.set_level(logging.DEBUG)
    picture = photo(jpeg(exif=exif(gps=GPS)))
    drain()  # the photo came ahead and is ready before anybody claims it
    late = photo(jpeg(exif=exif(gps=GPS)))
    filed = file_full(contact=PERSON, photos=[picture, late], wants_reward=True)
    report = filed.report
    drain()
    walk(report, A.ASK, A.ANSWER, *PATHS[State.DEREGISTERED], A.REOPEN)
    with transaction():
        add_information(report, "没有别的了", by=REPORTER, at=report.state_since)
    last = db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert last is not None
    with transaction():
        last.subscriber = "nobody"
        last.state, last.next_at = "pending", report.received_at
    drain()  # fails, and says so in the log
    assert all(p.sealed_position for p in photos_of(report))
    assert all(p.distance_m is not None and p.distance_m > 0 for p in photos_of(report))
    logged = printed.getvalue() + caplog.text
    assert "delivery failed" in logged
    found = {**written(settings.instance_path), "log": logged.encode()}
    assert {"portal.db", "portal.db-wal", "queue.db", "vault-keys.db"} <= set(found)
    assert filed.reward_code
    for secret in (PERSON.name, PERSON.phone, PERSON.email, filed.query_code, filed.reward_code):
        for spelling in spellings(secret):
            assert [name for name, data in found.items() if spelling in data] == []
    for degrees in TAKEN:
        for spelling in number_spellings(degrees):
            assert [name for name, data in found.items() if spelling in data] == []


@pytest.mark.sqlite
def test_the_scan_would_find_it(settings: Settings, db_city: scoped_session[Session]) -> None:
    """The same search finds what does stand there in clear."""
    report = file(description="独孤求败说的气味在这里")
    with transaction():
        report.lat = TAKEN[0]
    data = b"".join(written(settings.instance_path).values())
    assert any(spelling in data for spelling in spellings("独孤求败"))
    assert any(spelling in data for spelling in number_spellings(TAKEN[0]))


def test_staff_see_a_mask(db_city: scoped_session[Session]) -> None:
    report = file(contact=PERSON)
    assert masked_contact(report) == MaskedContact("独**", "139****4321", "d***@example.cn")
    assert masked_contact(file()) is None
    assert "独孤" not in repr(PERSON)
    assert masked_contact(file(contact=Contact(phone="13800138000"))) == MaskedContact(
        "", "138****8000", ""
    )


def test_a_ciphertext_is_bound_to_its_row(db_city: scoped_session[Session]) -> None:
    """Copied to another report, even with the key named along, it opens nothing."""
    first = file(contact=PERSON)
    second = file(contact=Contact(name="令狐冲", phone="13800138000"))
    mine, other = db.session.get_one(Identity, first.id), db.session.get_one(Identity, second.id)
    with transaction():
        mine.name, other.name = other.name, mine.name
    for report in (first, second):
        with pytest.raises(DecryptionError):
            masked_contact(report)
    with transaction():
        mine.key_id, other.key_id = other.key_id, mine.key_id
    for report in (first, second):
        with pytest.raises(DecryptionError):
            masked_contact(report)


def test_a_ciphertext_is_bound_to_its_column(db_city: scoped_session[Session]) -> None:
    report = file(contact=PERSON)
    row = db.session.get_one(Identity, report.id)
    with transaction():
        row.name, row.email = row.email, row.name
    with pytest.raises(DecryptionError):
        masked_contact(report)


def test_equal_people_look_different(db_city: scoped_session[Session]) -> None:
    """Only the blind index joins two reports of one phone."""
    rows = [db.session.get_one(Identity, file(contact=PERSON).id) for _ in range(2)]
    assert rows[0].phone != rows[1].phone
    assert rows[0].key_id != rows[1].key_id
    index = phone_index(PERSON.phone)
    found = db.session.scalars(select(Identity).where(Identity.phone_index == index)).all()
    assert set(found) == set(rows)
    assert PERSON.phone not in index
    assert phone_index("13987654322") != index


def test_shredding_the_key_shreds_the_person(db_city: scoped_session[Session]) -> None:
    """Nothing opens afterwards, and nothing new is sealed under a name that was forgotten."""
    report, kept = file(contact=PERSON, photos=[photo()]), file(contact=PERSON)
    with transaction():
        shred_identity(report)
    assert masked_contact(report) is None
    assert masked_contact(kept) is not None
    with pytest.raises(DecryptionError), transaction():
        seal_position(report, photos_of(report)[0], *TAKEN)
    with transaction():
        shred_identity(report)  # again does no harm


def test_a_photo_without_a_place_says_nothing(db_city: scoped_session[Session]) -> None:
    report = file(photos=[photo()])
    drain()
    (picture,) = photos_of(report)
    assert picture.status == PhotoStatus.READY
    assert (picture.sealed_position, picture.distance_m) == (None, None)
    assert db.session.get(Identity, report.id) is None
