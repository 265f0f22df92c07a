"""Numbers, codes, the content commitment, photos: what filing writes."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from itertools import pairwise

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.core.errors import InvalidFieldsError
from portal.core.ids import CROCKFORD, read_number
from portal.domain.accounts.actor import REPORTER, SYSTEM
from portal.domain.accounts.permissions import Role
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import open_deadlines
from portal.domain.reports.filing import NewReport, Occurrence, Place, code_mac, file_report
from portal.domain.reports.models import Channel, ReportCategory
from portal.domain.reports.numbering import next_number
from portal.domain.reports.photos import UNCLAIMED_DAYS, attach_photo, photos_of, unclaimed_photos
from portal.domain.reports.receipts import (
    KeyReusedError,
    drop_expired,
    keep_receipt,
    kept_receipt,
    reserve,
)
from portal.domain.timeline.queries import events_of
from tests.factories import START, TOWN, file, file_full, make_category, photo, staff


def test_numbers_have_the_local_day_gaps_and_a_check(db_city: scoped_session[Session]) -> None:
    """SP, yymmdd of the city's day, six digits with gaps between, a check character."""
    late = START.replace(hour=16)  # already the 10th in the city
    with transaction():
        numbers = [next_number(START) for _ in range(60)] + [next_number(late)]
    assert {n[:8] for n in numbers[:-1]} == {"SP260309"}
    assert numbers[-1].startswith("SP260310")
    assert {len(n) for n in numbers} == {15}
    serials = [int(n[8:14]) for n in numbers[:-1]]
    steps = {b - a for a, b in pairwise(serials)}
    assert min(steps) >= 1
    assert len(steps) > 2
    number = numbers[0]
    assert read_number(f" {number[:5]}-{number[5:]} ".lower()) == number


def test_codes_are_kept_as_digests_only(db_city: scoped_session[Session]) -> None:
    filed = file_full(wants_reward=True)
    assert filed.reward_code
    assert set(filed.query_code + filed.reward_code) <= set(CROCKFORD)
    assert (len(filed.query_code), len(filed.reward_code)) == (16, 16)
    report = filed.report
    assert report.query_code_mac == code_mac(filed.query_code, "query")
    assert report.reward_code_mac == code_mac(filed.reward_code, "reward")
    assert code_mac(filed.query_code, "reward") != report.query_code_mac
    assert file_full().reward_code is None


def test_the_commitment_can_be_checked_by_anybody(db_city: scoped_session[Session]) -> None:
    """From the receipt's nonce and what was sent, without any code of the portal's."""
    pictures = [photo(), photo()]
    filed = file_full(photos=pictures, at=START + timedelta(microseconds=123456))
    report = filed.report
    content = {
        "number": report.number,
        "received_at": "2026-03-09T09:00:00.123+08:00",
        "categories": ["air.odor"],
        "description": report.description,
        "place": [30.4, 112.4, "wgs84", "河堤路9号"],
        "grid": "999901001001",
        "photos": [p.sha256 for p in pictures],
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    nonce = bytes.fromhex(report.content_nonce)
    mac = hmac.new(nonce, canonical.encode(), hashlib.sha256).hexdigest()
    assert report.content_commitment == mac
    other = file_full(photos=[])
    assert other.report.content_nonce != report.content_nonce


def test_what_is_written(db_city: scoped_session[Session]) -> None:
    report = file(
        accused_name="某饲料厂",
        occurrence=Occurrence("recurring", note="每晚十点"),
        consent_version="2026-01",
        answers={"smell": "sour"},
        wants_reply=True,
    )
    assert report.town is not None
    assert report.town.code == TOWN
    assert (report.occurred, report.occurred_note) == ("recurring", "每晚十点")
    assert (report.accused_name, report.answers) == ("某饲料厂", {"smell": "sour"})
    assert (report.version, report.has_contact, report.wants_reward) == (1, False, False)
    assert [d.clock for d in open_deadlines(report.id)] == [Clock.ACCEPT]
    (event,) = events_of("report", report.id)
    content = {"categories": ["air.odor"], "grid": "999901001001", "photos": []}
    said = {"channel": "web", "from": None, "to": "submitted", "content": content}
    assert event.data == said


@pytest.mark.parametrize(
    ("roles", "channel"),
    [
        ((Role.TRIAGE,), Channel.PHONE),
        ((Role.GRID,), Channel.PATROL),
        ((), Channel.HOTLINE),
    ],
)
def test_staff_and_batches_file_too(
    db_city: scoped_session[Session], roles: tuple[Role, ...], channel: Channel
) -> None:
    by = staff(*roles) if roles else SYSTEM
    report = file(by=by, channel=channel)
    assert report.channel == channel
    assert events_of("report", report.id)[0].actor_id == by.user_id


def test_further_categories_in_order(db_city: scoped_session[Session]) -> None:
    kinds = [make_category(c) for c in ("air.odor", "water.sewage", "air.odor", "noise.social")]
    with transaction():
        new = NewReport(kinds, "三种污染在一处。", Place(address="老桥下游"))
        report = file_report(new, by=REPORTER, at=START).report
    rows = db.session.query(ReportCategory).order_by(ReportCategory.position).all()
    assert report.category == kinds[0]
    assert [r.category_id for r in rows] == [kinds[1].id, kinds[3].id]


def test_photos_are_claimed_once(db_city: scoped_session[Session]) -> None:
    first, second = photo(), photo()
    ids = [second.upload_id, first.upload_id]
    assert unclaimed_photos(ids, START) == [second, first]
    report = file(photos=unclaimed_photos(ids, START))
    assert photos_of(report) == [second, first]
    with pytest.raises(InvalidFieldsError, match=first.upload_id):
        unclaimed_photos([first.upload_id], START)


def test_unclaimed_photos_expire(db_city: scoped_session[Session]) -> None:
    picture = photo()
    last = START + timedelta(days=UNCLAIMED_DAYS)
    assert unclaimed_photos([picture.upload_id], last - timedelta(seconds=1)) == [picture]
    for ids, at in (([picture.upload_id], last), (["0" * 32], START)):
        with pytest.raises(InvalidFieldsError) as caught:
            unclaimed_photos(ids, at)
        assert set(caught.value.faults) == {"photo_ids"}


def test_photos_that_follow_are_counted_down(db_city: scoped_session[Session]) -> None:
    report = file(photos=[photo()], photos_expected=2)
    with transaction():
        attach_photo(photo(), report)
    assert report.photos_expected == 1
    assert [p.position for p in photos_of(report)] == [0, 1]


@pytest.mark.engine
def test_a_handle_earns_one_receipt(db_city: scoped_session[Session]) -> None:
    receipt = {"number": "SP1", "query_code": "一二三"}
    with transaction():
        assert reserve("handle", "digest", START) is None
        keep_receipt("handle", receipt, START + timedelta(days=7))
    with transaction():
        assert reserve("handle", "digest", START) == receipt
    with pytest.raises(KeyReusedError), transaction():
        reserve("handle", "other", START)
    assert kept_receipt("handle", START) == receipt
    assert kept_receipt("another", START) is None
    assert kept_receipt("handle", START + timedelta(days=7)) is None
    with transaction():
        drop_expired(START + timedelta(days=7))
        assert reserve("handle", "other", START) is None
