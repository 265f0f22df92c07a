"""Keys for systems that write, and what they file and tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldFault, InvalidFieldsError, PortalError
from portal.core.ids import random_key
from portal.core.text import N_
from portal.domain.accounts.actor import REPORTER, SYSTEM, Actor
from portal.domain.reports.acceptance import add_information, answer_question
from portal.domain.reports.filing import NewReport, file_report
from portal.domain.reports.models import Channel, Photo, PhotoKind, Report
from portal.domain.reports.photos import Stored, photos_of, receive_photo
from portal.domain.reports.sent_later import add_photos
from portal.domain.reports.states import State
from portal.domain.timeline.services import Happening, record_event
from portal.domain.writers.models import CHANNELS, ApiFiling, ApiKey, ApiUpdate
from portal.domain.writers.queries import (
    key_mac,
    twin_mac,
    twin_of,
    update_is_known,
    writer_by_name,
)

DEMO_KEYS = {"demo-open311": Channel.OPEN311, "demo-sensor": Channel.SENSOR}
SUBJECT = "writer"
_NAME_MOST, _PER_HOUR_MOST, _WINDOW_MOST = 60, 100_000, 7 * 24 * 60
_CLOSED_TO_WORDS = frozenset({State.DECLINED, State.WITHDRAWN, State.DEREGISTERED})


@dataclass(frozen=True)
class NewWriter:
    """A system that shall write: how much in an hour, and what of it counts as the same."""

    name: str
    channel: Channel = Channel.OPEN311
    per_hour: int = 600
    window_minutes: int = 60
    gives_token: bool = False
    is_demo: bool = False


@dataclass(frozen=True)
class Received:
    """What came of a filing. `token` in place of the number for systems that want one."""

    number: str
    token: str | None
    is_new: bool


@dataclass(frozen=True)
class Telling:
    """What a system tells later, under its own id for it."""

    update_id: str
    words: str
    photos: Sequence[Stored] = ()


class ClosedToWordsError(PortalError):
    """The report takes no more information."""

    code = "wrong_state"


def add_writer(
    new: NewWriter, *, created_by: str, at: datetime, key: str | None = None, by: Actor = SYSTEM
) -> str:
    """Let a system write; returns its key, which nobody can read again.

    Raises InvalidFieldsError for a name that is taken or none, and for numbers and channels that
    no key may have.
    """
    new = replace(new, name=new.name.strip())
    _demand_fit(new)
    key = key or f"o311-{random_key()}"
    writer = ApiKey(
        name=new.name,
        key_mac=key_mac(key),
        channel=new.channel,
        per_hour=new.per_hour,
        window_minutes=new.window_minutes,
        gives_token=new.gives_token,
        is_demo=new.is_demo,
        created_at=at,
        created_by=created_by[:_NAME_MOST],
    )
    db.session.add(writer)
    db.session.flush()
    limits = {"per_hour": new.per_hour, "window_minutes": new.window_minutes}
    _note(writer, "writer_added", at, by, {"channel": writer.channel, **limits})
    return key


def _demand_fit(new: NewWriter) -> None:
    rules = {
        "name": (
            0 < len(new.name) <= _NAME_MOST and writer_by_name(new.name) is None,
            N_("名称要填，不超过60字，不能和已有的重复。"),
        ),
        "channel": (new.channel in CHANNELS, N_("请选择来源渠道。")),
        "per_hour": (1 <= new.per_hour <= _PER_HOUR_MOST, N_("写1到100000的整数。")),
        "window_minutes": (
            0 <= new.window_minutes <= _WINDOW_MOST,
            N_("写0到10080的整数，0是每一件都算新的。"),
        ),
    }
    wrong = {name: words for name, (fits, words) in rules.items() if not fits}
    if wrong:
        raise InvalidFieldsError({n: [FieldFault("invalid", w)] for n, w in wrong.items()})


def revoke_writer(writer: ApiKey, at: datetime, *, by: Actor = SYSTEM) -> None:
    """From now on nothing can be written with its key; what it filed stays."""
    if writer.is_active:
        writer.is_active, writer.revoked_at = False, at
        _note(writer, "writer_revoked", at, by, {})


def _note(writer: ApiKey, kind: str, at: datetime, by: Actor, facts: Mapping[str, Any]) -> None:
    data = {"name": writer.name, **facts}
    record_event(Happening(SUBJECT, writer.id, kind, at, by.kind, by.user_id, data=data))


def seed_demo_writers(at: datetime) -> None:
    """The keys of the demo, when they are not there yet."""
    for key, channel in DEMO_KEYS.items():
        if writer_by_name(key) is None:
            add_writer(
                NewWriter(key, channel, per_hour=6000, is_demo=True),
                created_by="demo",
                at=at,
                key=key,
            )


def file_for(
    writer: ApiKey, new: NewReport, stored: Sequence[Stored], note: str, *, at: datetime
) -> Received:
    """File what a system sent, or find the report it made of the same within its window.

    A twin's photos that the report does not have yet are added to it. `note` is told to staff
    beside the report, such as addresses of pictures that were not fetched.
    """
    _lock(writer)
    mac = _mac(new)
    earlier = twin_of(writer, mac, at)
    if earlier is not None:
        report = db.session.get_one(Report, earlier.report_id)
        _add_missing(report, stored, at)
        return Received(report.number, earlier.token, is_new=False)
    photos = [receive_photo(one, PhotoKind.EVIDENCE, by=REPORTER, at=at) for one in stored]
    named = replace(new, photos=photos, channel=Channel(writer.channel))
    report = file_report(named, by=REPORTER, at=at).report
    token = random_key() if writer.gives_token else None
    db.session.add(
        ApiFiling(report_id=report.id, api_key_id=writer.id, at=at, twin_mac=mac, token=token)
    )
    if note:
        add_information(report, note, by=REPORTER, at=at)
    return Received(report.number, token, is_new=True)


def tell_update(writer: ApiKey, report: Report, told: Telling, *, at: datetime) -> None:
    """Add what a system tells of its own report, or answer the city's question with it.

    What it has told before is not added again. Raises ClosedToWordsError.
    """
    _lock(writer)
    if update_is_known(writer, told.update_id):
        return
    if State(report.state) in _CLOSED_TO_WORDS:
        raise ClosedToWordsError(N_("这一件已经结束，不能再补充。"))
    db.session.add(
        ApiUpdate(api_key_id=writer.id, update_id=told.update_id, report_id=report.id, at=at)
    )
    received = [receive_photo(one, PhotoKind.EVIDENCE, by=REPORTER, at=at) for one in told.photos]
    if report.state == State.NEED_INFO:
        answer_question(report, told.words, by=REPORTER, at=at)
    else:
        add_information(report, told.words, by=REPORTER, at=at)
    add_photos(report, received, by=REPORTER, at=at)


def _lock(writer: ApiKey) -> None:
    """Two requests with the same content must not both be the first."""
    db.session.execute(select(ApiKey.id).where(ApiKey.id == writer.id).with_for_update())


def _mac(new: NewReport) -> str:
    """Place, kind and words."""
    place = new.place
    grid = place.grid.code if place.grid else ""
    codes = ",".join(category.code for category in new.categories)
    return twin_mac(codes, place.raw_lat, place.raw_lng, place.address, grid, new.description)


def _add_missing(report: Report, stored: Sequence[Stored], at: datetime) -> None:
    """Add the photos that the report does not have."""
    known = {photo.sha256 for photo in photos_of(report)}
    fresh = [one for one in stored if one.sha256 not in known]
    photos: list[Photo] = [
        receive_photo(one, PhotoKind.EVIDENCE, by=REPORTER, at=at) for one in fresh
    ]
    add_photos(report, photos, by=REPORTER, at=at)
