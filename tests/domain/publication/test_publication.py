"""What gets out, and what never does."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask_sqlalchemy.session import Session
from sqlalchemy import inspect, select
from sqlalchemy.orm import scoped_session

from portal.core.db import db, transaction
from portal.domain.accounts.permissions import Role
from portal.domain.casework.queries import current_finding
from portal.domain.publication.listing import refresh_public_case
from portal.domain.publication.models import PublicCase, PublicCopy, Rounding
from portal.domain.publication.queries import public_case
from portal.domain.publication.redaction import redact_personal
from portal.domain.publication.services import PhotoDecision, Release, publish_report
from portal.domain.reports.models import PhotoStatus, Report
from portal.domain.reports.photos import photo_by_public_key, photos_of
from portal.domain.reports.states import Action, State
from tests.factories import (
    PATHS,
    TOWN,
    at_state,
    drain,
    file,
    grid,
    photo,
    staff,
    take,
    walk,
)

A = Action
UNLISTED = {State.SUBMITTED, State.NEED_INFO, State.DECLINED, State.WITHDRAWN, State.MERGED}
WORDS = {"description": "臭味来自李四家的作坊", "accused_name": "李四饲料厂"}


def listed(report: Report) -> PublicCase | None:
    drain()
    return public_case(report.number)


def test_the_two_public_levels(db_city: scoped_session[Session]) -> None:
    """Listed from acceptance, published only by a publisher; nothing of the reporter's own."""
    reports = {state: at_state(state, **WORDS) for state in State}
    drain()
    for state, report in reports.items():
        case = public_case(report.number)
        assert (case is None) is (state in UNLISTED), state
        if case is not None:
            check_level(case, state)


def check_level(case: PublicCase, state: State) -> None:
    shown = json.dumps(
        {c.key: str(getattr(case, c.key)) for c in inspect(PublicCase).columns}, ensure_ascii=False
    )
    for secret in ("臭味来自", "李四", "河堤路", "执法记录", "您可以随时反映"):
        assert secret not in shown
    is_out = state in {State.PUBLISHED, State.DEREGISTERED}
    assert case.level == ("published" if is_out else "listed")
    assert (case.category_code, case.state) == ("air", state)
    assert case.town_id == grid(TOWN).id
    if not is_out:
        assert (case.lat, case.lng, case.village_id, case.text) == (None, None, None, None)
        assert (case.photos, case.measures, case.timeline, case.verdict) == ([], [], [], None)
        assert case.category.code == "air"
    else:
        assert (case.lat, case.lng) == (30.4, 112.4)
        assert case.category.code == "air.odor"
        assert {key for line in case.timeline for key in line} <= {"kind", "on", "lead", "assists"}


def test_a_place_is_rounded_as_decided(db_city: scoped_session[Session]) -> None:
    for rounding, point in (
        (Rounding.EXACT, (30.4, 112.4)),
        (Rounding.TOWN, (None, None)),
    ):
        report = at_state(State.RESOLVED)
        with transaction():
            release = Release({}, rounding)
            by, at = staff(Role.PUBLISHER), report.state_since
            publish_report(report, release, expected=report.version, by=by, at=at)
        case = listed(report)
        assert case is not None
        assert (case.lat, case.lng) == point
        assert (case.village_id is None) is (rounding is Rounding.TOWN)


def release_photos(report: Report, **decisions: bool) -> dict[str, PhotoDecision]:
    kinds = {p.kind: p.upload_id for p in photos_of(report)}
    return {kinds[kind]: PhotoDecision(release=out) for kind, out in decisions.items()}


def test_only_ticked_photos_get_out_and_only_once_rendered(
    db_city: scoped_session[Session],
) -> None:
    report = file("waste.household", photos=[photo()])
    walk(report, *PATHS[State.RESOLVED])
    drain()  # renders both
    with transaction():
        decisions = release_photos(report, evidence=False, after=True)
        by, at = staff(Role.PUBLISHER), report.state_since
        release = Release(decisions, Rounding.STREET)
        publish_report(report, release, expected=report.version, by=by, at=at)
    before, after = photos_of(report)
    assert (before.status, after.status) == (PhotoStatus.WITHHELD, PhotoStatus.RELEASED)
    assert before.public_key is None
    assert after.public_key not in {None, after.key}
    assert after.released_at is None  # not rendered yet
    case = listed(report)
    assert case is not None
    assert [p["key"] for p in case.photos] == [after.public_key]
    assert case.after is not None
    assert case.before is None
    assert after.public_key
    assert photo_by_public_key(after.public_key) == after


