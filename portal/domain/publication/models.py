"""The released copy, and the one table that public pages read."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.departments.models import Department
from portal.domain.grids.models import Grid


class WithholdGround(StrEnum):
    """Why an outcome is not published 不予公开的依据 (政府信息公开条例 14-16)."""

    STATE_SECRET = "state_secret"  # noqa: S105 - a legal ground
    TRADE_SECRET = "trade_secret"  # noqa: S105 - a legal ground
    PRIVACY = "privacy"
    INVESTIGATION = "investigation"
    SAFETY = "safety"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _GROUND_LABELS[self]


_GROUND_LABELS = {
    WithholdGround.STATE_SECRET: N_("涉及国家秘密（条例第十四条）"),
    WithholdGround.TRADE_SECRET: N_("涉及商业秘密（条例第十五条）"),
    WithholdGround.PRIVACY: N_("涉及个人隐私（条例第十五条）"),
    WithholdGround.INVESTIGATION: N_("执法案件尚在调查（条例第十六条）"),
    WithholdGround.SAFETY: N_("可能危及公共安全（条例第十四条）"),
}


class Rounding(StrEnum):
    """How exactly the public place is shown 位置精度."""

    EXACT = "exact"  # 5 decimals, about 1 m
    STREET = "3"  # 3 decimals, about 100 m
    AREA = "2"  # 2 decimals, about 1 km
    TOWN = "town"  # no point at all

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _ROUNDING_LABELS[self]

    @property
    def decimals(self) -> int | None:
        """Decimals of a degree kept; None shows no point."""
        return {"exact": 5, "3": 3, "2": 2, "town": None}[self]


_ROUNDING_LABELS = {
    Rounding.EXACT: N_("准确位置"),
    Rounding.STREET: N_("约100米"),
    Rounding.AREA: N_("约1公里"),
    Rounding.TOWN: N_("只到镇街"),
}


class PublicLevel(StrEnum):
    """The two public levels (domain.md section 1)."""

    LISTED = "listed"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return N_("已列示") if self is PublicLevel.LISTED else N_("已公开")


class PublicCopy(Base):
    """The desensitised copy a publisher released 公开稿. Stays when the case is reopened."""

    __tablename__ = "public_copy"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    text: Mapped[str]
    verdict: Mapped[str] = mapped_column(String(15))
    measures: Mapped[list[Any]]  # [{kind, amount_yuan, people}]
    rounding: Mapped[str] = mapped_column(String(8))
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    released_at: Mapped[datetime]
    released_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    resolved_on: Mapped[date]
    revoked_at: Mapped[datetime | None]  # a later round was withheld, or an objection upheld
    # For the time an objection is looked into, whatever is published meanwhile: all, or photo ids.
    hidden_at: Mapped[datetime | None]
    hidden_photos: Mapped[list[Any]] = mapped_column(default=list)
    corrected_at: Mapped[datetime | None]


def _as_updated(context: Any) -> datetime:
    """Rows that come in bulk say only when they were updated."""
    updated_at: datetime = context.get_current_parameters()["updated_at"]
    return updated_at


_ORDER, _WHOSE = ("received_on", "report_id"), ("town_id", "department_id")
_CLOSED, _TERMED = text("days IS NOT NULL"), text("due_at IS NOT NULL")


class PublicCase(Base):
    """What anybody may read of a case, and nothing else 公开列示. Derived; recomputed by key.

    A listed row has no words, no photos, no village and no point.
    """

    __tablename__ = "public_case"
    __table_args__ = (
        # In the order of the lists, and behind it what else narrows them: a case that does not
        # fit is passed over without its row, which is wide.
        Index("ix_public_case_received", *_ORDER, "state", *_WHOSE, "category_code"),
        Index("ix_public_case_category", "category_code", *_ORDER, "state", *_WHOSE, "category_id"),
        Index("ix_public_case_town", "town_id", *_ORDER, "state", "department_id", "category_code"),
        Index(
            *("ix_public_case_department", "department_id", *_ORDER),
            *("state", "town_id", "category_code"),
        ),
        Index("ix_public_case_state", "state", *_ORDER),
        Index(
            *("ix_public_case_days", "days", "report_id", "state", *_WHOSE, "category_code"),
            sqlite_where=_CLOSED,
            postgresql_where=_CLOSED,
        ),
        Index("ix_public_case_due", "due_at", sqlite_where=_TERMED, postgresql_where=_TERMED),
        Index("ix_public_case_published", "level", "published_at"),
        Index("ix_public_case_point", "category_code", "lat", "lng"),
        Index("ix_public_case_village", "category_code", "village_id"),
        Index("ix_public_case_updated", "updated_at", "report_id"),
        Index("ix_public_case_modified", "modified_at"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    level: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    category_code: Mapped[str] = mapped_column(String(30))  # level 1
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))  # level 1 while listed
    town_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    village_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    received_on: Mapped[date]
    closed_on: Mapped[date | None]
    days: Mapped[int | None]  # from receipt to resolution; None while open
    due_at: Mapped[datetime | None]
    resolve_from: Mapped[date | None]  # the local day RESOLVE started
    resolve_by: Mapped[date | None]  # its last local day, extensions included
    is_reopened: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)  # while an objection is looked into
    corrected_on: Mapped[date | None]
    look_back: Mapped[str | None] = mapped_column(String(20))  # passed | failed, of the last one
    looked_back_on: Mapped[date | None]
    verdict: Mapped[str | None] = mapped_column(String(15))
    text: Mapped[str | None]
    measures: Mapped[list[Any]] = mapped_column(default=list)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    photos: Mapped[list[Any]] = mapped_column(
        default=list
    )  # [{key, kind, width, height, on, masked}]
    timeline: Mapped[list[Any]] = mapped_column(
        default=list
    )  # [{kind, on, lead?, assists?}]: department codes
    published_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    # What programs are told: when it was closed, or, while it is open, last changed. Whole seconds.
    modified_at: Mapped[datetime] = mapped_column(default=_as_updated)

    category: Mapped[Category] = relationship(lazy="joined")
    town: Mapped[Grid | None] = relationship(foreign_keys=[town_id], lazy="joined")
    village: Mapped[Grid | None] = relationship(foreign_keys=[village_id], lazy="joined")
    department: Mapped[Department | None] = relationship(lazy="joined")

    @property
    def before(self) -> dict[str, Any] | None:
        """The released photo that shows the trouble."""
        return next((p for p in self.photos if p["kind"] == "evidence"), None)

    @property
    def after(self) -> dict[str, Any] | None:
        """The released photo that shows it put right."""
        return next((p for p in reversed(self.photos) if p["kind"] == "after"), None)


class PublicUpdate(Base):
    """A step of a case as it became public 公开进展. Insert-only; goes with its row.

    `is_reopened`: what had been closed is being done again.
    """

    __tablename__ = "public_update"
    __table_args__ = (Index("ix_public_update_at", "at", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    at: Mapped[datetime]  # whole seconds
    state: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10))
    is_reopened: Mapped[bool] = mapped_column(default=False)


class PublicMerged(Base):
    """A case that was listed and then merged into another 已列示后并案: where it went.

    Derived, like PublicCase, and never beside it; what was filed twice and never listed is not
    here.
    """

    __tablename__ = "public_merged"

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    main_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))  # level 1
    town_id: Mapped[int | None] = mapped_column(ForeignKey("grid.id"))
    received_on: Mapped[date]
    merged_at: Mapped[datetime]  # whole seconds

    category: Mapped[Category] = relationship(lazy="joined")
    town: Mapped[Grid | None] = relationship(foreign_keys=[town_id], lazy="joined")
