"""Filing 举报: turning what a resident sent into a report, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core.crypto import hmac_code
from portal.core.db import db
from portal.core.ids import new_code, random_key
from portal.domain.accounts.actor import Actor
from portal.domain.categories.models import Category
from portal.domain.grids.models import Grid
from portal.domain.grids.queries import town_of
from portal.domain.reports.content import Content, moment
from portal.domain.reports.models import Channel, Photo, Report, ReportCategory
from portal.domain.reports.numbering import next_number
from portal.domain.reports.search import keep_words
from portal.domain.reports.states import Action
from portal.domain.reports.vault import Contact, lookup_key, seal_identity
from portal.domain.reports.workflow import Move, advance
from portal.domain.timeline.models import TimelineEvent

RECEIPT_VERSION = 1


@dataclass(frozen=True)
class Place:
    """Where it is. lat/lng in WGS-84 degrees; raw values and crs as sent; accuracy in metres."""

    lat: float | None = None
    lng: float | None = None
    raw_lat: float | None = None
    raw_lng: float | None = None
    crs: str | None = None
    source: str | None = None
    accuracy_m: float | None = None
    address: str = ""
    grid: Grid | None = None


@dataclass(frozen=True)
class Occurrence:
    """When it happens: now, at a time, or again and again."""

    kind: str = "now"
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)
class NewReport:
    """One filing, validated by its door (domain.md section 6)."""

    categories: Sequence[Category]
    description: str
    place: Place
    occurrence: Occurrence = field(default_factory=Occurrence)
    accused_name: str = ""
    contact: Contact = field(default_factory=Contact)
    wants_reply: bool = False
    wants_reward: bool = False
    consent_version: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    photos: Sequence[Photo] = ()
    photos_expected: int = 0
    channel: Channel = Channel.WEB
    external_number: str = ""


@dataclass(frozen=True)
class Filed:
    """A filed report with its event, and the codes that exist in clear only now."""

    report: Report
    event: TimelineEvent
    query_code: str
    reward_code: str | None


def file_report(new: NewReport, *, by: Actor, at: datetime) -> Filed:
    """Create the report, claim its photos, seal its reporter and start the ACCEPT clock."""
    query_code = new_code()
    reward_code = new_code() if new.wants_reward else None
    report = _build(new, at, query_code, reward_code)
    db.session.add(report)
    said = {"channel": new.channel, "content": _content(report.number, new, at).changing()}
    event = advance(report, Action.FILE, Move(by, at, data=said))
    _attach_categories(report, new.categories)
    seal_identity(report, new.contact)
    for position, photo in enumerate(new.photos):
        photo.report_id, photo.position = report.id, position
    db.session.flush()
    keep_words(report)
    return Filed(report, event, query_code, reward_code)


def _build(new: NewReport, at: datetime, query_code: str, reward_code: str | None) -> Report:
    place, nonce, number = new.place, random_key(), next_number(at)
    return Report(
        number=number,
        channel=new.channel,
        external_number=new.external_number or None,
        received_at=at,
        state_since=at,
        category=new.categories[0],
        description=new.description,
        accused_name=new.accused_name or None,
        occurred=new.occurrence.kind,
        occurred_at=new.occurrence.at,
        occurred_note=new.occurrence.note or None,
        answers=new.answers,
        lat=place.lat,
        lng=place.lng,
        raw_lat=place.raw_lat,
        raw_lng=place.raw_lng,
        crs=place.crs,
        location_source=place.source,
        accuracy_m=place.accuracy_m,
        address=place.address or None,
        grid=place.grid,
        town=town_of(place.grid) if place.grid else None,
        wants_reply=new.wants_reply,
        wants_reward=new.wants_reward,
        consent_version=new.consent_version or None,
        query_code_mac=code_mac(query_code, "query"),
        reward_code_mac=code_mac(reward_code, "reward") if reward_code else None,
        content_nonce=nonce,
        content_commitment=_content(number, new, at).commitment(nonce),
        photos_expected=new.photos_expected,
    )


def _attach_categories(report: Report, categories: Sequence[Category]) -> None:
    for position, category in enumerate(dict.fromkeys(categories[1:])):
        if category.id != report.category_id:
            row = ReportCategory(
                report_id=report.id, category_id=category.id, position=position + 1
            )
            db.session.add(row)


def code_mac(code: str, purpose: str) -> str:
    """How a query or reward code is stored: HMAC-SHA256 under the lookup key."""
    return hmac_code(code, lookup_key(), purpose)


def _content(number: str, new: NewReport, at: datetime) -> Content:
    place = new.place
    return Content(
        number=number,
        received_at=moment(at),
        description=new.description,
        place=[place.raw_lat, place.raw_lng, place.crs, place.address],
        categories=[c.code for c in new.categories],
        grid=place.grid.code if place.grid else None,
        photos=[p.sha256 for p in new.photos],
    )