def test_a_photo_that_came_late_stays_inside(db_city: scoped_session[Session]) -> None:
    """Unread when the publisher decided: ready later, but never public."""
    report = file(photos=[photo()])
    walk(report, *PATHS[State.PUBLISHED])
    case = listed(report)
    assert case is not None
    assert case.photos == []
    assert [p.status for p in photos_of(report)] == [PhotoStatus.READY]


def test_reopening_keeps_the_copy_and_withholding_takes_it_back(
    db_city: scoped_session[Session],
) -> None:
    report = file(photos=[photo()])
    drain()
    walk(report, *PATHS[State.PUBLISHED], A.REOPEN)
    case = listed(report)
    assert case is not None
    assert case.is_reopened
    assert case.text
    assert len(case.photos) == 1
    walk(report, A.PROPOSE, A.SUBMIT, A.RESOLVE, A.WITHHOLD)
    case = listed(report)
    assert case is not None
    assert (case.level, case.text, case.photos) == ("listed", None, [])
    copy = db.session.get_one(PublicCopy, report.id)
    assert copy.revoked_at is not None
    assert photos_of(report)[0].public_key is None


def test_a_second_release_is_a_new_revision(db_city: scoped_session[Session]) -> None:
    report = file(photos=[photo()])
    drain()
    walk(report, *PATHS[State.PUBLISHED])
    drain()
    first = photos_of(report)[0].public_key
    walk(report, A.REOPEN, A.PROPOSE, A.SUBMIT, A.RESOLVE, A.PUBLISH)
    case = listed(report)
    assert case is not None
    assert not case.is_reopened
    assert db.session.get_one(PublicCopy, report.id).revision == 2
    assert [p["key"] for p in case.photos] == [photos_of(report)[0].public_key]
    assert photos_of(report)[0].public_key != first


def test_the_row_is_recomputed_not_counted(db_city: scoped_session[Session]) -> None:
    """Delivering the same events again changes nothing but the time of the update."""
    report = at_state(State.PUBLISHED)
    case = listed(report)
    assert case is not None
    keys = [c.key for c in inspect(PublicCase).columns if c.key != "updated_at"]
    before = [getattr(case, key) for key in keys]
    with transaction():
        refresh_public_case(report, report.state_since + timedelta(days=1))
    assert [getattr(case, key) for key in keys] == before


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话13800138000请联系", "电话［已隐去］请联系"),
        ("电话+86 138-0013-8000。", "电话［已隐去］。"),
        ("证号110101199003071234", "证号［已隐去］"),
        ("证号11010119900307123x，", "证号［已隐去］，"),
        ("座机0716-8123456", "座机［已隐去］"),
        ("座机07168123456，", "座机［已隐去］，"),
        ("座机（0716）812 3456", "座机［已隐去］"),
        ("业主（010-8123 4567）", "业主（［已隐去］）"),
        ("电话138.0013.8000", "电话［已隐去］"),
        ("电话138－0013－8000", "电话［已隐去］"),
        ("证号110101 1990 0307 123X", "证号［已隐去］"),
        ("全角１３８００１３８０００", "全角［已隐去］"),
        ("编号SP260309000123K，罚款１２３元", "编号SP260309000123K，罚款１２３元"),
        ("2026年3月9日在第12号井", "2026年3月9日在第12号井"),
        (
            "2026-03-09 08:00至2026-03-10，罚款0.5万元、20000元",
            "2026-03-09 08:00至2026-03-10，罚款0.5万元、20000元",
        ),
    ],
)
def test_personal_numbers_leave_public_text(text: str, left: str) -> None:
    assert redact_personal(text) == left


def test_a_released_text_has_no_phone(db_city: scoped_session[Session]) -> None:
    report = at_state(State.RESOLVED)
    with transaction():
        finding = current_finding(report)
        assert finding is not None
        finding.public_text = "业主张某（13800138000）已停业。"
    take(report, A.PUBLISH)
    texts = db.session.scalars(select(PublicCopy.text)).all()
    assert texts == ["业主张某（［已隐去］）已停业。"]
