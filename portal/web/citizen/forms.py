"""The filing form (contracts.md, Filing over HTTP): from what was sent to what may be filed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.clock import zone
from portal.core.contact import normalise_phone
from portal.core.text import clean
from portal.domain.categories.models import Category
from portal.domain.categories.queries import categories_by_codes
from portal.domain.reports.filing import NewReport, Occurrence, Place
from portal.domain.reports.models import Photo
from portal.domain.reports.photos import MOST_PHOTOS
from portal.domain.reports.vault import Contact
from portal.web.citizen.consents import CONSENT_VERSION, GIVEN
from portal.web.citizen.fields import Fields
from portal.web.citizen.places import read_place

DESCRIPTION_LEAST, DESCRIPTION_MOST = 5, 500
NOTE_MOST, ACCUSED_MOST, NAME_MOST, MAIL_MOST, ANSWER_MOST = 100, 100, 40, 120, 200
MOST_CATEGORIES = 5
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?")
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_FIRST_YEAR = 1900  # before that somebody mistyped, and year 1 has no UTC
_CLOCKS_DIFFER = timedelta(minutes=10)
# What waited on a phone for a network: "now" was when it was sent off. Outside these bounds it was
# sent at once, or the phone's clock is wrong.
_WAITED_LEAST, _WAITED_MOST = timedelta(minutes=30), timedelta(days=60)
_MOBILE_DIGITS = 11


class Occurred(StrEnum):
    """When it happens."""

    NOW = "now"
    AT = "at"
    RECURRING = "recurring"


@dataclass(frozen=True)
class Filing:
    """A filing that may be made, but for its photos."""

    categories: Sequence[Category]
    description: str
    place: Place
    occurrence: Occurrence
    accused_name: str
    contact: Contact
    wants_reply: bool
    wants_reward: bool
    photo_ids: Sequence[str]
    photos_expected: int
    answers: dict[str, Any] = field(default_factory=dict)

    def to_command(self, photos: Sequence[Photo]) -> NewReport:
        """What the reports room files."""
        return NewReport(
            categories=self.categories,
            description=self.description,
            place=self.place,
            occurrence=self.occurrence,
            accused_name=self.accused_name,
            contact=self.contact,
            wants_reply=self.wants_reply,
            wants_reward=self.wants_reward,
            consent_version=CONSENT_VERSION,
            answers=self.answers,
            photos=photos,
            photos_expected=self.photos_expected,
        )


def read_filing(form: MultiDict[str, str], at: datetime) -> Filing:
    """The filing in `form`. Raises InvalidFieldsError naming every field that cannot be taken."""
    fields = Fields(form)
    if form.get("website"):
        fields.fault("website", "honeypot", _("这一栏请留空，它只用来挡住自动程序。"))
    categories = _categories(fields)
    filing = Filing(
        categories=categories,
        description=_description(fields),
        place=read_place(fields),
        occurrence=_occurrence(fields, at),
        accused_name=fields.text("accused_name", ACCUSED_MOST),
        contact=read_contact(fields),
        wants_reply=fields.is_on("wants_reply"),
        wants_reward=fields.is_on("wants_reward"),
        photo_ids=photo_ids(form),
        photos_expected=_photos_expected(fields),
        answers=_answers(fields, categories),
    )
    _consent(fields)
    fields.refuse()
    return filing


def photo_ids(form: MultiDict[str, str]) -> list[str]:
    """The photos sent ahead, each named once."""
    return list(
        dict.fromkeys(told for value in form.getlist("photo_ids") if (told := clean(value)))
    )


def _categories(fields: Fields) -> list[Category]:
    """The categories named; a level-1 one gives way to its own level-2 one."""
    codes = [told for code in fields.form.getlist("category") if (told := clean(code))]
    found = categories_by_codes(codes[:MOST_CATEGORIES])
    unknown = set(codes) - {category.code for category in found}
    if not codes:
        fields.fault("category", "required", _("请选一类。拿不准就选最接近的，或选“其他”。"))
    elif len(set(codes)) > MOST_CATEGORIES:
        fields.fault("category", "too_many", _("最多选%(most)s类。", most=MOST_CATEGORIES))
    elif unknown:
        words = _("没有这个类型：%(code)s", code=", ".join(sorted(unknown))[:60])
        fields.fault("category", "unknown", words)
    finer = {category.parent_id for category in found}
    return [category for category in found if category.id not in finer]


def _description(fields: Fields) -> str:
    words = fields.text("description", DESCRIPTION_MOST)
    if not words:
        fields.fault("description", "required", _("请说两句看到了什么，至少5个字。"))
    elif len(words) < DESCRIPTION_LEAST:
        hint = _(
            "说得太短，至少%(least)s个字，现在%(have)s个字",
            least=DESCRIPTION_LEAST,
            have=len(words),
        )
        fields.fault("description", "too_short", hint)
    return words


def _occurrence(fields: Fields, at: datetime) -> Occurrence:
    kind = fields.choice("occurred", Occurred, Occurred.NOW)
    typed = fields.form.get("occurred_at", "").strip()
    moment = read_moment(typed)
    if kind is Occurred.AT and not typed:
        fields.fault("occurred_at", "required", _("请填是什么时间，大概就行。"))
    elif typed and (moment is None or moment.year < _FIRST_YEAR) and kind is not Occurred.NOW:
        fields.fault("occurred_at", "invalid", _("时间没看懂，请写成 2026-11-22T14:05 这样。"))
    elif moment and moment > at + _CLOCKS_DIFFER and kind is not Occurred.NOW:
        fields.fault("occurred_at", "future", _("这个时间还没到，请看一下日期。"))
    note = fields.text("occurred_note", NOTE_MOST)
    if kind is not Occurred.NOW:
        return Occurrence(kind, moment, note)
    pressed = read_moment(fields.form.get("pressed_at", "").strip())
    if pressed and _WAITED_LEAST <= at - pressed <= _WAITED_MOST:
        return Occurrence(Occurred.AT, pressed, note)
    return Occurrence(kind, None, note)


def read_moment(typed: str) -> datetime | None:
    """RFC 3339, or `YYYY-MM-DDTHH:MM` in the city's time; None for anything else."""
    try:
        if _LOCAL_TIME.fullmatch(typed):
            return datetime.fromisoformat(typed).replace(tzinfo=zone())
        if _RFC_3339.fullmatch(typed):
            return datetime.fromisoformat(typed.upper())
    except ValueError:
        return None
    return None


