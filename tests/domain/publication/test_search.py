"""Words in pairs of letters: what is found and what is not."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.clock import now
from portal.core.db import db, transaction
from portal.core.search import PUBLIC, pairs
from portal.domain.accounts.permissions import Role
from portal.domain.casework.desk_filters import QueueFilter
from portal.domain.casework.desk_queries import Queue, matching_count
from portal.domain.publication.listing import keep_missing_words
from portal.domain.publication.models import PublicCase
from portal.domain.publication.queries import PublicFilter, public_case_count, public_cases
from portal.domain.reports.states import State
from portal.domain.triage.services import Part, split_report
from tests.factories import at_state, drain, staff


def test_letters_are_kept_in_pairs() -> None:
    assert pairs("异味扰民。") == ["异味", "味扰", "扰民", "民"]
    assert pairs("ＡＢ 3号") == ["ab", "b", "3号", "号"]
    assert pairs("—— ……") == []


@pytest.mark.engine
def test_words_of_any_length_are_found(db_city: scoped_session[Session]) -> None:
    report = at_state(State.PUBLISHED)
    other = at_state(State.HANDLING)
    drain()
    case = db.session.get_one(PublicCase, report.id)
    text = case.text or ""
    start = text[2:4]
    assert start
    for q in (text[:2], text[1:3], start, text[:8], text[0], f"{text[:2]} {case.number[:6]}"):
        assert report.number in _found(q), q
    for q in (
        "琉璃瓦",
        f"{text[1]}{text[0]}",
        f"{text[:2]} 琉璃瓦",
        "！",
        "'\"*",
        "x OR y",
        "NEAR(",
    ):
        assert not _found(q), q
    assert other.number in _found(other.number[:8])
    assert other.number in _found(case.town.name_zh if case.town else "")


def _found(q: str) -> list[str]:
    wanted = PublicFilter(q=q)
    rows = [case.number for case in public_cases(wanted, now()).cases]
    assert public_case_count(wanted, now()) == len(rows)
    return rows


@pytest.mark.engine
def test_a_frequent_word_is_found_in_the_order_of_the_list(
    db_city: scoped_session[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [at_state(State.HANDLING).number for _ in range(4)]
    drain()
    monkeypatch.setattr("portal.core.search._MANY", 2)
    assert sorted(_found("SP")) == sorted(numbers)


@pytest.mark.engine
def test_what_is_withdrawn_is_not_found_and_what_is_missing_is_filled_in(
    db_city: scoped_session[Session],
) -> None:
    report = at_state(State.HANDLING)
    drain()
    number, report_id = report.number, report.id
    with transaction() as session:
        PUBLIC.drop(session.connection(), report_id)
    assert number not in _found(number[:8])
    with transaction():
        assert keep_missing_words(10) == 1
        assert keep_missing_words(10) == 0
    assert number in _found(number[:8])


@pytest.mark.engine
def test_the_desk_finds_a_report_by_its_own_words(db_city: scoped_session[Session]) -> None:
    report = at_state(State.SUBMITTED)
    who = staff(Role.TRIAGE)
    for q in (report.description[1:3], report.description[:5], report.number[:9]):
        assert matching_count(Queue.ALL, QueueFilter(q=q), who, now()) == 1, q
    assert matching_count(Queue.ALL, QueueFilter(q="琉璃瓦"), who, now()) == 0


def test_parts_that_were_split_off_are_found_too(db_city: scoped_session[Session]) -> None:
    report = at_state(State.ACCEPTED)
    part = Part("琉璃瓦厂夜里噪声扰民。")
    who, parts = staff(Role.TRIAGE), [part, Part("污水直排河道。")]
    with transaction():
        split_report(report, parts, expected=report.version, by=who, at=now())
    assert matching_count(Queue.ALL, QueueFilter(q="琉璃瓦"), who, now()) == 1
