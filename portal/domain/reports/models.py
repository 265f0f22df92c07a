"""The report, its photos, its thread, and what stands apart: identity and precise positions."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId, Hex
from portal.core.text import N_, short_title
from portal.domain.categories.models import Category
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid


class Channel(StrEnum):
    """How the report reached the city 来源渠道."""

    WEB = "web"
    WECHAT = "wechat"
    PHONE = "phone"
    LETTER = "letter"
    HOTLINE = "hotline"
    INSPECTION = "inspection"
    PATROL = "patrol"
    OPEN311 = "open311"
    SENSOR = "sensor"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _CHANNEL_LABELS[self]


_CHANNEL_LABELS = {
    Channel.WEB: N_("网页"),
    Channel.WECHAT: N_("微信"),
    Channel.PHONE: N_("电话"),
    Channel.LETTER: N_("来信"),
    Channel.HOTLINE: N_("12345/12369 交办"),
    Channel.INSPECTION: N_("督察交办"),
    Channel.PATROL: N_("网格巡查"),
    Channel.OPEN311: N_("Open311"),
    Channel.SENSOR: N_("监测预警"),
}


class Track(StrEnum):
    """Which statutory road a report takes 办理途径; set at acceptance."""

    COMPLAINT = "complaint"
    PETITION = "petition"
    INQUIRY = "inquiry"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _TRACK_LABELS[self]


_TRACK_LABELS = {
    Track.COMPLAINT: N_("举报"),
    Track.PETITION: N_("信访事项"),
    Track.INQUIRY: N_("咨询建议"),
}


def _where_any(name: str, first: str, *others: str) -> Index:
    """An index over the few reports that have something in its first column."""
    some = text(f"{first} IS NOT NULL")
    return Index(name, first, *others, sqlite_where=some, postgresql_where=some)


class Report(Base):
    """举报件: one case. State, version and the copies of clocks are written by workflow.py alone.

    Coordinates are WGS-84 degrees; raw_lat/raw_lng and crs keep what was sent; accuracy_m metres.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_state_due", "state", "due_at"),
        Index("ix_report_state_received", "state", "received_at"),
        Index("ix_report_lead_state", "lead_department_id", "state", "due_at"),
        Index("ix_report_town_received", "town_id", "received_at"),
        Index("ix_report_category_received", "category_id", "received_at"),
        Index("ix_report_due", "due_at"),
        Index("ix_report_received", "received_at"),
        _where_any("ix_report_external", "external_number", "channel"),
        _where_any("ix_report_main_id", "main_id"),
        _where_any("ix_report_parent_id", "parent_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(20))
    state_since: Mapped[datetime]
    return_state: Mapped[str | None] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20), default=Channel.WEB)
    external_number: Mapped[str | None] = mapped_column(String(60))  # of the letter or order
    track: Mapped[str | None] = mapped_column(String(20))
    deadline_class: Mapped[str | None] = mapped_column(String(20))
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]  # of the present round
    first_resolved_at: Mapped[datetime | None]  # kept when a case is reopened
    reopened_count: Mapped[int] = mapped_column(default=0)
    rework_count: Mapped[int] = mapped_column(default=0)
    is_starred: Mapped[bool] = mapped_column(default=False)  # 重点件, set by the supervisor

    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    description: Mapped[str]
    accused_name: Mapped[str | None]
    occurred: Mapped[str] = mapped_column(String(10), default="now")
    occurred_at: Mapped[datetime | None]
    occurred_note: Mapped[str | None]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)

    lat: Mapped[float | None]
    lng: Mapped[float | None]
    raw_lat: Mapped[float | None]
    raw_lng: Mapped[float | None]
    crs: Mapped[str | None] = mapped_column(String(10))
    location_source: Mapped[str | None] = mapped_column(String(10))
    accuracy_m: Mapped[float | None]
    address: Mapped[str | None]
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    town_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))

    wants_reply: Mapped[bool] = mapped_column(default=False)
    wants_reward: Mapped[bool] = mapped_column(default=False)
    has_contact: Mapped[bool] = mapped_column(default=False)
    consent_version: Mapped[str | None] = mapped_column(String(20))
    query_code_mac: Mapped[str] = mapped_column(Hex())
    reward_code_mac: Mapped[str | None] = mapped_column(Hex())
    content_nonce: Mapped[str] = mapped_column(Hex())
    content_commitment: Mapped[str] = mapped_column(Hex())
    photos_expected: Mapped[int] = mapped_column(default=0)

    main_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    lead_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    due_clock: Mapped[str | None] = mapped_column(String(20))
    warn_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    red_at: Mapped[datetime | None]
    notice_ends_at: Mapped[datetime | None]

    category: Mapped[Category] = relationship(lazy="joined")
    grid: Mapped[Grid | None] = relationship(foreign_keys=[grid_id], lazy="joined")
    town: Mapped[Grid | None] = relationship(foreign_keys=[town_id], lazy="joined")
    lead_department: Mapped[Department | None] = relationship(lazy="joined")
    main: Mapped[Report | None] = relationship(foreign_keys=[main_id], remote_side="Report.id")
    parent: Mapped[Report | None] = relationship(foreign_keys=[parent_id], remote_side="Report.id")
    photos: Mapped[list[Photo]] = relationship(
        back_populates="report", order_by="Photo.position, Photo.id"
    )

    @property
    def title(self) -> str:
        """The first clause of the description, for lists inside the desk (never public)."""
        return short_title(self.description)