def read_contact(fields: Fields) -> Contact:
    """The contact fields, which need a consent of their own; faults join the others."""
    contact = Contact(
        name=fields.text("contact_name", NAME_MOST), phone=_phone(fields), email=_mail(fields)
    )
    left = contact.is_given or fields.faults.keys() & {"contact_phone", "contact_email"}
    if left and fields.form.get("consent_contact") not in GIVEN:
        words = _("留了联系方式，请勾选同意；想匿名，就把联系方式清空。")
        fields.fault("consent_contact", "required", words)
    return contact


def _phone(fields: Fields) -> str:
    typed = clean(fields.form.get("contact_phone", ""))
    phone = normalise_phone(typed) if typed else ""
    if phone is not None:
        return phone
    digits = sum(letter.isdigit() for letter in typed)
    if typed.lstrip("+ ").startswith("1") and digits != _MOBILE_DIGITS:
        words = _("电话应是11位，现在是%(have)s位", have=digits)
    else:
        words = _("电话没看懂。手机号是11位，座机请带区号，比如 0716-8123456")
    fields.fault("contact_phone", "invalid", words)
    return ""


def _mail(fields: Fields) -> str:
    typed = fields.text("contact_email", MAIL_MOST)
    if typed and not _MAIL.fullmatch(typed):
        fields.fault("contact_email", "invalid", _("邮箱没看懂，应像 name@example.com 这样"))
    return typed


def _photos_expected(fields: Fields) -> int:
    expected = fields.number("photos_expected") or 0
    if not 0 <= expected <= MOST_PHOTOS or expected != int(expected):
        words = _("照片是0到%(most)s张。", most=MOST_PHOTOS)
        fields.fault("photos_expected", "invalid", words)
        return 0
    return int(expected)


def _answers(fields: Fields, categories: Sequence[Category]) -> dict[str, Any]:
    """What was answered to the questions of the chosen categories; others are not kept."""
    answers: dict[str, Any] = {}
    for question in (q for category in categories for q in category.questions):
        name = f"answers[{question['code']}]"
        value = fields.text(name, ANSWER_MOST)
        known = {option["code"] for option in question["options"]}
        if value and question["kind"] == "choice" and value not in known:
            fields.fault(name, "unknown", _("请从列出的答案里选。"))
        elif value:
            answers[question["code"]] = value
        elif question.get("required"):
            fields.fault(name, "required", _("请回答这一问。"))
    return answers


def _consent(fields: Fields) -> None:
    given = fields.form.get("consent", "").strip()
    if not given:
        fields.fault("consent", "required", _("请勾选同意，我们才能用这些内容去查。"))
    elif given != CONSENT_VERSION:
        fields.fault("consent", "version", _("说明更新过了，请看一遍再勾选。"))
