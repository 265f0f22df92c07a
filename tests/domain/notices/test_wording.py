"""What the notices say, from reports that went through the services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.documents.parts import Document
from portal.core.errors import NotFoundError
from portal.domain.notices.kinds import NoticeKind
from portal.domain.notices.queries import notice_of, notices_of
from portal.domain.notices.wording import Issuer, write_notice
from portal.domain.reports.models import Report, Track
from portal.domain.reports.states import Action, State
from portal.domain.reports.vault import Contact
from tests.factories import at_state, file_full, walk

A = Action
ISSUER = Issuer("示例市", "", "https://example.test")
Db = scoped_session[Session]


def text_of(document: Document) -> str:
    return "\n".join(getattr(part, "text", "") for part in document.parts)


def newest(report: Report) -> Document:
    return write_notice(report, notices_of(report)[-1], ISSUER)


def test_each_decision_has_its_notice(db_city: Db) -> None:
    report = at_state(State.RESOLVED)
    kinds = [notice.kind for notice in notices_of(report)]
    assert kinds == [NoticeKind.ACCEPTANCE, NoticeKind.REPLY]


def test_acceptance_names_the_term_and_the_way_to_follow(db_city: Db) -> None:
    report = at_state(State.ACCEPTED)
    letter = newest(report)
    assert letter.title == "受理告知书"
    assert letter.number == f"编号：{report.number}"
    said = text_of(letter)
    assert "15日内办结" in said
    assert "https://example.test/track" in said
    assert "《环保举报热线工作管理办法》" in said
    assert letter.signed_by == ISSUER.unit


def test_a_refusal_says_why_where_to_and_until_when(db_city: Db) -> None:
    report = at_state(State.DECLINED)
    notice = notices_of(report)[-1]
    said = text_of(newest(report))
    assert "不予受理" in said
    assert str(notice.event.data["where_to"]) in said
    last = notice.at + timedelta(days=30)
    assert f"{last.year}年{last.month}月" in said


def test_a_second_refusal_keeps_the_words_of_the_first(db_city: Db) -> None:
    report = at_state(State.DECLINED)
    walk(report, A.APPEAL, A.DECLINE)
    first, second = notices_of(report)
    assert first.event.id != second.event.id
    assert (
        write_notice(report, first, ISSUER).signed_on
        <= write_notice(report, second, ISSUER).signed_on
    )


def test_the_reply_is_signed_by_who_handled_the_case(db_city: Db) -> None:
    report = at_state(State.RESOLVED)
    letter = newest(report)
    assert report.lead_department is not None
    assert letter.signed_by == f"示例市{report.lead_department.name_zh}"
    said = text_of(letter)
    assert report.description in said
    assert "属实" in said
    assert "30日内" in said


def test_a_petition_gets_the_statutory_remedy(db_city: Db) -> None:
    report = at_state(State.RESOLVED)
    report.track = Track.PETITION
    assert "复查" in text_of(newest(report))


def test_nothing_of_the_reporter_stands_in_a_notice(db_city: Db) -> None:
    filed = file_full(contact=Contact("甄难忘", "13900001234", "z@b.cn"))
    walk(filed.report, A.ACCEPT, A.DISPATCH, A.SIGN, A.PROPOSE, A.SUBMIT, A.RESOLVE)
    for notice in notices_of(filed.report):
        letter = write_notice(filed.report, notice, ISSUER)
        words = f"{letter.addressee} {text_of(letter)}"
        assert "甄难忘" not in words
        assert "13900001234" not in words
        assert "z@b.cn" not in words


def test_a_notice_of_another_report_is_not_there(db_city: Db) -> None:
    one, other = at_state(State.ACCEPTED), at_state(State.ACCEPTED)
    with pytest.raises(NotFoundError):
        notice_of(one, notices_of(other)[0].event.id)