class ReportCategory(Base):
    """A further category of a report 其他类型, in the order given."""

    __tablename__ = "report_category"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class AccusedDepartment(Base):
    """A department that is itself accused 被举报单位: it must not see the report."""

    __tablename__ = "accused_department"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), primary_key=True)


class PhotoKind(StrEnum):
    """Why a photo was taken."""

    EVIDENCE = "evidence"  # by the resident
    CHECK = "check"  # at a site check
    PROGRESS = "progress"
    AFTER = "after"
    LOOKBACK = "lookback"  # at a look-back
    INSPECTION = "inspection"  # by an inspector of the week

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _PHOTO_LABELS[self]


_PHOTO_LABELS = {
    PhotoKind.EVIDENCE: N_("市民拍"),
    PhotoKind.CHECK: N_("现场核查"),
    PhotoKind.PROGRESS: N_("整改中"),
    PhotoKind.AFTER: N_("整改后"),
    PhotoKind.LOOKBACK: N_("回头看"),
    PhotoKind.INSPECTION: N_("督查"),
}


class PhotoStatus(StrEnum):
    """contracts.md, filing over HTTP."""

    RECEIVED = "received"
    PROCESSING = "processing"
    READY = "ready"
    BROKEN = "broken"
    REFUSED = "refused"
    WITHHELD = "withheld"
    RELEASED = "released"


class Photo(Base):
    """照片. `key` opens it for staff and the reporter; `public_key` names the released rendering.

    `upload_id` is the capability the phone got when it sent the photo ahead; claimed once.
    `distance_m` is between where it was taken and the place named; the position itself is sealed.
    """

    __tablename__ = "photo"
    __table_args__ = (Index("ix_photo_report", "report_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    upload_id: Mapped[str] = mapped_column(String(32), unique=True)
    public_key: Mapped[str | None] = mapped_column(String(32), unique=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"))
    kind: Mapped[str] = mapped_column(String(10), default=PhotoKind.EVIDENCE)
    status: Mapped[str] = mapped_column(String(12), default=PhotoStatus.RECEIVED)
    reason: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    format: Mapped[str] = mapped_column(String(8))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    phash: Mapped[str | None] = mapped_column(String(16))
    distance_m: Mapped[float | None]
    sealed_position: Mapped[bytes | None]
    boxes: Mapped[list[Any]] = mapped_column(
        default=list
    )  # black-outs, fractions of the upright picture
    released_at: Mapped[datetime | None]  # when the public rendering was ready
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    round: Mapped[int] = mapped_column(default=0)  # reopened cases take new after-photos

    report: Mapped[Report | None] = relationship(back_populates="photos")


class Identity(Base):
    """举报人身份, apart and encrypted under a key of its own kept outside the database.

    `phone_index` is an HMAC for exact search; without the data key the rest is noise.
    """

    __tablename__ = "identity"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    email: Mapped[bytes | None]
    phone_index: Mapped[str | None] = mapped_column(String(64), index=True)


class ThreadKind(StrEnum):
    """What a message between the reporter and the city is."""

    QUESTION = "question"
    ANSWER = "answer"
    INFO = "info"
    WITHDRAWAL = "withdrawal"
    APPEAL = "appeal"
    DECLINE = "decline"


class ThreadEntry(Base):
    """A message between reporter and city 往来. Never public; may hold personal data."""

    __tablename__ = "thread_entry"
    __table_args__ = (Index("ix_thread_entry_report", "report_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class NumberSeries(Base):
    """The next serial of a day 编号序列."""

    __tablename__ = "number_series"

    on: Mapped[date] = mapped_column(primary_key=True)
    next_serial: Mapped[int]


class SealedReceipt(Base):
    """A receipt 回执 kept encrypted under a key that only its holder's handle yields.

    The handle (an Idempotency-Key, a form nonce or a cookie) is stored as a hash only.
    """

    __tablename__ = "sealed_receipt"

    handle_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_digest: Mapped[str | None] = mapped_column(String(64))
    ciphertext: Mapped[bytes | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TrackSession(Base):
    """A reporter's look at one report 查询会话; ends after 30 idle minutes."""

    __tablename__ = "track_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    seen_at: Mapped[datetime]


class Support(Base):
    """我也遇到: somebody else met the same thing. One row for a phone and a report, not linkable to
    the phone's other rows: the report is part of what is hashed.
    """

    __tablename__ = "support"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    phone_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime]


class TrackFailure(Base):
    """A wrong query code 查询失败, for throttling by number and by address (both hashed)."""

    __tablename__ = "track_failure"
    __table_args__ = (Index("ix_track_failure_subject", "subject_hash", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
