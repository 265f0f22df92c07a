"""Texts ready to use: what is filled, which are offered, and that a refusal says where to go."""

from __future__ import annotations

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, NotAllowedError
from portal.domain.accounts.permissions import Role
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.triage.texts import (
    GAP,
    MOST_CHARS,
    NewText,
    TextKind,
    all_texts,
    check_text,
    fill,
    save_text,
    seed_texts,
    texts_for,
    use_text,
)
from tests.factories import START, staff

REFUSAL = NewText(TextKind.DECLINE, "找公安", "由公安管。", "110", DeclineReason.OTHER_AUTHORITY)


def test_placeholders_are_filled_and_what_is_unknown_leaves_a_gap() -> None:
    facts = {"number": "SP1", "town": "", "due": "周二"}
    assert (
        fill("{number}在{town}，{due}前，{department}。", facts) == f"SP1在{GAP}，周二前，{GAP}。"
    )


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewText(TextKind.DECLINE, "无", "不归我们管。", "", "not_pollution"), "where_to"),
        (NewText(TextKind.DECLINE, "无", "不归我们管。", "  ", "not_pollution"), "where_to"),
        (NewText(TextKind.DECLINE, "无", "不归我们管。", "12345"), "reason_code"),
        (NewText(TextKind.ASK, "问", "您好，{phone}在哪？"), "text"),
        (NewText(TextKind.DECLINE, "无", "不归我们管。", "{tel}", "not_pollution"), "where_to"),
    ],
)
def test_what_cannot_be_used_is_refused(new: NewText, field: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        check_text(new)
    assert field in caught.value.faults


def test_the_seed_covers_every_reason_and_every_kind(db_city: scoped_session[Session]) -> None:
    for _twice in range(2):
        with transaction():
            seed_texts(START)
    rows = all_texts()
    assert len({(row.kind, row.title) for row in rows}) == len(rows)
    assert {row.kind for row in rows} == set(TextKind)
    refusals = [row for row in rows if row.kind is TextKind.DECLINE]
    assert {row.reason_code for row in refusals} == set(DeclineReason)
    for row in rows:
        new = NewText(row.kind, row.title, row.text, row.where_to, row.reason_code)
        check_text(new)
        assert len(row.text) <= MOST_CHARS
        assert (row.where_to != "") is (row.kind is TextKind.DECLINE)


def test_the_most_fitting_come_first(db_city: scoped_session[Session]) -> None:
    by = staff(Role.SUPERVISOR)
    for title, category, state in (
        ("any", "", ""),
        ("air", "air", ""),
        ("odor", "air.odor", ""),
        ("water", "water", ""),
        ("accepted", "", "accepted"),
    ):
        new = NewText(TextKind.ASK, title, "您好，请补充。", category_code=category, state=state)
        with transaction():
            save_text(new, None, by=by, at=START)
    kinds = [TextKind.ASK]
    titles = [row.title for row in texts_for(kinds, "air.odor", "submitted")]
    assert titles == ["odor", "air", "any"]
    assert [row.title for row in texts_for(kinds, "noise", "accepted")] == ["accepted", "any"]
    assert texts_for([TextKind.REPLY], "air.odor", "submitted") == []


def test_only_the_supervisor_keeps_texts(db_city: scoped_session[Session]) -> None:
    with pytest.raises(NotAllowedError), transaction():
        save_text(REFUSAL, None, by=staff(Role.TRIAGE), at=START)
    with transaction():
        text_id = save_text(REFUSAL, None, by=staff(Role.SUPERVISOR), at=START).id
    with pytest.raises(NotAllowedError), transaction():
        use_text(text_id, is_active=False, by=staff(Role.ADMIN), at=START)
    with transaction():
        use_text(text_id, is_active=False, by=staff(Role.SUPERVISOR), at=START)
    assert texts_for([TextKind.DECLINE], "", "submitted") == []
