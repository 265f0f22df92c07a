"""更正与异议 in the demo: one of each standing, one of them late, and one about an exposure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.cli.demo.returning import last_event_at
from portal.cli.demo.staff import actor
from portal.core.db import db, transaction
from portal.domain.exposures.models import Exposure
from portal.domain.exposures.queries import live_exposures
from portal.domain.exposures.wording import Wording, words_of
from portal.domain.objections.deciding import Draft, confirm_answer, draft_answer, hide_now
from portal.domain.objections.filing import NewObjection, file_objection, may_be_objected_to
from portal.domain.objections.models import ObjectionKind, PublicObjection, Relation
from portal.domain.publication.correcting import Part, released_photos
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.models import PublicCase, PublicCopy, PublicLevel
from portal.domain.reports.models import Report
from portal.domain.reports.vault import Contact

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_LATE = 45 * _DAY  # further back than any term of an answer, holidays included
_NEW, _ASKED = 2 * _DAY, 9 * _DAY
_WRONG = "文字里说“停产”，我们只停了两条线，请改准确。"
_ON_PHOTO = "第一张照片里骑车的人是我，请去掉。"
_DISAGREE = "当天风大，味道是从别处来的，不该算我们的。"
_PERSONAL = "照片右下角能看到我家门牌，请遮一下。"
_TAKEN_FOR = "我们厂名只差一个字，客户都来问。直排的不是我们，请写清楚地址。"
_UPHELD = "核对了整改通知书，您说得对，公开的文字已经改准确。"
_REFUSED = "查了当天的风向和厂界监测记录，异味来自该单位，结论不变。"
_ADDED = "（按整改通知书更正：停的是其中两条生产线。）"
_SAID = "已到现场核对营业执照和地址，名称相近但不是同一家，在曝光对象后写明地址。"


def object_in_demo(at: datetime) -> None:
    """File and answer a handful, each about a case of its own; once for a city."""
    if db.session.scalar(select(PublicObjection.id).limit(1)) is not None:
        return
    taken = set(db.session.scalars(select(Exposure.report_id)))
    deeds: tuple[tuple[Callable[[Report, datetime], None], timedelta], ...] = (
        (_late, _LATE),
        (_upheld, _ASKED),
        (_refused, _ASKED),
        (_waiting, _NEW),
    )
    for deed, ago in deeds:
        report_id = next(_quiet_since(at - ago, taken), None)
        if report_id is not None:
            taken.add(report_id)
            with transaction():
                deed(db.session.get_one(Report, report_id), at - ago)
    _contest(at)


def _quiet_since(moment: datetime, taken: set[int]) -> Iterator[int]:
    """Cases published before `moment` to which nothing happened since, the newest first."""
    query = (
        select(PublicCase.report_id)
        .where(
            PublicCase.level == PublicLevel.PUBLISHED,
            PublicCase.published_at < moment,
            PublicCase.report_id.not_in(taken),
        )
        .order_by(PublicCase.published_at.desc(), PublicCase.report_id.desc())
    )
    for report_id in db.session.scalars(query).all():
        report = db.session.get_one(Report, report_id)
        if may_be_objected_to(report) and last_event_at(report) < moment:
            yield report_id


def _late(report: Report, at: datetime) -> None:
    """Hidden at once, and then nobody answered."""
    row = _file(report, NewObjection(ObjectionKind.PHOTO, _ON_PHOTO), at)
    photos = released_photos(report)[:1]
    part = Part((photos[0].id,)) if photos else Part(whole=True)
    hide_now(row, part, by=actor("publisher"), at=at + 3 * _HOUR)
    refresh_public_case(report, at + 3 * _HOUR)


def _upheld(report: Report, at: datetime) -> None:
    contact = Contact(name="厂长贺工", phone="13800000311")
    row = _file(report, NewObjection(ObjectionKind.CORRECTION, _WRONG, contact), at)
    copy = db.session.get_one(PublicCopy, report.id)
    draft = Draft(is_upheld=True, reasons=_UPHELD, text=copy.text + _ADDED)
    _answer(row, draft, at + 2 * _DAY)
    refresh_public_case(report, at + 3 * _DAY)


def _refused(report: Report, at: datetime) -> None:
    row = _file(report, NewObjection(ObjectionKind.OBJECTION, _DISAGREE), at)
    _answer(row, Draft(is_upheld=False, reasons=_REFUSED), at + 4 * _DAY)


def _waiting(report: Report, at: datetime) -> None:
    _file(report, NewObjection(ObjectionKind.PERSONAL, _PERSONAL), at)


def _contest(at: datetime) -> None:
    """Somebody with nearly the same name; the draft waits for a second person."""
    stands = live_exposures((at - _DAY).date())
    since = at - _NEW
    with transaction():
        told = next((one for one in reversed(stands) if one.since < since.date()), None)
        if told is None:
            return
        exposure = db.session.get_one(Exposure, told.id)
        asked = NewObjection(
            ObjectionKind.CORRECTION,
            _TAKEN_FOR,
            Contact(name="陶厂长", phone="13800000312"),
            exposure,
            Relation.MISTAKEN,
        )
        row, words = _file(exposure.report, asked, since), words_of(exposure)
        other = Wording(words.title, f"{words.party}（东山路9号）", words.text, words.basis)
        draft = Draft(is_upheld=True, reasons=_SAID, words=other)
        draft_answer(row, draft, by=actor("publisher"), at=since + _DAY)


def _file(report: Report, asked: NewObjection, at: datetime) -> PublicObjection:
    filed = file_objection(report, asked, at=at)
    found = PublicObjection.number == filed.number
    return db.session.scalars(select(PublicObjection).where(found)).one()


def _answer(row: PublicObjection, draft: Draft, at: datetime) -> None:
    draft_answer(row, draft, by=actor("publisher"), at=at)
    confirm_answer(row, by=actor("publisher2"), at=at + _DAY)
