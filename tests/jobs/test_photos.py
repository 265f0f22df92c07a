"""What the worker makes of photos."""

from __future__ import annotations

from flask_sqlalchemy.session import Session
from sqlalchemy.orm import scoped_session

from portal.core.db import transaction
from portal.domain.accounts.actor import REPORTER
from portal.domain.reports.models import PhotoStatus
from portal.domain.reports.photos import (
    delete_objects,
    discard_photo,
    original_key,
    photo_store,
    photos_of,
    rendition_key,
)
from portal.domain.reports.sent_later import add_photos
from portal.domain.reports.states import State
from portal.domain.timeline.queries import events_of
from portal.jobs.photos import Derivatives
from tests.core.imaging.pictures import GPS_HERE, exif
from tests.factories import PATHS, START, drain, file, jpeg, photo, walk
from tests.jobs.worker import check_photo


def test_a_photo_decided_on_before_its_place_was_sealed(db_city: scoped_session[Session]) -> None:
    """The worker may be behind: published or not, the position still goes into the vault."""
    picture = photo(jpeg(exif=exif(gps=GPS_HERE)))
    drain()
    report = file(photos=[picture])
    walk(report, *PATHS[State.PUBLISHED])
    drain()
    assert picture.status == PhotoStatus.RELEASED
    check_photo(picture)


def test_a_photo_that_follows_the_report(db_city: scoped_session[Session]) -> None:
    report = file(photos_expected=1)
    picture = photo(jpeg(exif=exif(gps=GPS_HERE)))
    drain()
    with transaction():
        add_photos(report, [picture], by=REPORTER, at=START)
    drain()
    check_photo(picture)
    assert picture.distance_m is not None


def test_a_photo_taken_back_while_it_is_rendered(db_city: scoped_session[Session]) -> None:
    """Somebody covers a face in it at that moment: the versions just made go as well."""
    picture = photo(jpeg())
    key, upload_id = picture.key, picture.upload_id
    (event,) = events_of("photo", picture.id)
    write = Derivatives()(event)
    assert write is not None
    with transaction():
        assert discard_photo(upload_id, by=REPORTER) == key
    delete_objects(key)
    with transaction():
        write()
    sizes = [photo_store().size(rendition_key(key, size)) for size in (1600, 400, 160)]
    assert sizes == [None] * 3


def test_what_is_no_picture_keeps_the_report(db_city: scoped_session[Session]) -> None:
    whole = jpeg(640, 480)
    report = file(photos=[photo(b"<svg/>"), photo(whole[:200]), photo(whole)])
    drain()
    refused, broken, good = photos_of(report)
    assert (refused.status, broken.status) == (PhotoStatus.REFUSED, PhotoStatus.BROKEN)
    assert refused.reason
    assert broken.reason
    size = photo_store().size(original_key(good.key))
    assert (good.status, size) == (PhotoStatus.READY, len(whole))
