"""Texts ready to use 常用语: replies, refusals, questions and public texts, kept by the supervisor.

A text is offered where its kind, category and state fit. Placeholders are filled from the report;
what is not known yet leaves a gap that nobody overlooks. A refusal always says where to go.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, BigId, db
from portal.core.enums import stored
from portal.core.errors import InvalidFieldsError, NotAllowedError, NotFoundError
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.states import Action
from portal.domain.triage.seed import TEXTS

PLACEHOLDERS = ("number", "town", "due", "department")
GAP = "＿＿"
MOST_CHARS = 500
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class TextKind(StrEnum):
    """What a text is for."""

    DECLINE = "decline"
    ASK = "ask"
    REPLY = "reply"
    PUBLIC_TEXT = "public_text"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _LABELS[self]

    @property
    def action(self) -> Action:
        """The step whose form it fills."""
        return _STEPS[self]


_LABELS = {
    TextKind.DECLINE: N_("不予受理"),
    TextKind.ASK: N_("要求补充"),
    TextKind.REPLY: N_("答复举报人"),
    TextKind.PUBLIC_TEXT: N_("公开文字"),
}
_STEPS = {
    TextKind.DECLINE: Action.DECLINE,
    TextKind.ASK: Action.ASK,
    TextKind.REPLY: Action.PROPOSE,
    TextKind.PUBLIC_TEXT: Action.PROPOSE,
}


class ReadyText(Base):
    """常用语. Category or `for_state` empty: any; reason and `where_to` belong to a refusal."""

    __tablename__ = "ready_text"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[TextKind] = mapped_column(stored(TextKind))
    category_code: Mapped[str] = mapped_column(String(40), default="")
    for_state: Mapped[str] = mapped_column(String(20), default="")
    reason_code: Mapped[str] = mapped_column(String(20), default="")
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str]
    where_to: Mapped[str] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


@dataclass(frozen=True)
class NewText:
    """A text as the supervisor wrote it."""

    kind: TextKind
    title: str
    text: str
    where_to: str = ""
    reason_code: str = ""
    category_code: str = ""
    state: str = ""


def fill(words: str, facts: Mapping[str, str]) -> str:
    """`words` with its placeholders filled; what is unknown or empty becomes a gap."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1]) or GAP, words)


def texts_for(kinds: Collection[TextKind], category_code: str, state: str) -> list[ReadyText]:
    """The texts in use that fit, those for exactly this kind of pollution first; one statement."""
    top = category_code.partition(".")[0]
    query = select(ReadyText).where(
        ReadyText.kind.in_(kinds),
        ReadyText.is_active.is_(True),
        ReadyText.category_code.in_({"", top, category_code}),
        ReadyText.for_state.in_(("", state)),
    )
    rows = list(db.session.scalars(query))
    rows.sort(key=lambda row: (-len(row.category_code), -len(row.for_state), row.id))
    return rows


def all_texts() -> list[ReadyText]:
    """Every text, by kind, those in use first."""
    rows = list(db.session.scalars(select(ReadyText).order_by(ReadyText.id)))
    order = list(TextKind)
    rows.sort(key=lambda row: (order.index(row.kind), not row.is_active))
    return rows


def text_by_id(text_id: int) -> ReadyText | None:
    """The text with this id."""
    return db.session.get(ReadyText, text_id)


def check_text(new: NewText) -> None:
    """Raise InvalidFieldsError for what could not be used as it stands."""
    for name, words in (("text", new.text), ("where_to", new.where_to)):
        if set(_PLACEHOLDER.findall(words)) - set(PLACEHOLDERS):
            raise InvalidFieldsError.one(
                name, "placeholder", N_("大括号里只能写number、town、due、department。")
            )
    if new.kind is not TextKind.DECLINE:
        return
    if new.reason_code not in set(DeclineReason):
        raise InvalidFieldsError.one("reason_code", "required", N_("不予受理要选理由。"))
    if not new.where_to.strip():
        raise InvalidFieldsError.one("where_to", "required", N_("不予受理要写清该找哪里。"))


def save_text(new: NewText, text_id: int | None, *, by: Actor, at: datetime) -> ReadyText:
    """Add a text or change one. Raises NotAllowedError, NotFoundError, InvalidFieldsError."""
    _demand(by)
    check_text(new)
    row = ReadyText(is_active=True) if text_id is None else _text(text_id)
    _write(row, new)
    row.by_user_id, row.at = by.user_id, at
    db.session.add(row)
    db.session.flush()
    return row


def use_text(text_id: int, *, is_active: bool, by: Actor, at: datetime) -> None:
    """Offer a text, or offer it no longer. Raises NotAllowedError, NotFoundError."""
    _demand(by)
    row = _text(text_id)
    row.is_active, row.by_user_id, row.at = is_active, by.user_id, at


def seed_texts(at: datetime) -> None:
    """Add the texts every city starts from; once there is any, the city's own stay as they are."""
    if db.session.scalar(select(ReadyText.id).limit(1)) is not None:
        return
    for kind, reason, category, title, text, where_to in TEXTS:
        row = ReadyText(is_active=True, at=at)
        _write(row, NewText(TextKind(kind), title, text, where_to, reason, category))
        db.session.add(row)


def _write(row: ReadyText, new: NewText) -> None:
    is_refusal = new.kind is TextKind.DECLINE
    row.kind, row.title, row.text = new.kind, new.title, new.text
    row.where_to = new.where_to if is_refusal else ""
    row.reason_code = new.reason_code if is_refusal else ""
    row.category_code, row.for_state = new.category_code, new.state


def _text(text_id: int) -> ReadyText:
    row = text_by_id(text_id)
    if row is None:
        raise NotFoundError
    return row


def _demand(by: Actor) -> None:
    if not by.may(Permission.EDIT_TEXTS):
        raise NotAllowedError(N_("常用语由督办员定。"))
