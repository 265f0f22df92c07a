"""Two public cases: one published with its photos, one only listed; both full of private words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.core.clock import now
from portal.domain.accounts.permissions import Role
from portal.domain.casework.assigning import Assigning, dispatch_report
from portal.domain.publication.models import Rounding
from portal.domain.publication.services import (
    PhotoDecision,
    Release,
    decidable_photos,
    publish_report,
)
from portal.domain.reports.filing import Place
from portal.domain.reports.models import Report
from portal.domain.reports.states import Action, State
from portal.domain.reports.tracking import report_by_number
from portal.domain.reports.vault import Contact
from tests.factories import (
    PATHS,
    VILLAGE,
    city,
    drain,
    file,
    grid,
    make_department,
    photo,
    staff,
    walk,
    writing,
)

# None of these may ever reach the public (domain.md section 1).
PRIVATE = ("夜里偷排的绿色废水", "13912345678", "欧阳举报", "秘密巷7号", "黑心作坊", "30.40123")
CONTACT = Contact(name="欧阳举报", phone="13912345678", email="ouyang@example.org")
PLACE = Place(30.40123, 112.40123, 30.40123, 112.40123, "wgs84", "pin", 10.0, "秘密巷7号")
DESCRIPTION = "夜里偷排的绿色废水，电话13912345678，我叫欧阳举报。"


@dataclass(frozen=True)
class Cases:
    """The numbers of the two cases, and the keys of the first one's photos."""

    published: str
    listed: str
    public_key: str
    withheld_key: str


@pytest.fixture
def cases(app: Flask) -> Cases:
    """File both, publish the first."""
    return make_cases(app)


def make_cases(app: Flask) -> Cases:
    """Both cases, in a fresh city."""
    with app.app_context():
        city()
        published = _file(2, now() - timedelta(days=3))
        drain()
        walk(_report(published), *PATHS[State.RESOLVED])
        drain()
        _publish(published)
        listed = _file(1, now() - timedelta(hours=2))
        walk(_report(listed), Action.ACCEPT)
        _dispatch(listed)
        drain()
        first, second = [p for p in _report(published).photos if p.kind == "evidence"]
        assert first.public_key
        return Cases(published, listed, first.public_key, second.key)


def _file(photos: int, at: datetime) -> str:
    with writing():
        return file(
            "water.outfall",
            description=DESCRIPTION,
            place=replace(PLACE, grid=grid(VILLAGE)),
            contact=CONTACT,
            accused_name="黑心作坊",
            photos=[photo() for _ in range(photos)],
            at=at,
        ).number


def _report(number: str) -> Report:
    report = report_by_number(number)
    assert report is not None
    return report


def _dispatch(number: str) -> None:
    with writing():
        report, lead = _report(number), make_department("sl")
        by, at = staff(Role.TRIAGE), report.state_since
        dispatch_report(report, Assigning(lead), expected=report.version, by=by, at=at)


def _publish(number: str) -> None:
    with writing():
        report, by = _report(number), staff(Role.PUBLISHER)
        decisions = {
            p.upload_id: PhotoDecision(release=n != 1, boxes=((0.1, 0.1, 0.2, 0.2),))
            for n, p in enumerate(decidable_photos(report))
        }
        release = Release(decisions, Rounding.STREET)
        publish_report(report, release, expected=report.version, by=by, at=report.state_since)
