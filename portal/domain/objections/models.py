"""What somebody named or shown asks for, and what was answered."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.text import N_
from portal.domain.exposures.models import Exposure
from portal.domain.reports.models import Report


class ObjectionKind(StrEnum):
    """What is asked for (政府信息公开条例 41, 个人信息保护法 46 and 47)."""

    CORRECTION = "correction"
    OBJECTION = "objection"
    PERSONAL = "personal"
    PHOTO = "photo"
    PUT_RIGHT = "put_right"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _KIND_LABELS[self]


class ObjectionState(StrEnum):
    """Where an objection stands; DRAFTED waits for the second person."""

    OPEN = "open"
    DRAFTED = "drafted"
    UPHELD = "upheld"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _STATE_LABELS[self]

    @property
    def is_closed(self) -> bool:
        """Whether it has been answered."""
        return self in {ObjectionState.UPHELD, ObjectionState.REFUSED}


class Relation(StrEnum):
    """Who objects to an exposure, as they say themselves."""

    NAMED = "named"
    MISTAKEN = "mistaken"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _RELATION_LABELS[self]


_KIND_LABELS = {
    ObjectionKind.CORRECTION: N_("写得不对，要更正"),
    ObjectionKind.OBJECTION: N_("不同意结论，提异议"),
    ObjectionKind.PERSONAL: N_("里面有我的个人信息"),
    ObjectionKind.PHOTO: N_("照片拍到了我"),
    ObjectionKind.PUT_RIGHT: N_("已经改好，请提前撤下"),
}
# What is offered to whoever a case, or an exposure, names or shows.
OF_CASES = (
    ObjectionKind.CORRECTION,
    ObjectionKind.OBJECTION,
    ObjectionKind.PERSONAL,
    ObjectionKind.PHOTO,
)
OF_EXPOSURES = (
    ObjectionKind.CORRECTION,
    ObjectionKind.OBJECTION,
    ObjectionKind.PUT_RIGHT,
    ObjectionKind.PERSONAL,
)
_RELATION_LABELS = {
    Relation.NAMED: N_("就是被曝光的单位或个人"),
    Relation.MISTAKEN: N_("名字、地点相近，被认错了"),
    Relation.OTHER: N_("都不是，只是看到写得不对"),
}
_STATE_LABELS = {
    ObjectionState.OPEN: N_("正在核实"),
    ObjectionState.DRAFTED: N_("答复待审定"),
    ObjectionState.UPHELD: N_("成立，已改正"),
    ObjectionState.REFUSED: N_("不成立"),
}


class PublicObjection(Base):
    """更正/异议: about one published case, or the exposure of one. Its sender stays sealed.

    `objection_id` is the row of casework that keeps the case from being struck off meanwhile.
    """

    __tablename__ = "public_objection"
    __table_args__ = (
        Index("ix_public_objection_report", "report_id"),
        Index("ix_public_objection_state", "stands", "due_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)  # YY + yymmdd + serial
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    objection_id: Mapped[int] = mapped_column(ForeignKey("objection.id"))
    exposure_id: Mapped[int | None] = mapped_column(ForeignKey("exposure.id"))
    kind: Mapped[str] = mapped_column(String(12))
    relation: Mapped[str] = mapped_column(String(12), default="")  # asked about exposures only
    words: Mapped[str]
    code_mac: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str | None] = mapped_column(String(32))  # of the sender's own data key
    name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    email: Mapped[bytes | None]
    stands: Mapped[str] = mapped_column(String(10), default=ObjectionState.OPEN)
    received_at: Mapped[datetime]
    warn_at: Mapped[datetime]
    due_at: Mapped[datetime]
    # What was taken down at once, until the answer: photo ids, and whether the whole copy; or
    # whether the exposure was.
    hidden_photos: Mapped[list[Any]] = mapped_column(default=list)
    is_copy_hidden: Mapped[bool] = mapped_column(default=False)
    # The answer: {upheld, reasons, text, photos, whole}; text is the new public text, or None. To
    # an exposure {upheld, reasons, words, whole}: words are all four texts, or None.
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    drafted_at: Mapped[datetime | None]
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship(lazy="joined")
    exposure: Mapped[Exposure | None] = relationship()

    @property
    def asked(self) -> ObjectionKind:
        """`kind` as its own kind of thing."""
        return ObjectionKind(self.kind)

    @property
    def standing(self) -> ObjectionState:
        """`stands` as its own kind of thing."""
        return ObjectionState(self.stands)
