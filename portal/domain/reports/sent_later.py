"""What a reporter sends after filing: photos that followed, and photos added on the track page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.reports.models import Photo, PhotoKind, Report
from portal.domain.reports.photos import attach_photo, photos_of
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event

MOST_IN_ALL = 30
PHOTOS_ADDED = "photos_added"


def report_by_id(report_id: int) -> Report | None:
    """The report with this id."""
    return db.session.get(Report, report_id)


def add_photos(report: Report, photos: Sequence[Photo], *, by: Actor, at: datetime) -> None:
    """Make received photos part of a report that is already filed.

    Raises InvalidFieldsError when the reporter would have sent more than MOST_IN_ALL.
    """
    if not photos:
        return
    if len(photos_of(report, PhotoKind.EVIDENCE)) + len(photos) > MOST_IN_ALL:
        raise InvalidFieldsError.one("photos", "too_many", N_("这一件最多收30张照片。"))
    for photo in photos:
        attach_photo(photo, report)
    record_event(
        Happening(
            SUBJECT,
            report.id,
            PHOTOS_ADDED,
            at,
            by.kind,
            by.user_id,
            data={"count": len(photos)},
        )
    )
