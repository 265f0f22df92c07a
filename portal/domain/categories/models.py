"""Kinds of pollution in two levels, and the industries that cause it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Base, BigId
from portal.core.enums import stored
from portal.domain.categories.classes import DeadlineClass, Urgency

# A place rounded to this many decimals is shown as it is (about a metre).
EXACT_DECIMALS = 5


class Category(Base):
    """A kind of pollution 污染类型. Level 1 has no parent; codes of level 2 read `air.odor`.

    A report filed under level 1 means "not sure which"; triage chooses a level-2 category.
    `questions` is a list of {code, kind (choice|text), required, text_zh, text_en,
    options: [{code, text_zh, text_en}]}; their answers arrive as `answers[<code>]`.
    """

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    position: Mapped[int]  # order among its siblings
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    icon: Mapped[str] = mapped_column(String(20))  # `air` stands for the symbol i-air
    legal_hint_zh: Mapped[str]
    legal_hint_en: Mapped[str]
    urgency: Mapped[Urgency] = mapped_column(stored(Urgency))
    deadline_class: Mapped[DeadlineClass] = mapped_column(stored(DeadlineClass))
    photo_required: Mapped[bool]  # the page asks once for a photo; never refuses without
    stop_notice_zh: Mapped[str | None]  # what to do first when there is danger
    stop_notice_en: Mapped[str | None]
    place_rounding: Mapped[int]  # decimals of a degree shown to the public
    questions: Mapped[list[Any]] = mapped_column(default=list)
    is_active: Mapped[bool] = mapped_column(default=True)

    parent: Mapped[Category | None] = relationship(remote_side="Category.id")

    @property
    def is_top(self) -> bool:
        """Whether this is a level-1 category."""
        return self.parent_id is None


class Industry(Base):
    """A branch of trade 行业, used in figures and policies."""

    __tablename__ = "industry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    position: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
