"""Taking, developing and filing the demo's photographs, in this process: they are our own.

The bytes go through the same store, the same pipeline and the same rows as a resident's; only the
sandbox around the decoder is left out, because what it guards against cannot come from here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from portal.cli.demo.plans import Plan
from portal.cli.demo.scenes import render
from portal.core.db import db
from portal.core.geo import Point, haversine_m
from portal.core.images import Box, ImageFormat, Processed, process_own
from portal.domain.accounts.actor import Actor
from portal.domain.reports.models import Photo, PhotoKind, PhotoStatus, Report
from portal.domain.reports.photos import (
    Stored,
    original_key,
    photo_store,
    receive_photo,
    rendition_key,
    store_original,
)
from portal.domain.reports.vault import seal_position

_NO_POSITION_SHARE = 0.25
_FAR_SHARE = 0.06
"""Of photographs were taken somewhere else: staff see how far off."""
_METRE = 1 / 111_320


@dataclass(frozen=True)
class Shot:
    """A photograph that lies in the store, with its versions, but in no row yet."""

    stored: Stored
    made: Processed


def take(plan: Plan, shot: int, taken_at: datetime, *, after: bool = False) -> Shot:
    """Draw, store and develop one photograph of the plan's scene."""
    rng = Random(f"shot:{plan.seed}:{shot}:{after}")
    lat, lng = _standpoint(plan, rng, after=after)
    photo = render(
        plan.scene, after=after, seed=plan.seed, taken_at=taken_at, lat=lat, lng=lng, shot=shot
    )
    stored = store_original(io.BytesIO(photo), ImageFormat.JPEG)
    made = process_own(photo)
    _put(stored.key, made)
    return Shot(stored, made)


def evidence_time(plan: Plan, number: int) -> datetime:
    """When the resident took photograph ``number``: minutes before filing."""
    return plan.times.received_at - timedelta(minutes=42 - 3 * number, seconds=17 * number)


def file_shot(shot: Shot, kind: PhotoKind, *, by: Actor, at: datetime) -> Photo:
    """Add the row of a photograph, ready to be seen; inside the caller's transaction."""
    photo = receive_photo(shot.stored, kind, by=by, at=at)
    facts = shot.made.inspection
    photo.status, photo.phash = PhotoStatus.READY, shot.made.phash
    photo.width, photo.height, photo.taken_at = facts.width, facts.height, facts.taken_at
    return photo


def seal_shots(report: Report, photos: Sequence[tuple[Photo, Shot]]) -> None:
    """Seal where each photograph was taken, and keep how far that is from the place named."""
    for photo, shot in photos:
        taken = shot.made.inspection.position
        if taken is None:
            continue
        seal_position(report, photo, taken.lat, taken.lng)
        if report.lat is not None and report.lng is not None:
            off = haversine_m(Point(report.lat, report.lng), Point(taken.lat, taken.lng))
            photo.distance_m = round(off)
    db.session.flush()


def put_public(public_key: str, key: str, boxes: Sequence[tuple[float, ...]]) -> None:
    """Store the released version of photo ``key`` with its black-outs painted in."""
    with photo_store().get(original_key(key)) as original:
        made = process_own(original.read(), [Box(*box) for box in boxes])
    _put(public_key, made)


def _put(key: str, made: Processed) -> None:
    for size, picture in made.renditions.items():
        photo_store().put(rendition_key(key, size), picture)


def _standpoint(plan: Plan, rng: Random, *, after: bool) -> tuple[float | None, float | None]:
    if not after and rng.random() < _NO_POSITION_SHARE and plan.source != "exif":
        return None, None
    reach = rng.uniform(900, 4000) if rng.random() < _FAR_SHARE else abs(rng.gauss(0, 22))
    if plan.source == "exif" and not after:
        reach = 0.0
    share = rng.random()
    return plan.at[0] + reach * _METRE * share, plan.at[1] + reach * _METRE * (1 - share)
